/** What is known of single secrets: whether they keep their rules, and how old they are. */
import type { Node } from '../../shared/diagnose/graph';
import { groupBy } from '../../shared/group';
import { ask, type Asking } from '../../shared/latest/ask';
import { groupsFor, type AllLatest } from '../../shared/latest/look';
import { lastSaid, type SecretSaid } from '../../shared/latest/secret-facts';
import type { ReadSeries } from '../../shared/telemetry/reader';
import type { SecretState } from '../../shared/status/state';

/** What was written of single secrets. */
export interface SecretSeries {
  readonly valid: readonly ReadSeries[];
  readonly ages: readonly ReadSeries[];
}

const dayMs = 86_400_000;

/**
 * Two metrics of the targets of `secrets`, each by at most two questions.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readSecrets(asking: Asking): Promise<SecretSeries> {
  const targets = asking.config.targets.filter(({ kind }) => kind === 'secrets');
  if (targets.length === 0) return { valid: [], ages: [] };
  const groups = groupsFor(asking, targets);
  const [valid, ages] = await Promise.all([ask(asking, 'secrets/valid', groups), ask(asking, 'secrets/age', groups)]);
  return { valid, ages };
}

/**
 * @param node a target: of `secrets`, its own word counts; of any other, that of all who look after a secret, the worst first.
 * @param now milliseconds since 1970.
 * @returns each secret that it looks after, or needs.
 */
export function secretStates(node: Node, { valid, ages }: SecretSeries, latest: AllLatest, now: number): readonly SecretState[] {
  const isOwn = node.kind === 'secrets';
  // Of a target that was not heard of for too long nothing is known any more.
  const counts = ({ target }: SecretSaid): boolean => (isOwn ? target === node.name : true) && latest.get(target)?.stale === false;
  const bySecret = (series: readonly ReadSeries[]): ReadonlyMap<string, readonly SecretSaid[]> =>
    groupBy(lastSaid(series, latest).filter(counts), ({ secret }) => secret);
  const [validity, age] = [bySecret(valid), bySecret(ages)];
  return (isOwn ? node.checks : node.secrets).map((secret) => {
    const said = validity.get(secret) ?? [];
    const [first] = age.get(secret) ?? [];
    return {
      secret,
      valid: said.length === 0 ? null : said.every(({ point }) => point.value !== 0),
      ageDays: first === undefined ? null : first.point.value + (now - first.point.at) / dayMs,
    };
  });
}
