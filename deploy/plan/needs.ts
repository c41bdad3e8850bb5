/** What the targets of one function need around them: the VPC, sockets of Cloud SQL, secrets. */
import type { Config, Target } from '../../shared/config/config';
import type { Kind } from '../../shared/probe';
import { isMapping } from '../../shared/config/partly';
import { secretResource } from '../../shared/secrets/resource-name';

/** A kind with its targets, of which there is at least one. */
export interface Group {
  readonly kind: Kind;
  readonly targets: readonly Target[];
}

/** How a function comes into the VPC; undefined where it stays out of it. */
export type Way = 'connector' | 'direct' | undefined;

/**
 * What asks nobody but Google's APIs stays out of the VPC, so that it tells of a connector that is down; so does what can be reached
 * from outside. The service that a target is compared with lies behind what is public.
 */
function needsVpc({ kind, targets }: Group): boolean {
  if (kind.asksRest === true || kind.asksSecretManager === true) return false;
  return targets.some((target) => !target.public || 'compareWith' in target.spec);
}

/** @returns the way into the VPC of the function that has these targets. */
export function wayOf(group: Group, { network }: Config): Way {
  if (!needsVpc(group)) return undefined;
  if (network.connector !== undefined) return 'connector';
  return network.network === undefined ? undefined : 'direct';
}

/** @returns whether the targets need a VPC that the configuration does not name. */
export function lacksVpc(group: Group, config: Config): boolean {
  return needsVpc(group) && wayOf(group, config) === undefined;
}

/** @returns how long a new instance waits at most for its network; 0 where it does not. */
export function warmUpOf(group: Group, config: Config): number {
  return wayOf(group, config) === 'direct' ? (config.network.warmUpMs ?? 0) : 0;
}

/** Cloud Run mounts an instance's socket at /cloudsql/PROJECT:REGION:INSTANCE (Cloud SQL, "Connect from Cloud Run"). */
const cloudSqlSocket = /^\/cloudsql\/((?:[^/:]+:){2,3}[^/:]+)(?:\/|$)/;

/** @returns the Cloud SQL instances whose sockets the targets lead to, as far as that shows without secrets; ascending. */
export function cloudSqlInstancesOf({ kind, targets }: Group): readonly string[] {
  const paths = targets.flatMap(({ spec }) => kind.endpoints(spec as never)).flatMap((to) => ('path' in to ? [to.path] : []));
  return [...new Set(paths.flatMap((path) => cloudSqlSocket.exec(path)?.[1] ?? []))].toSorted();
}

/** @returns names of targets that may lead to a socket for all that the configuration shows: a secret says where. */
export function hiddenAddresses({ kind, targets }: Group): readonly string[] {
  if (kind.name !== 'postgres') return [];
  return targets.filter(({ spec }) => kind.endpoints(spec as never).length === 0).map(({ name }) => name);
}

/** One secret that a function uses. */
export interface UsedSecret {
  /** `projects/P/secrets/S`, or the regional `projects/P/locations/L/secrets/S`. */
  readonly resource: string;
  readonly version: string;
  /** Whether its value is read. */
  readonly value: boolean;
  /** Whether its metadata is read. */
  readonly metadata: boolean;
  /** Whether it is asked who may read it. */
  readonly policy: boolean;
}

/** The rules of a target of the kind `secrets`. */
function requiredBy({ spec }: Target, project: string): readonly UsedSecret[] {
  const rules = Array.isArray(spec['require']) ? (spec['require'] as readonly unknown[]) : [];
  return rules.filter(isMapping).map((rule) => ({
    resource: secretResource(String(rule['secret']), project),
    version: String(rule['version']),
    value: spec['access'] !== false,
    metadata: true,
    policy: Array.isArray(rule['readableBy']),
  }));
}

/** @returns the secrets that a target uses, each version once. */
export function secretsOf(target: Target, project: string): readonly UsedSecret[] {
  const named = target.secrets.map(({ secret, version }) => ({
    resource: secretResource(secret, project),
    version,
    value: true,
    metadata: false,
    policy: false,
  }));
  const required = target.kind === 'secrets' ? requiredBy(target, project) : [];
  const merged = new Map<string, UsedSecret>();
  for (const use of [...named, ...required]) {
    const key = `${use.resource}@${use.version}`;
    const other = merged.get(key);
    merged.set(key, {
      ...use,
      value: use.value || other?.value === true,
      metadata: use.metadata || other?.metadata === true,
      policy: use.policy || other?.policy === true,
    });
  }
  return [...merged.values()];
}
