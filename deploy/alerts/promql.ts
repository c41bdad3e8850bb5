/** The pieces of PromQL that the queries of alert policies are made of. */
import type { MetricName } from '../../shared/telemetry/catalogue';
import { oneOf, quoted, series } from '../monitoring/promql';

/** A label's matcher, e.g. `job=~"http|tcp"`. */
export type Matcher = string;

/** @returns a matcher for one value. */
export function is(label: string, value: string): Matcher {
  return `${label}=${quoted(value)}`;
}

/** @returns a matcher for any of several values. */
export function among(label: string, values: readonly string[]): Matcher {
  return oneOf(label, values);
}

/** @returns a matcher for all but these values. */
export function except(label: string, values: readonly string[]): Matcher {
  const matcher = oneOf(label, values);
  const value = matcher.slice(matcher.indexOf('"'));
  return `${label}${values.length === 1 ? '!=' : '!~'}${value}`;
}

/** @returns a selector for one of our own metrics in one environment. */
export function select(metric: MetricName, environment: string, ...matchers: readonly Matcher[]): string {
  return series(metric, environment, ...matchers);
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
