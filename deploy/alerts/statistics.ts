/** What a target's runs of a quarter of an hour say together: it fails too often, or it answers too slowly. */
import type { PlanContext } from '../plan/plan';
import { blockedQuery } from './blocked';
import { downQuery, downWithin } from './down-state';
import { select, span } from '../monitoring/promql';
import type { TargetClass } from './schedule-class';
import { statisticsMs } from './windows';

/** Fewer points say nothing. */
const enough = 5;
/** One of so many first attempts may fail. */
const tolerated = 5;

/**
 * What was down in the window was told, and its failures are in the numbers; so is what a cause explains. What is down now is asked for
 * besides: the window is looked at in steps, and the page must not come with a warning until the next one.
 */
function unlessTold(context: PlanContext, target: TargetClass): string {
  const { environment, alerts } = context.config;
  const down = downWithin(environment, target, alerts.consecutive, statisticsMs(target.periodMs));
  const now = downQuery(environment, target, alerts.consecutive);
  return `unless on (job, task_id) (${down} or ${now}) unless on (job, task_id) ${blockedQuery(context)}`;
}

/** Counts first attempts, so that what every confirmation hides is told, too; in whole numbers, because a mean of 0.8 may come out below it. */
export function intermittentQuery(context: PlanContext, target: TargetClass): string {
  const first = `${select('probe/first_success', context.config.environment, ...target.matchers)}[${span(statisticsMs(target.periodMs))}]`;
  const tooMany = `${tolerated} * sum_over_time(${first}) < ${tolerated - 1} * count_over_time(${first})`;
  return `(${tooMany} and count_over_time(${first}) >= ${enough}) ${unlessTold(context, target)}`;
}

/** @param latencyMs the objective; the median is held against it, so that a single slow run says nothing. */
export function latencyQuery(context: PlanContext, target: TargetClass, latencyMs: number): string {
  const latency = `${select('probe/latency', context.config.environment, ...target.matchers)}[${span(statisticsMs(target.periodMs))}]`;
  return `(quantile_over_time(0.5, ${latency}) > ${latencyMs} and count_over_time(${latency}) >= ${enough}) ${unlessTold(context, target)}`;
}
