/** What runs full: connections of a database, memory of a cache, the machines of the VPC connector. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { PlanContext } from '../plan/plan';
import { connectorLoad, connectorsOf } from '../monitoring/connector-load';
import { select, span } from '../monitoring/promql';
import { naming } from './schedule-class';
import { minuteMs } from './windows';

const sustainedMs = 10 * minuteMs;

interface Gauge {
  readonly kind: string;
  readonly metric: MetricName;
  /** The condition in `warn` that states another threshold. */
  readonly condition: string;
  readonly threshold: number;
}

/** What is told unless a target says otherwise. */
export const gauges: readonly Gauge[] = [
  { kind: 'postgres', metric: 'postgres/connection_utilization', condition: 'connectionUtilizationBelow', threshold: 0.8 },
  { kind: 'redis', metric: 'redis/memory_utilization', condition: 'memoryUtilizationBelow', threshold: 0.9 },
];

/** Ten minutes without a point below, or three points where they come less often. @returns nothing without such targets */
export function fullQuery({ config }: PlanContext, { kind, metric, condition, threshold }: Gauge): string | undefined {
  const all = config.targets.filter((target) => target.kind === kind);
  const key = ({ periodMs, warn }: Target): string => `${periodMs} ${Number(warn[condition] ?? threshold)}`;
  const terms = [...groupBy(all, key)].map(([name, targets]) => {
    const [periodMs = 0, limit = threshold] = name.split(' ').map(Number);
    const windowMs = Math.max(sustainedMs, 3 * periodMs);
    const points = `${select(metric, config.environment, ...naming(targets, all))}[${span(windowMs)}]`;
    const enough = Math.max(2, Math.floor(windowMs / periodMs / 2));
    return `(min_over_time(${points}) >= ${limit} and count_over_time(${points}) >= ${enough})`;
  });
  return terms.length === 0 ? undefined : terms.join(' or ');
}

/** A connector drops packets when its machines are busy, long before it fails. @returns nothing without a connector */
export function connectorQuery(context: PlanContext): string | undefined {
  const load = connectorLoad(connectorsOf(context), span(sustainedMs));
  return load === undefined ? undefined : `${load} > 0.7`;
}
