/** A diagnosis to points: pure, from the catalogue alone. */
import type { Target } from '../config/config';
import type { Cause } from '../diagnose/diagnosis';
import type { Place, Point } from './points';

/** The function that diagnoses, and the task of points without a target. */
const diagnose = 'diagnose';

/** @returns a point for each cause, stamped `at`: milliseconds since 1970. */
export function causePoints(causes: readonly Pick<Cause, 'cause' | 'owner'>[], { region, environment }: Place, at: number): Point[] {
  const task = { location: region, namespace: environment, job: diagnose, task_id: diagnose };
  return causes.map(({ cause, owner }) => ({ metric: 'cause/active', labels: { kind: diagnose, cause, owner }, task, value: 1, at }));
}

/**
 * @param blocked the causes by the name of the target.
 * @returns a point for each target that is blocked and each of its causes, beside its own: with its job and its task.
 */
export function blockedPoints(
  targets: readonly Target[],
  blocked: ReadonlyMap<string, readonly string[]>,
  { region, environment }: Place,
  at: number,
): Point[] {
  return targets.flatMap(({ kind, name, severity }): Point[] => {
    const task = { location: region, namespace: environment, job: kind, task_id: name };
    return (blocked.get(name) ?? []).map((cause) => ({
      metric: 'probe/blocked',
      labels: { kind, target: name, severity, cause },
      task,
      value: 1,
      at,
    }));
  });
}
