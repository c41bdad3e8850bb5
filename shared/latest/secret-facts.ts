/** What the points say of single secrets: which of them keep their rules, and how old they were then. */
import type { Observation } from '../diagnose/diagnosis';
import { groupBy } from '../group';
import type { ReadPoint, ReadSeries } from '../telemetry/reader';
import { ask, type Asking } from './ask';
import { groupsFor, type AllLatest } from './look';

/** By the name of a target of `secrets`. */
export type SecretFacts = ReadonlyMap<string, Pick<Observation, 'findings' | 'observed'>>;

/** What one target of `secrets` last said of one secret. */
export interface SecretSaid {
  readonly target: string;
  readonly secret: string;
  readonly point: ReadPoint;
}

/** @returns each secret with what the target's newest run said of it; the series may have been read later, and know more. */
export function lastSaid(series: readonly ReadSeries[], latest: AllLatest): readonly SecretSaid[] {
  return series.flatMap((each) => {
    const { target, secret } = each.labels;
    if (target === undefined || secret === undefined) return [];
    // One that is older alone is of a secret that is not looked after any more, or could not be told.
    const point = each.points.find(({ at }) => at === latest.get(target)?.at);
    return point ? [{ target, secret, point }] : [];
  });
}

/**
 * Two more questions, about the targets of `secrets` alone, and only where an answer can matter.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function secretFacts(asking: Asking, latest: AllLatest): Promise<SecretFacts> {
  const targets = asking.config.targets.filter(({ kind }) => kind === 'secrets');
  const isBroken = targets.some(({ name }) => latest.get(name)?.outcome === 'failure');
  const isRefused = [...latest.values()].some(({ outcome, reason }) => outcome === 'failure' && reason === 'credentials_rejected');
  if (targets.length === 0 || !(isBroken || isRefused)) return new Map();
  const groups = groupsFor(asking, targets);
  const [valid, ages] = await Promise.all([
    isBroken ? ask(asking, 'secrets/valid', groups) : [],
    isRefused ? ask(asking, 'secrets/age', groups) : [],
  ]);
  const said = groupBy(lastSaid(valid, latest), ({ target }) => target);
  const aged = groupBy(lastSaid(ages, latest), ({ target }) => target);
  return new Map(
    targets.map(({ name }) => [
      name,
      {
        // Which rule a secret breaks stands in no point: the reason is told of the target alone.
        findings: (said.get(name) ?? []).map(({ secret, point }) => ({
          subject: secret,
          outcome: point.value === 0 ? ('failure' as const) : ('success' as const),
          reason: null,
          message: '',
          durationMs: null,
        })),
        observed: {
          'secret.ageDays': Object.fromEntries((aged.get(name) ?? []).map(({ secret, point }) => [secret, point.value])),
        },
      },
    ]),
  );
}
