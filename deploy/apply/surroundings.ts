/** What every stage knows: the plan, the names, the APIs, and how far this deployment goes. */
import type { FunctionPlan, Plan } from '../plan/plan';
import type { Names } from '../plan/names';
import type { Google } from './google';

export interface Surroundings {
  readonly plan: Plan;
  readonly names: Names;
  readonly google: Google;
  /** The project's folder. */
  readonly root: string;
  /** The kinds that `--only` names; absent: all. */
  readonly only?: readonly string[];
  /** Where sources are put together; absent in a dry run, which writes nothing. */
  readonly sourcesFolder?: string;
}

/** @returns the planned functions that this deployment is about. */
export function functionsOf({ plan, only }: Surroundings): readonly FunctionPlan[] {
  return plan.functions.filter(({ kind }) => !only || only.includes(kind));
}

/** Something stands where we would put ours. */
export class ForeignError extends Error {
  override readonly name = 'ForeignError';
}

/** @returns the words that every gcloud command ends with: the project, and no questions asked. */
export function common({ plan }: Surroundings): readonly string[] {
  return [`--project=${plan.project}`, '--quiet'];
}

/** Runs a task an item, some at a time. @returns the results in the order of the items */
export async function eachOf<T, R>(items: readonly T[], task: (item: T) => Promise<R>, atOnce = 8): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
