/** A target of which three runs in a row could not tell how it is. */
import type { PlanContext } from '../plan/plan';
import { blockedQuery } from './blocked';
import { is, select, span } from '../monitoring/promql';
import type { ScheduleClass } from './schedule-class';
import { freshMs, longestMs, memoryMs, minuteMs, secondMs, streakOf } from './windows';

const runsInARow = 3;
/** What an incident is told apart by; the reason may differ from run to run. */
const identity = 'project_id, location, namespace, job, task_id, kind, target, severity';

/**
 * Like failures in a row (down-state.ts): three unknown runs in the window and no other. While they go on, it stays, though a window may
 * hold only two for a while when runs come at uneven distances.
 */
export function unknownQuery(context: PlanContext, target: ScheduleClass): string {
  const { environment } = context.config;
  const { runs, windowMs, stepMs } = streakOf(target.periodMs, runsInARow);
  const unknown = select('probe/problem', environment, ...target.matchers, is('outcome', 'unknown'));
  const known = select('probe/success', environment, ...target.matchers);
  const counted = `sum by (${identity}) (count_over_time(${unknown}[${span(windowMs)}])) >= ${runs}`;
  const told = `max by (${identity}) (present_over_time(${known}[${span(windowMs)}]))`;
  const state = `((${counted} unless on (job, task_id) ${told}) or - ${told})`;
  const coarse = Math.max(30 * secondMs, Math.floor(target.periodMs / (2 * minuteMs)) * minuteMs);
  const recent = `max_over_time(${state}[${span(memoryMs)}:${span(stepMs)}]) > 0`;
  const sinceMs = Math.max(memoryMs, Math.min(longestMs - windowMs, freshMs(target.periodMs) + windowMs));
  const since = `last_over_time(${state}[${span(sinceMs)}:${span(coarse)}]) > 0`;
  const still = `max by (job, task_id) (present_over_time(${unknown}[${span(freshMs(target.periodMs))}]))`;
  return `(${recent} or (${since} and on (job, task_id) ${still})) unless on (job, task_id) ${blockedQuery(context)}`;
}
