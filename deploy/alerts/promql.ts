/** PromQL as Cloud Monitoring takes it: names of metrics, selectors and durations. */
import { metricPrefix, type MetricName } from '../../shared/telemetry/catalogue';

/** A label's matcher, e.g. `job=~"http|tcp"`. */
export type Matcher = string;

/**
 * @returns the PromQL name of one of Cloud Monitoring's metrics: the first `/` becomes a colon, every other special character an
 * underscore (Cloud Monitoring documentation, "Mapping Cloud Monitoring metrics to PromQL").
 */
export function promQlName(type: string): string {
  const [domain = '', ...path] = type.split('/');
  const plain = (text: string): string => text.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  return `${plain(domain)}:${plain(path.join('/'))}`;
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** @returns a matcher for one value. */
export function is(label: string, value: string): Matcher {
  return `${label}=${quoted(value)}`;
}

/** @returns a matcher for any of several values, or for none of them; names and numbers need no escape in a regular expression. */
export function among(label: string, values: readonly string[], not = false): Matcher {
  const [only, ...more] = values;
  if (only !== undefined && more.length === 0) return `${label}${not ? '!=' : '='}${quoted(only)}`;
  return `${label}${not ? '!~' : '=~'}${quoted(values.join('|'))}`;
}

/**
 * @returns a selector for one of our own metrics; the resource's type must always be named, because one metric may have several.
 */
export function select(metric: MetricName, environment: string, ...matchers: readonly Matcher[]): string {
  const all = [is('monitored_resource', 'generic_task'), is('namespace', environment), ...matchers];
  return `${promQlName(metricPrefix + metric)}{${all.join(',')}}`;
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
