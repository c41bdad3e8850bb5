/** Replays points through policies and tells when each of them fires and closes. */
import type { AlertPolicy } from '../../monitoring/documents';
import { seriesOf, type Dot } from './history';
import { subjectOf } from '../rules';
import { ask } from './promtool';

/** One thing that somebody was told. */
export interface Incident {
  readonly policy: string;
  readonly condition: string;
  /** What it is about: the resource, the cause, the secret; empty where it is about everything. */
  readonly subject: string;
  /** The first and the last evaluation at which it was firing, in milliseconds since the beginning. */
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;

/**
 * @param lengthMs how long to look
 * @returns what fires, by its beginning. Conditions are evaluated every half minute and looked at every minute.
 * @throws PromtoolMissing
 */
export async function replay(
  policies: readonly AlertPolicy[],
  environment: string,
  dots: readonly Dot[],
  lengthMs: number,
): Promise<readonly Incident[]> {
  const times = Array.from({ length: Math.floor(lengthMs / minuteMs) + 1 }, (_, index) => index * minuteMs);
  const questions = times.map((at) => ({ at, query: 'ALERTS{alertstate="firing"}' }));
  const answers = await ask([{ series: seriesOf(environment, dots), questions }], policies);
  const open = new Map<string, Incident>();
  const closed: Incident[] = [];
  for (const { at, labels } of answers.toSorted((a, b) => a.at - b.at)) {
    const [policy = '', condition = ''] = (labels['alertname'] ?? '').split('/');
    const subject = subjectOf(labels);
    const key = `${policy}/${condition}/${subject}`;
    const before = open.get(key);
    if (before && before.to >= at - minuteMs) open.set(key, { ...before, to: at });
    else {
      if (before) closed.push(before);
      open.set(key, { policy, condition, subject, from: at, to: at });
    }
  }
  return [...closed, ...open.values()].toSorted((a, b) => a.from - b.from || (a.policy < b.policy ? -1 : 1));
}
