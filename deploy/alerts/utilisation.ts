/** What runs full: connections of a database, memory of a cache, the machines of the VPC connector. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { PlanContext } from '../plan/plan';
import { connectorLoad, connectorsOf } from '../monitoring/connector-load';
import { among, is, select, span } from '../monitoring/promql';
import { mostNames, periodClasses } from './schedule-class';
import { longestMs, minuteMs } from './windows';

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

/** A query names its targets twice. */
const longestQuery = 2 * mostNames;

/**
 * Ten minutes without a point below, or three points where they come less often, as far as a query may look back.
 * @returns as few queries as the names of the targets need; none without such targets
 */
export function fullQueries({ config }: PlanContext, { kind, metric, condition, threshold }: Gauge): readonly string[] {
  const limitOf = ({ warn }: Target): number => Number(warn[condition] ?? threshold);
  const terms = periodClasses(config.targets.filter((target) => target.kind === kind)).flatMap(({ periodMs, targets, matchers }) => {
    const windowMs = Math.min(longestMs, Math.max(sustainedMs, 3 * periodMs));
    const enough = Math.max(Math.min(2, Math.floor(windowMs / periodMs)), Math.floor(windowMs / periodMs / 2), 1);
    const groups = [...groupBy(targets, limitOf)];
    return groups.map(([limit, own]) => {
      const names = groups.length === 1 ? matchers : [is('job', kind), among('task_id', own.map(({ name }) => name).toSorted())];
      const points = `${select(metric, config.environment, ...names)}[${span(windowMs)}]`;
      return `(min_over_time(${points}) >= ${limit} and count_over_time(${points}) >= ${enough})`;
    });
  });
  const queries: string[] = [];
  for (const term of terms) {
    const last = queries.at(-1);
    if (last !== undefined && last.length + term.length <= longestQuery) queries[queries.length - 1] = `${last} or ${term}`;
    else queries.push(term);
  }
  return queries;
}

/** A connector drops packets when its machines are busy, long before it fails. @returns nothing without a connector */
export function connectorQuery(context: PlanContext): string | undefined {
  const load = connectorLoad(connectorsOf(context), span(sustainedMs));
  return load === undefined ? undefined : `${load} > 0.7`;
}
