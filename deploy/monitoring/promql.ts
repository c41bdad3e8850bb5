/** The pieces of PromQL that alert policies and dashboards are made of (PromQL for Cloud Monitoring, "Mapping metrics to PromQL"). */
import { type MetricName, metricPrefix } from '../../shared/telemetry/catalogue';
import { resourceType } from './descriptors';

/** @returns the PromQL name of a metric by its type: the first slash becomes a colon, every other sign that PromQL does not take an underscore. */
export function promqlNameOf(type: string): string {
  return type.replace('/', ':').replaceAll(/[^a-zA-Z0-9_:]/g, '_');
}

/** @returns the PromQL name of one of our metrics. */
export function promqlName(metric: MetricName): string {
  return promqlNameOf(`${metricPrefix}${metric}`);
}

type Labels = Readonly<Record<string, string>>;

/** A series as Cloud Monitoring keeps it. */
export interface MonitoringSeries {
  readonly metric: { readonly type: string; readonly labels: Labels };
  readonly resource: { readonly type: string; readonly labels: Labels };
}

/** @returns the labels of a series in PromQL; where metric and resource have one of the same name, that of the metric is `metric_<name>`. */
export function promqlLabels({ metric, resource }: MonitoringSeries): Labels {
  const own = Object.entries(metric.labels).map(([key, value]) => [key in resource.labels ? `metric_${key}` : key, value]);
  return { monitored_resource: resource.type, ...resource.labels, ...(Object.fromEntries(own) as Labels) };
}

/** @returns a series in PromQL, name and labels, as Prometheus' text format writes it, too. */
export function promqlSeries(series: MonitoringSeries): string {
  const labels = Object.entries(promqlLabels(series)).map(([key, value]) => is(key, value));
  return `${promqlNameOf(series.metric.type)}{${labels.join(',')}}`;
}

/** @returns a string literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A label's matcher, e.g. `job=~"http|tcp"`. */
export type Matcher = string;

/** @returns a matcher for one value. */
export function is(label: string, value: string): Matcher {
  return `${label}=${quoted(value)}`;
}

function anyOf(values: readonly string[]): string {
  return quoted(values.map((value) => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)).join('|'));
}

/** @returns a matcher for any of several values. */
export function among(label: string, values: readonly string[]): Matcher {
  return values.length === 1 ? is(label, values[0] ?? '') : `${label}=~${anyOf(values)}`;
}

/** @returns a matcher for all but these values. */
export function except(label: string, values: readonly string[]): Matcher {
  return values.length === 1 ? `${label}!=${quoted(values[0] ?? '')}` : `${label}!~${anyOf(values)}`;
}

/**
 * @param matchers further ones, e.g. `outcome="failure"`.
 * @returns the series of a metric in one environment. The type of the resource is named always: a name without it may mean several.
 */
export function select(metric: MetricName, environment: string, ...matchers: readonly Matcher[]): string {
  const all = [is('monitored_resource', resourceType), is('namespace', environment), ...matchers];
  return `${promqlName(metric)}{${all.join(',')}}`;
}

const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** @returns a whole number of seconds, rounded up, in the largest unit that divides it. */
export function span(ms: number): string {
  const whole = Math.ceil(ms / 1000) * 1000;
  const [unit, size] = units.find(([, divisor]) => whole % divisor === 0) ?? ['s', 1000];
  return `${whole / size}${unit}`;
}
