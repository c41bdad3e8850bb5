/** The schema of a dialogue over a WebSocket: what is sent, and what is waited for. */
import * as z from 'zod';
import { duration, expression, jsonObject, label, variable } from '../config/fields';
import { tell } from '../config/partly';
import type { Problem } from '../probe';

/** One step of a dialogue over a WebSocket. */
export const step = z.union(
  [
    z.strictObject({ send: z.union([z.string(), jsonObject]) }),
    z.strictObject({
      expect: expression,
      within: duration.optional(),
      name: label.optional(),
      capture: z.record(variable, expression).optional(),
    }),
    z.strictObject({ expectClose: z.int().min(1000).max(4999), within: duration.optional() }),
  ],
  { error: 'is not a step; allowed: {send}, {expect, within, name, capture}, {expectClose, within}' },
);

/** A step as the configuration has it. */
export type Step = z.output<typeof step>;

/** @returns what contradicts itself in a dialogue; the paths begin at `steps`. */
export function stepProblems(steps: readonly Step[]): readonly Problem[] {
  const names = steps.map((item) => tell(() => ('expect' in item && item.name !== undefined ? [item.name] : []))[0]);
  return steps.flatMap((item, index): Problem[] => {
    const at = ['steps', index];
    const found: Problem[] = [];
    const first = names.indexOf(names[index]);
    if (names[index] !== undefined && first !== index)
      found.push({
        path: [...at, 'name'],
        message: `${JSON.stringify(names[index])} is the name of steps[${first}], too; allowed: each name once in a target`,
      });
    if ('expectClose' in item && index < steps.length - 1)
      found.push({
        path: [...at, 'expectClose'],
        message: 'is followed by further steps, which have no connection any more; allowed: as the last step',
      });
    return found;
  });
}
