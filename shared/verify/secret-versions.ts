/**
 * Which versions of secrets the targets were verified with, and which is the newest. A fix that was verified with another one says
 * nothing of what the next start of a service will read. `latest` is resolved afresh in each run of a function, by Secret Manager
 * itself, so the highest number that any of them got is the newest, as long as nobody rotates meanwhile; Secret Manager's own list,
 * asked after the last round, tells that. A version or alias that the configuration names is what somebody decided: it is only noted
 * where a newer one is known.
 */
import type { Config, Target } from '../config/config';
import { groupBy } from '../group';
import { secretResource } from '../secrets/resource-name';
import type { Result } from '../result';
import type { Tally } from './tally';

/** The newest enabled version by the full name of the secret, as far as it is known. */
export type NewestVersions = ReadonlyMap<string, string>;

/** A secret as a target asks for it, and the versions that it got, one a round in which it got any. */
interface Use {
  readonly target: string;
  /** As the configuration writes it. */
  readonly secret: string;
  readonly resource: string;
  /** False: the configuration names a version or an alias. */
  readonly isLatest: boolean;
  readonly versions: readonly string[];
}

/** What the versions say. */
export interface VersionFindings {
  /** Targets whose version of a secret was not the newest, a sentence each. */
  readonly outdated: readonly string[];
  /** Targets that are kept at an older version by the configuration, a sentence each. */
  readonly kept: readonly string[];
}

const latest = 'latest';

/** @returns the versions of secrets in a result's facts. */
export function versionsIn(result: Pick<Result, 'observed'> | undefined): Readonly<Record<string, string>> {
  const versions = result?.observed['secret.versions'];
  if (typeof versions !== 'object' || versions === null) return {};
  return Object.fromEntries(Object.entries(versions).map(([secret, version]) => [secret, String(version)]));
}

/** Of a target of `secrets` those that it looks after count, too: by the first rule on each, whose version is the one it tells. */
function askedBy({ kind, secrets, spec }: Target): ReadonlyMap<string, readonly string[]> {
  const rules = kind === 'secrets' && Array.isArray(spec['require']) ? (spec['require'] as { secret: string; version?: string }[]) : [];
  const first = new Map(rules.toReversed().map(({ secret, version = latest }) => [secret, [version]] as const));
  const used = groupBy(secrets, ({ secret }) => secret);
  const own = [...used].map(([secret, references]) => [secret, references.map(({ version }) => version)] as const);
  return new Map<string, readonly string[]>([...first, ...own]);
}

function usesOf(targets: readonly Target[], tallies: readonly Tally[], project: string): readonly Use[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  return tallies.flatMap(({ target, results, configured }) => {
    const own = configured ? byName.get(target) : undefined;
    if (!own) return [];
    return [...askedBy(own)].flatMap(([secret, asked]): Use[] => {
      const versions = results.flatMap((result) => {
        const found = versionsIn(result);
        return Object.hasOwn(found, secret) ? [found[secret] ?? ''] : [];
      });
      const isLatest = asked.every((version) => version === latest);
      return versions.length === 0 ? [] : [{ target, secret, resource: secretResource(secret, project), isLatest, versions }];
    });
  });
}

const isOlder = (version: string, newest: string): boolean => Number(version) < Number(newest);

/** @returns the full names of the secrets that are asked for. */
export function secretsOf(targets: readonly Target[], { project }: Pick<Config, 'project'>): readonly string[] {
  return [...new Set(targets.flatMap((target) => [...askedBy(target).keys()].map((secret) => secretResource(secret, project))))];
}

/** @param listed what Secret Manager lists; secrets that are missing in it are compared among the targets alone. */
export function compareVersions(
  { targets, project }: Pick<Config, 'targets' | 'project'>,
  tallies: readonly Tally[],
  listed: NewestVersions,
): VersionFindings {
  const uses = usesOf(targets, tallies, project);
  const newest = new Map(listed);
  for (const { resource, isLatest, versions } of uses) {
    if (!isLatest) continue;
    for (const version of versions) if (isOlder(newest.get(resource) ?? '0', version)) newest.set(resource, version);
  }
  const behind = uses.flatMap((use) => {
    const known = newest.get(use.resource);
    const version = use.versions.find((each) => known !== undefined && isOlder(each, known));
    return known === undefined || version === undefined ? [] : [{ ...use, version, known }];
  });
  return {
    outdated: behind
      .filter(({ isLatest }) => isLatest)
      .map(
        ({ target, secret, version, known }) =>
          `${target} was verified with version ${version} of secret ${secret}, the newest is ${known}`,
      ),
    kept: behind
      .filter(({ isLatest }) => !isLatest)
      .map(({ target, secret, version, known }) => `${target} is kept at version ${version} of secret ${secret}, the newest is ${known}`),
  };
}
