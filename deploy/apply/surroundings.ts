/** What every stage knows: the plan, the names, the APIs, and how far this deployment goes. */
import type { FunctionPlan, Plan } from '../plan/plan';
import type { Names } from '../plan/names';
import { objectOf, type Google } from './google';

export interface Surroundings {
  readonly plan: Plan;
  readonly names: Names;
  readonly google: Google;
  /** The project's folder. */
  readonly root: string;
  /** There is nobody to ask: what is planned is taken to be possible, and nothing to be there. */
  readonly offline?: boolean;
  /** The kinds that `--only` names; absent: all. */
  readonly only?: readonly string[];
  /** The temporary folder of this deployment; absent in a dry run, which writes nothing. */
  readonly workFolder?: string;
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

/** @returns whether all of the labels are there. */
export function hasLabels(present: unknown, wanted: Readonly<Record<string, string>>): boolean {
  const found = objectOf(present);
  return Object.entries(wanted).every(([key, value]) => found[key] === value);
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
