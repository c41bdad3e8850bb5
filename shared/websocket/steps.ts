/** The schema of a dialogue over a WebSocket: what is sent, and what is waited for. */
import * as z from 'zod';
import { duration, expression, jsonObject, label, variable } from '../config/fields';
import type { Problem } from '../probe';
import { nameProblems } from '../script';

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
  const early = steps.slice(0, -1).flatMap((item, index): Problem[] => {
    if (!('expectClose' in item)) return [];
    const message = 'is followed by further steps, which have no connection any more; allowed: as the last step';
    return [{ path: ['steps', index, 'expectClose'], message }];
  });
  return [...nameProblems(steps), ...early];
}
