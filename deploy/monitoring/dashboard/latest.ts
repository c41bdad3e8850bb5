/** Queries for what is so now: each target's latest points, however seldom it runs. */
import type { MetricName } from '../../../shared/telemetry/catalogue';
import type { PlanContext } from '../../plan/plan';
import { among, select } from '../promql';

/** Points become readable up to this much later than their stamp (Cloud Monitoring, "Latency of metric data"). */
const ingestionSeconds = 240;
/** A target is done at the latest at this share of its period: attempts, intervals and all. */
const latestEnd = 0.8;

/** @returns seconds in which surely a point of a target with this period is readable. */
export function windowOf(periodMs: number): number {
  return Math.ceil(((1 + latestEnd) * periodMs) / 1000) + ingestionSeconds;
}

/** Kinds, by the seconds in which surely a point of each of their targets is readable; the longest period of a kind's targets counts. */
function windows({ config }: PlanContext): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const kind of new Set(config.targets.map((target) => target.kind))) {
    const longest = Math.max(...config.targets.filter((target) => target.kind === kind).map(({ periodMs }) => periodMs));
    const window = windowOf(longest);
    found.set(window, [...(found.get(window) ?? []), kind]);
  }
  return found;
}

/**
 * @param over the function that makes one value of a window's points.
 * @returns the latest points of a metric; kinds that run seldom are looked at over a longer window than those that run often, so that
 * nothing is shown as broken much longer than it is.
 */
export function latest(context: PlanContext, metric: MetricName, matchers: readonly string[] = [], over = 'last_over_time'): string {
  return [...windows(context)]
    .toSorted(([a], [b]) => a - b)
    .map(([seconds, kinds]) => `${over}(${select(metric, context.config.environment, among('job', kinds), ...matchers)}[${seconds}s])`)
    .join(' or ');
}

/** @returns the targets whose latest verdict is this one: 1 works, 0 fails; by kind, target and severity. */
export function whose(context: PlanContext, verdict: 0 | 1, matchers: readonly string[] = []): string {
  return `(min by (kind,target,severity) (${latest(context, 'probe/success', matchers)}) == ${verdict})`;
}

/** @returns 0 in the place of nothing. */
export function orZero(query: string): string {
  return `${query} or vector(0)`;
}
