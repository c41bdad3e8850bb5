/** The variables of a journey: what every user has, and what the steps capture on the way. */
import { variablesOf as ofTcp } from '../../shared/tcp/steps';
import { variablesOf as ofWebsocket } from '../../shared/websocket/fields';
import type { Step } from './steps';

/** The variables that are given: no step captures them. */
export const reserved: ReadonlySet<string> = new Set(['user', 'marker']);

function capturedBy({ capture = {}, websocket, tcp }: Step): readonly string[] {
  return [...Object.keys(capture), ...ofWebsocket(websocket?.steps ?? []), ...ofTcp(tcp?.steps ?? [])];
}

/** @returns what the steps before a step capture. */
export function capturedBefore(steps: readonly Step[], index: number): readonly string[] {
  return steps.slice(0, index).flatMap(capturedBy);
}

/** @returns the variables that are known at a path of the target. */
export function variablesAt(steps: readonly Step[], [area, index, action, part, inner]: readonly (string | number)[]): readonly string[] {
  if (area !== 'steps' || typeof index !== 'number') return [];
  const { websocket, tcp } = steps[index] ?? {};
  const count = part === 'steps' && typeof inner === 'number' ? inner : 0;
  return [
    ...reserved,
    ...capturedBefore(steps, index),
    ...(action === 'websocket' ? ofWebsocket(websocket?.steps.slice(0, count) ?? []) : []),
    ...(action === 'tcp' ? ofTcp(tcp?.steps.slice(0, count) ?? []) : []),
  ];
}

/** @returns every number that `${user}` may be. */
export function userNumbers(users: number): readonly string[] {
  return Array.from({ length: users }, (_, index) => String(index + 1));
}
