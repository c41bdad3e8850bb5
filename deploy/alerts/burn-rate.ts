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

/** The windows that are really asked for in one class of schedules, and how many points the long one must hold. */
export interface BurnWindows {
  readonly longMs: number;
  readonly shortMs: number;
  readonly least: number;
}

const limitOf = (goal: number, rate: number): number => Number((rate * (1 - goal)).toFixed(6));

/** One failure of all targets at once must not be above the limit: so many points that two are needed. */
const pointsFor = (limit: number): number => Math.ceil(2 / limit);

/** Failures as rare as the limit must stay in the short window until the next one, or one burn is told again and again; up to so many. */
const steadyPoints = 12;
const steadyFor = (limit: number): number => Math.min(steadyPoints, Math.ceil(1 / limit));

/** @returns how far back runs of this period are looked at. */
export function burnWindows(periodMs: number, goal: number, { rate, longMs, shortMs }: Tier): BurnWindows {
  const limit = limitOf(goal, rate);
  const wideMs = widened(longMs, periodMs, pointsFor(limit));
  const least = Math.max(1, Math.min(pointsFor(limit), Math.floor((0.9 * wideMs) / periodMs)));
  return { longMs: wideMs, shortMs: widened(shortMs, periodMs, steadyFor(limit)), least };
}

/** @returns the windows of all critical targets' schedules, each once, in words. */
export function burnWindowsText({ config }: PlanContext, goal: number, tier: Tier): string {
  const classes = budgetClasses(config.targets.filter(({ severity }) => severity === 'critical'));
  const words = classes.map(({ periodMs }) => {
    const { longMs, shortMs } = burnWindows(periodMs, goal, tier);
    return `over ${span(longMs)} and over ${span(shortMs)}`;
  });
  return [...new Set(words)].join(', or ');
}

/**
 * @returns the tiers that can fire: a rate can't be above that at which everything fails. Where schedules are so slow that two of the same
 * severity look at the same windows, the lower rate says all that the higher one would.
 */
export function tiersFor(context: PlanContext, goal: number): readonly Tier[] {
  const possible = tiers.filter(({ rate }) => rate * (1 - goal) < 1);
  const same = (one: Tier, other: Tier): boolean =>
    one.severity === other.severity && burnWindowsText(context, goal, one) === burnWindowsText(context, goal, other);
  return possible.filter((tier, index) => !possible.slice(index + 1).some((lower) => same(tier, lower)));
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
 * out for as long as it is in the short window; half an hour at most where that only warns. What remains is what fails now and then, everywhere.
 */
export function burnRateQuery(context: PlanContext, goal: number, tier: Tier): string {
  const { environment, targets, alerts } = context.config;
  const classes = budgetClasses(targets.filter(({ severity }) => severity === 'critical'));
  const limit = limitOf(goal, tier.rate);
  // A page must not follow an outage that is over: what was told is left out for the whole short window.
  const toldPoints = tier.severity === 'critical' ? steadyFor(limit) : 2;
  const told = (target: ScheduleClass): string => {
    const sinceMs = Math.min(longestMs, widened(Math.min(tier.shortMs, forgivenMs), target.periodMs, toldPoints) + memoryMs);
    const down = downWithin(environment, target, alerts.consecutive, sinceMs);
    return `unless on (job, task_id) (${down} or ${blockedQuery(context)})`;
  };
  const failing = (act: (series: string, enough: number) => string, window: 'longMs' | 'shortMs'): string =>
    classes
      .map((target) => {
        const windows = burnWindows(target.periodMs, goal, tier);
        const series = `${select('probe/first_success', environment, ...target.matchers)}[${span(windows[window])}]`;
        return `(${act(series, window === 'longMs' ? windows.least : Math.min(2, windows.least))} ${told(target)})`;
      })
      .join(' or ');
  const average = (series: string, enough: number): string => `(avg_over_time(${series}) and count_over_time(${series}) >= ${enough})`;
  const failures = failing((series) => `(count_over_time(${series}) - sum_over_time(${series}))`, 'longMs');
  return [
    `(1 - avg(${failing(average, 'longMs')})) > ${limit}`,
    `(1 - avg(${failing(average, 'shortMs')})) > ${limit}`,
    `sum(${failures}) >= ${fewest}`,
  ].join(' and ');
}
