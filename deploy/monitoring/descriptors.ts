/** The descriptors of our metrics, from the catalogue: made before anything that names a metric, so that nothing is refused for a metric unknown. */
import { labels, metricPrefix, metrics, type Metric } from '../../shared/telemetry/catalogue';
import type { MetricDescriptor } from './documents';

/** The monitored resource that every point is written against. */
export const resourceType = 'generic_task';

/**
 * @returns one descriptor a metric, in the catalogue's order. Creating one that is there replaces its texts; its kind, its type and
 * labels once written stay as they are (`projects.metricDescriptors.create`).
 */
export function metricDescriptors(): readonly MetricDescriptor[] {
  return Object.entries<Metric>(metrics).map(([name, metric]) => ({
    type: `${metricPrefix}${name}`,
    metricKind: 'GAUGE',
    valueType: metric.valueType,
    unit: metric.unit,
    displayName: metric.displayName,
    description: metric.description,
    labels: metric.labels.map((key) => ({ key, valueType: 'STRING', description: labels[key] })),
  }));
}
