/** What a target's series say of it at one instant: down, and whose, or working. */
import { ranks } from './owners';
import { is, select, span } from '../monitoring/promql';
import type { TargetClass } from './schedule-class';
import { longestMs, minuteMs, secondMs, streakOf } from './windows';

/**
 * True at an instant (its value is 0) when no run succeeded in the window and as many as are asked for failed. Unknown runs write no
 * success, so they are neither.
 */
export function downQuery(environment: string, target: TargetClass, consecutive: number): string {
  const { runs, windowMs } = streakOf(target.periodMs, consecutive);
  const series = `${select('probe/success', environment, ...target.matchers)}[${span(windowMs)}]`;
  return `(max_over_time(${series}) == 0 and count_over_time(${series}) >= ${runs})`;
}

/**
 * Like `downQuery`, but the value is the rank of the owner: the highest of all that the failures in this window name, and 0 where none
 * is known. -1 when a run succeeded in the window; nothing when it can't be told. One value, so that there is one owner at a time.
 */
export function stateQuery(environment: string, target: TargetClass, consecutive: number): string {
  const window = span(streakOf(target.periodMs, consecutive).windowMs);
  const failures = (owner: string): string =>
    select('probe/problem', environment, ...target.roughly, is('outcome', 'failure'), is('owner', owner));
  const byTarget = (query: string): string => `max by (job, task_id) (${query}[${window}]))`;
  const owned = Object.entries(ranks)
    .toSorted(([, a], [, b]) => b - a)
    .map(([owner, rank]) => `${rank} * ${byTarget(`present_over_time(${failures(owner)}`)}`);
  const nobody = `0 * ${byTarget(`present_over_time(${select('probe/success', environment, ...target.roughly)}`)}`;
  const success = select('probe/success', environment, ...target.matchers);
  return [
    `${downQuery(environment, target, consecutive)} + on (job, task_id) group_left () (${[...owned, nobody].join(' or ')})`,
    `- (max_over_time(${success}[${window}]) == 1)`,
  ].join(' or ');
}

/** @returns one series for each target of the class that was down at some instant of the window. */
export function downWithin(environment: string, target: TargetClass, consecutive: number, windowMs: number): string {
  const fifth = Math.floor(target.periodMs / (5 * 10 * secondMs)) * 10 * secondMs;
  const stepMs = Math.min(10 * minuteMs, Math.max(10 * secondMs, fifth));
  const { windowMs: streakMs } = streakOf(target.periodMs, consecutive);
  const possibleMs = Math.max(stepMs, Math.min(windowMs, longestMs - streakMs));
  return `present_over_time(${downQuery(environment, target, consecutive)}[${span(possibleMs)}:${span(stepMs)}])`;
}
