/** The pieces of PromQL that alert policies and dashboards are made of (PromQL for Cloud Monitoring, "Mapping metrics to PromQL"). */
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
