/** What runs full: connections of a database, memory of a cache, the machines of the VPC connector. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { PlanContext } from '../plan/plan';
import { among, is, select, span } from './promql';
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

/** @returns the connectors that the functions use or that a target checks, by their bare names. */
export function connectorsOf({ config }: PlanContext): readonly string[] {
  const checked = config.targets.flatMap(({ spec }) => {
    const { name } = (spec['vpcConnector'] ?? {}) as { readonly name?: unknown };
    return typeof name === 'string' ? [name] : [];
  });
  const all = [...(config.network.connector === undefined ? [] : [config.network.connector]), ...checked];
  return [...new Set(all.map((name) => name.slice(name.lastIndexOf('/') + 1)))].toSorted();
}

/**
 * The mean over the connector's machines: a connector drops packets when its machines are busy, before it fails. The metric is a
 * distribution of shares from 0 to 1 (Google Cloud metrics, `vpcaccess.googleapis.com/connector/cpu/utilizations`), of which PromQL sees
 * the sum and the count.
 */
export function connectorQuery(context: PlanContext): string | undefined {
  const connectors = connectorsOf(context);
  if (connectors.length === 0) return undefined;
  const matchers = [is('monitored_resource', 'vpc_access_connector'), among('connector_name', connectors)].join(',');
  const rate = (part: string): string =>
    `sum by (project_id, location, connector_name) (rate(vpcaccess_googleapis_com:connector_cpu_utilizations_${part}{${matchers}}[${span(sustainedMs)}]))`;
  return `${rate('sum')} / ${rate('count')} > 0.7`;
}
