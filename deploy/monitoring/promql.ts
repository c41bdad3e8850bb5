/** PromQL names and selectors of our metrics, as Cloud Monitoring maps them (PromQL for Cloud Monitoring, "Mapping metrics to PromQL"). */
import type { MetricName } from '../../shared/telemetry/catalogue';
import { resourceType } from './descriptors';

/** @returns the PromQL name of a metric: the first slash becomes a colon, every other sign that PromQL does not take an underscore. */
export function promqlName(metric: MetricName): string {
  return `custom_googleapis_com:synthetic_${metric.replaceAll('/', '_')}`;
}

/** @returns a string literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** @returns a matcher of one of several values. */
export function oneOf(label: string, values: readonly string[]): string {
  const escape = (value: string): string => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  return values.length === 1 ? `${label}=${quoted(values[0] ?? '')}` : `${label}=~${quoted(values.map(escape).join('|'))}`;
}

/**
 * @param matchers further ones, e.g. `outcome="failure"`.
 * @returns the series of a metric in one environment. The type of the resource is named always: a name without it may mean several.
 */
export function series(metric: MetricName, environment: string, ...matchers: readonly string[]): string {
  const all = [`monitored_resource=${quoted(resourceType)}`, `namespace=${quoted(environment)}`, ...matchers];
  return `${promqlName(metric)}{${all.join(',')}}`;
}
