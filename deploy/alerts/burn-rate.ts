/** The error budget of all critical targets together is used up too fast. */
import type { Severity } from '../../shared/result';
import type { PlanContext } from '../plan/plan';
import { blockedQuery } from './blocked';
import { downWithin } from './down-state';
import { select, span } from './promql';
import { scheduleClasses, type ScheduleClass } from './schedule-class';
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

/** A window holds at least two points of a slow schedule in the short form, and four in the long one, up to a day. */
const widened = (windowMs: number, periodMs: number, points: number): number =>
  Math.min(24 * hourMs, Math.max(windowMs, points * periodMs));

/**
 * Every target counts the same, however often it is run. What is down was told for itself, and so was what a cause explains: it is left
 * out until nothing of it is in the short window any more. What remains is what fails now and then, everywhere.
 */
export function burnRateQuery(context: PlanContext, goal: number, { rate, longMs, shortMs }: Tier): string {
  const { environment, targets, alerts } = context.config;
  const classes = scheduleClasses(targets.filter(({ severity }) => severity === 'critical'));
  const told = (target: ScheduleClass): string => {
    const down = downWithin(
      environment,
      target,
      alerts.consecutive,
      Math.min(24 * hourMs, widened(shortMs, target.periodMs, 2) + memoryMs),
    );
    return `unless on (job, task_id) (${down} or ${blockedQuery(context)})`;
  };
  const over = (windowMs: number, points: number, act: (series: string) => string): string =>
    classes
      .map((target) => {
        const window = span(widened(windowMs, target.periodMs, points));
        return `(${act(`${select('probe/first_success', environment, ...target.matchers)}[${window}]`)} ${told(target)})`;
      })
      .join(' or ');
  const average = (series: string): string => `avg_over_time(${series})`;
  const limit = Number((rate * (1 - goal)).toFixed(6));
  const failures = over(longMs, 4, (series) => `(count_over_time(${series}) - sum_over_time(${series}))`);
  return [
    `(1 - avg(${over(longMs, 4, average)})) > ${limit}`,
    `(1 - avg(${over(shortMs, 2, average)})) > ${limit}`,
    `sum(${failures}) >= ${fewest}`,
  ].join(' and ');
}
