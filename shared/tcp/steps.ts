/** The schema of a dialogue over TCP: what is sent, what is waited for, and where TLS begins. */
import * as z from 'zod';
import { duration, isTemplate, label, regularExpression, variable } from '../config/fields';
import { compilePattern } from '../pattern';
import type { Problem } from '../probe';
import { nameProblems } from '../script';

/** `$${`, which is a literal, or a template. */
const templates = /\$\$\{|\$\{(?:[^{}]|\$\{[^{}]*\})*\}/g;
const without = (text: string, instead: string): string => text.replaceAll(templates, (found) => (found === '$${' ? found : instead));

/** An expression, and how it is shown: what its templates hold may be secret. */
const expected = regularExpression.transform((pattern) => ({ pattern, shown: without(pattern, '…') }));

/** One step of a dialogue over TCP. */
export const step = z.union(
  [
    z.strictObject({ send: z.string().min(1).describe('Sent as it is, in UTF-8; a line end has to stand in it') }),
    z.strictObject({
      expect: expected.describe('RE2 syntax; tested against each complete line without its line end, then the unfinished last one'),
      within: duration.optional(),
      name: label.optional(),
      capture: variable.optional().describe('A variable for the match; its groups are ${name.1} and so on'),
    }),
    z.strictObject({ startTls: z.literal(true), within: duration.optional() }),
  ],
  { error: 'is not a step; allowed: {send}, {expect, within, name, capture}, {startTls, within}' },
);

/** A step as the configuration has it. */
export type Step = z.output<typeof step>;

/** How many groups an expression may have that only its templates tell. */
const manyGroups = 9;

function groupsOf(pattern: string): number {
  const compiled = compilePattern(isTemplate(pattern) ? without(pattern, 'x').replaceAll('$${', '${') : pattern);
  return typeof compiled === 'string' ? manyGroups : compiled.groups;
}

/** @returns the variables that the steps capture: `name` for the whole match, `name.0` the same, `name.1` and so on for its groups. */
export function variablesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((item): readonly string[] => {
    if (!('expect' in item) || item.capture === undefined) return [];
    const { capture } = item;
    return [capture, ...Array.from({ length: groupsOf(item.expect.pattern) + 1 }, (_, group) => `${capture}.${group}`)];
  });
}

/** @returns what contradicts itself in a dialogue; the paths begin at `steps`. */
export function stepProblems(steps: readonly Step[]): readonly Problem[] {
  // By map, which leaves out a step that is wrong in itself.
  const first = steps.map((item) => 'startTls' in item).indexOf(true);
  const again = steps.flatMap((item, index): Problem[] => {
    if (!('startTls' in item) || index === first) return [];
    return [{ path: ['steps', index, 'startTls'], message: `stands in steps[${first}], too; allowed: once in a dialogue` }];
  });
  return [...nameProblems(steps), ...again];
}

/** @returns true for steps of which one starts TLS, so that the connection begins plain. */
export function startsTls(steps: readonly object[]): boolean {
  return steps.some((item) => 'startTls' in item);
}
