/** The error budget of all critical targets together is used up too fast. */
import type { Target } from '../../shared/config/config';
import type { Severity } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import { blockedQuery } from './blocked';
import { downWithin } from './down-state';
import { among, is, select, span } from '../monitoring/promql';
import { mostNames, scheduleClasses, type ScheduleClass } from './schedule-class';
import { hourMs, memoryMs, minuteMs } from './windows';

/** So much faster than allowed, over both windows (Google, "The Site Reliability Workbook", alerting on SLOs). */
export interface Tier {
  readonly rate: number;
  readonly longMs: number;
  readonly shortMs: number;
  readonly severity: Severity;
}

const tiers: readonly Tier[] = [
  { rate: 14.4, longMs: hourMs, shortMs: 5 * minuteMs, severity: 'critical' },
  { rate: 6, longMs: 6 * hourMs, shortMs: 30 * minuteMs, severity: 'critical' },
  { rate: 3, longMs: 24 * hourMs, shortMs: 2 * hourMs, severity: 'warning' },
];

/** Fewer failures are no trend: with few points, a single one would be far above every rate. */
const fewest = 3;

/** @returns the tiers that can fire: a rate can't be above that at which everything fails. */
export function tiersFor(goal: number): readonly Tier[] {
  return tiers.filter(({ rate }) => rate * (1 - goal) < 1);
}

const longestMs = 24 * hourMs;

/** A window for at least so many points of a slow schedule, up to a day. */
const widened = (windowMs: number, periodMs: number, points: number): number =>
  Math.min(longestMs, Math.max(windowMs, Math.ceil(points * periodMs)));

/**
 * All in one query: where that would need very many names, all targets are asked for as if they were run as seldom as the slowest. Then a
 * short outage of a faster one may count, too.
 */
function budgetClasses(targets: readonly Target[]): readonly ScheduleClass[] {
  const classes = scheduleClasses(targets);
  const [first, ...others] = classes;
  if (!first || classes.reduce((sum, { matchers }) => sum + matchers.join('').length, 0) <= mostNames) return classes;
  const kinds = [...new Set(targets.map(({ kind }) => kind))].toSorted();
  const matchers = [is('severity', first.severity), among('job', kinds)];
  const periodMs = Math.max(first.periodMs, ...others.map((other) => other.periodMs));
  return [{ ...first, periodMs, label: span(periodMs), kinds, matchers, roughly: matchers, targets }];
}

/** What was down half an hour ago may count again: what an outage took from the budget is worth a warning in the end. */
const forgivenMs = 30 * minuteMs;

/**
 * Every target counts the same, however often it is run. What is down was told for itself, and so was what a cause explains: it is left
 * out for as long as it is in the short window, half an hour at most. What remains is what fails now and then, everywhere.
 */
export function burnRateQuery(context: PlanContext, goal: number, { rate, longMs, shortMs }: Tier): string {
  const { environment, targets, alerts } = context.config;
  const classes = budgetClasses(targets.filter(({ severity }) => severity === 'critical'));
  const told = (target: ScheduleClass): string => {
    const sinceMs = Math.min(longestMs, widened(Math.min(shortMs, forgivenMs), target.periodMs, 2) + memoryMs);
    const down = downWithin(environment, target, alerts.consecutive, sinceMs);
    return `unless on (job, task_id) (${down} or ${blockedQuery(context)})`;
  };
  const limit = Number((rate * (1 - goal)).toFixed(6));
  // One failure of all targets at once must not be above the limit: so many points that two are needed.
  const points = Math.ceil(2 / limit);
  const failing = (act: (series: string, enough: number) => string, windowMs: number, least: number): string =>
    classes
      .map((target) => {
        const wideMs = widened(windowMs, target.periodMs, least);
        const series = `${select('probe/first_success', environment, ...target.matchers)}[${span(wideMs)}]`;
        return `(${act(series, Math.min(least, Math.floor((0.9 * wideMs) / target.periodMs)))} ${told(target)})`;
      })
      .join(' or ');
  const average = (series: string, enough: number): string =>
    `(avg_over_time(${series}) and count_over_time(${series}) >= ${Math.max(1, enough)})`;
  const failures = failing((series) => `(count_over_time(${series}) - sum_over_time(${series}))`, longMs, points);
  return [
    `(1 - avg(${failing(average, longMs, points)})) > ${limit}`,
    `(1 - avg(${failing(average, shortMs, 2)})) > ${limit}`,
    `sum(${failures}) >= ${fewest}`,
  ].join(' and ');
}
