/** How busy the machines of a VPC connector are, by Google's own metrics. */
import type { PlanContext } from '../plan/plan';
import { among, is } from './promql';

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
 * Cloud Monitoring knows the load under two names: a gauge (`vpcaccess.googleapis.com/connector/cpu_utilization`) and a distribution over
 * the machines (`…/connector/cpu/utilizations`), of which PromQL sees the sum and the count. Whichever is written counts; both are shares
 * from 0 to 1.
 * @param window e.g. `10m`
 * @returns one series a connector; nothing without connectors
 */
export function connectorLoad(connectors: readonly string[], window: string): string | undefined {
  if (connectors.length === 0) return undefined;
  const matchers = [is('monitored_resource', 'vpc_access_connector'), among('connector_name', connectors)].join(',');
  const by = 'by (project_id, location, connector_name)';
  const series = (name: string): string => `vpcaccess_googleapis_com:connector_${name}{${matchers}}[${window}]`;
  const rate = (part: string): string => `sum ${by} (rate(${series(`cpu_utilizations_${part}`)}))`;
  return `(max ${by} (avg_over_time(${series('cpu_utilization')})) or ${rate('sum')} / ${rate('count')})`;
}
