/** The rule that a document holds only what its message has, each of the right type: from a zod schema of the message. */
import * as z from 'zod';
import type { Mistake, Rule } from './rule';

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`), '');

/** @returns the rule that the schema's message is kept. */
export function shaped(schema: z.ZodType, source: string): Rule<unknown> {
  return {
    source,
    check: (document): readonly Mistake[] =>
      (schema.safeParse(document).error?.issues ?? []).map((issue) => ({
        path: pathOf(issue.path),
        message: issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.join(', ')}` : issue.message,
      })),
  };
}

/** A `google.protobuf.Duration` in JSON. */
export const seconds = z.string().regex(/^\d+(\.\d{1,9})?s$/, { error: 'is not a duration such as 60s' });
export const labelMap = z.record(z.string(), z.string());
