/** The conditions on an HTTP answer; each that can't be evaluated is unmet. */
import * as z from 'zod';
import { expression, regularExpression } from '../config/fields';
import { evaluate, isTrue } from '../expression';
import { Fault } from '../fault';
import { compilePattern, type Pattern } from '../pattern';
import type { Condition } from '../probe';
import type { Answer } from './answer';
import { isExpected, reasonOfStatus, type ExpectedStatus } from './status';

const statusError = 'is not a status; allowed: 100 to 599, or a class such as 2xx';
const status = z
  .array(z.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/, { error: statusError })], { error: statusError }))
  .min(1)
  .describe('Codes or classes such as 2xx');

const fieldPatterns = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of a header field; allowed: letters, digits and -' }),
    regularExpression,
  )
  .describe('Names of header fields, each with a regular expression that is looked for anywhere in the value');

/** @throws Fault `config_invalid` for an expression that a secret made invalid. */
function pattern(source: string): Pattern {
  const compiled = compilePattern(source);
  if (typeof compiled === 'string')
    throw new Fault('config_invalid', 'a regular expression of the conditions is none once its secrets are in place');
  return compiled;
}

/** @returns what stands on the left of a comparison: where it is not met, that is what people want to see. */
function leftSide(text: string, { json, quote }: Answer): string {
  const [, path] = /^\s*([\w.[\]"-]+)\s*(?:==|!=|<=?|>=?)/.exec(text) ?? [];
  if (path === undefined) return '';
  try {
    return `; ${path} is ${quote(JSON.stringify(evaluate(path, json())))}`;
  } catch {
    return '';
  }
}

/** @returns the first of the messages. */
function first<Item>(items: readonly Item[], judge: (item: Item) => string | null): string | null {
  for (const item of items) {
    const message = judge(item);
    if (message !== null) return message;
  }
  return null;
}

const of = (
  schema: z.ZodType,
  judge: Condition<Answer>['judge'],
  reason: Condition<Answer>['reason'] = 'assertion_failed',
): Condition<Answer> => ({ schema, reason, judge });

type Patterns = Readonly<Record<string, string>>;
const shown = (name: string, value: string | undefined, { quote }: Answer): string =>
  value === undefined ? `the answer has no header ${name}` : `header ${name} is ${JSON.stringify(quote(value))}`;

/** Judged in this order. */
export const conditions = {
  status: of(
    status,
    (expected: readonly ExpectedStatus[], answer) =>
      isExpected(answer.status, expected) ? null : `the status is ${answer.status}, expected ${expected.join(' or ')}`,
    (answer) => reasonOfStatus(answer.status, answer.header, 'unexpected_status'),
  ),
  json: of(z.array(expression).min(1).describe('JMESPath; only true passes'), (expected: readonly string[], answer) => {
    const json = answer.json();
    if (answer.text.trim() === '') return 'the body is empty, expected JSON';
    if (json === undefined) return 'the body is not JSON';
    return first(expected, (text) => (isTrue(text, json) ? null : `${text} is not true${leftSide(text, answer)}`));
  }),
  body: of(
    z.array(regularExpression).min(1).describe('Regular expressions that are each found anywhere in the body'),
    (expected: readonly string[], { text }) =>
      text === ''
        ? 'the body is empty'
        : first(expected, (source) => (pattern(source).test(text) ? null : `the body does not match ${JSON.stringify(source)}`)),
  ),
  notBody: of(
    z.array(regularExpression).min(1).describe('Regular expressions that are found nowhere in the body, which is not empty'),
    (expected: readonly string[], { text }) =>
      text === ''
        ? 'the body is empty'
        : first(expected, (source) => (pattern(source).test(text) ? `the body matches ${JSON.stringify(source)}` : null)),
  ),
  headers: of(fieldPatterns, (expected: Patterns, answer) =>
    first(Object.entries(expected), ([name, source]) => {
      const value = answer.header(name.toLowerCase());
      return value !== undefined && pattern(source).test(value)
        ? null
        : `${shown(name, value, answer)}, expected ${JSON.stringify(source)}`;
    }),
  ),
  notHeaders: of(fieldPatterns, (expected: Patterns, answer) =>
    first(Object.entries(expected), ([name, source]) => {
      const value = answer.header(name.toLowerCase());
      return value === undefined || !pattern(source).test(value)
        ? null
        : `${shown(name, value, answer)}, expected no ${JSON.stringify(source)}`;
    }),
  ),
} satisfies Readonly<Record<string, Condition<Answer>>>;
