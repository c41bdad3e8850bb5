/** A target that fails several scheduled runs in a row. */
import type { PlanContext } from '../plan/plan';
import { blockedQuery, diagnosePeriodMs } from './blocked';
import { stateQuery } from './down-state';
import { failureOwners, ownedBy, type FailureOwner } from './owners';
import { is, among, select, span } from '../monitoring/promql';
import { reasonsOf } from './possible-reasons';
import type { ScheduleClass } from './schedule-class';
import { freshMs, memoryMs, minuteMs, rememberedMs, secondMs, streakOf } from './windows';

/**
 * How long the query waits for `diagnose` to name a cause before it pages, at most a period; it costs nothing where points are late
 * anyway, because it is the past that is looked at.
 */
function graceMs(context: PlanContext, periodMs: number): number {
  const period = diagnosePeriodMs(context);
  return period === undefined ? 0 : Math.min(period, periodMs, 2 * minuteMs);
}

const offsetBy = (ms: number): string => (ms === 0 ? '' : ` offset ${span(ms)}`);

/**
 * Down at some instant of the last five minutes: points come up to four minutes late, and by then the next run may have succeeded.
 * The value is the owner's rank.
 */
export function recentlyDown(context: PlanContext, target: ScheduleClass): string {
  const { environment, alerts } = context.config;
  const grace = graceMs(context, target.periodMs);
  const { stepMs } = streakOf(target.periodMs, alerts.consecutive);
  const state = stateQuery(environment, target, alerts.consecutive);
  return `max_over_time((${state})[${span(memoryMs - grace)}:${span(stepMs)}]${offsetBy(grace)}) >= 0`;
}

/**
 * Was down when last it could be told, and nothing was heard since that says otherwise. What is no longer run at all (no point though its
 * function is alive) is not held. Half a period is fine enough: nothing succeeded after the failures, so their instants last longer.
 */
function held(context: PlanContext, target: ScheduleClass): string {
  const { environment, alerts } = context.config;
  const stepMs = Math.max(30 * secondMs, Math.floor(target.periodMs / (2 * minuteMs)) * minuteMs);
  const state = stateQuery(environment, target, alerts.consecutive);
  const fresh = span(freshMs(target.periodMs));
  const remembered = span(rememberedMs(target.periodMs, streakOf(target.periodMs, alerts.consecutive)));
  const success = select('probe/success', environment, ...target.roughly);
  const unknown = select('probe/problem', environment, ...target.roughly, is('outcome', 'unknown'));
  const seen = [success, unknown].map((series) => `present_over_time(${series}[${fresh}])`).join(' or ');
  const heartbeat = select('prober/healthy', environment, among('job', target.kinds), is('trigger', 'schedule'));
  const alive = `count by (job) (present_over_time(${heartbeat}[${fresh}]))`;
  const last = `last_over_time(${success}[${remembered}])`;
  const removed = `${last} and on (job) ${alive} unless on (job, task_id) (${seen})`;
  const offset = offsetBy(graceMs(context, target.periodMs));
  return `(last_over_time((${state})[${remembered}:${span(stepMs)}]${offset}) >= 0 unless on (job, task_id) (${last} == 1 or (${removed})))`;
}

/** A secret that breaks its rules is told by name; its target is not told again. */
function toldBySecret(context: PlanContext, target: ScheduleClass): string {
  if (!target.kinds.includes('secrets')) return '';
  const { environment, alerts } = context.config;
  const valid = select('secrets/valid', environment, is('severity', target.severity));
  const failures = span(streakOf(target.periodMs, alerts.consecutive).windowMs + memoryMs);
  const remembered = span(rememberedMs(target.periodMs, streakOf(target.periodMs, alerts.consecutive)));
  const told = `min_over_time(${valid}[${failures}]) == 0 or last_over_time(${valid}[${remembered}]) == 0`;
  return ` unless on (job, task_id) (${told})`;
}

/** @returns who may own a failure of these targets, by rank. */
export function possibleOwners(context: PlanContext, { kinds }: ScheduleClass): readonly FailureOwner[] {
  return failureOwners.filter((owner) => reasonsOf(context, owner, kinds).length > 0);
}

/** @returns one series for each target of the class that is down, whose failure is this owner's, and that no cause explains. */
export function targetDownQuery(context: PlanContext, target: ScheduleClass, owner: FailureOwner): string {
  const possible = possibleOwners(context, target);
  const down = ownedBy(`${recentlyDown(context, target)} or ${held(context, target)}`, owner, possible);
  return `${down} unless on (job, task_id) ${blockedQuery(context)}${toldBySecret(context, target)}`;
}
