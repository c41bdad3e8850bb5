/** Parses what is good of a value, so that one mistake in it does not hide another. */
import * as z from 'zod';
import { messageFor } from './messages';

/** Something was read that is wrong in itself: what rests on it can't be told. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** @returns what a rule tells; nothing where it reads what is wrong in itself. */
export function tell<T>(rule: () => readonly T[]): readonly T[] {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** @returns whether the value has keys. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const wrong = Symbol('wrong');

/** @returns the parsed value, what is good of it, or `wrong`. */
function goodOf(schema: z.core.$ZodType, raw: unknown): unknown {
  const parsed = z.safeParse(schema, raw);
  if (parsed.success) return parsed.data;
  let bare = schema;
  while (bare instanceof z.ZodOptional || bare instanceof z.ZodDefault) bare = bare.unwrap();
  if (bare instanceof z.ZodArray && Array.isArray(raw)) return goodItems(bare.element, raw);
  if (!isMapping(raw)) return wrong;
  if (bare instanceof z.ZodRecord) return goodEntries(bare, raw);
  const options = bare instanceof z.ZodUnion ? bare.options : [bare];
  const fitting = options.filter((option) => option instanceof z.ZodObject);
  const meant = bare instanceof z.ZodUnion ? fitting.filter(({ shape }) => Object.keys(raw).every((key) => key in shape)) : fitting;
  return meant.length === 1 && meant[0] ? goodKeys(meant[0], raw) : wrong;
}

function put(good: object, key: string, value: unknown, enumerable: boolean): void {
  const get = (): never => {
    throw new Unreadable(`${key} is wrong in itself`);
  };
  Object.defineProperty(good, key, value === wrong ? { get, enumerable } : { value, enumerable: true });
}

function goodKeys({ shape }: z.ZodObject, raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const good = {};
  for (const [key, field] of Object.entries(shape)) {
    const value = goodOf(field, raw[key]);
    if (value !== undefined) put(good, key, value, false);
  }
  return good;
}

/** Its keys are all listed, as far as they are good, whatever stands under them. */
function goodEntries({ keyType, valueType }: z.ZodRecord, raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const good = {};
  for (const [key, inner] of Object.entries(raw)) if (z.safeParse(keyType, key).success) put(good, key, goodOf(valueType, inner), true);
  return good;
}

/** The others keep their places: where an item is wrong the list has a hole. */
function goodItems(element: z.core.$ZodType, raw: readonly unknown[]): readonly unknown[] {
  const good: unknown[] = [];
  good.length = raw.length;
  for (const [index, item] of raw.entries()) {
    const value = goodOf(element, item);
    if (value !== wrong) good[index] = value;
  }
  return good;
}

/** An object that was parsed as far as it goes. */
export interface Partly {
  /**
   * What is good. A key whose value is wrong, or that is missing, is there for `in`, but reading it ends the rule that does (see
   * `tell`). A list has a hole for each wrong item, which map, flatMap, filter, some, every and indexOf skip.
   */
  readonly data: Readonly<Record<string, unknown>>;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** How a schema is asked. zod would compile each one into code of its own, which a start spends more on than the code then saves. */
export const parsing = { error: messageFor, jitless: true } as const;

/** Parses a mapping; where something is wrong, the rest is parsed all the same. */
export function parsePartly(schema: z.ZodObject, raw: Readonly<Record<string, unknown>>): Partly {
  const whole = schema.safeParse(raw, parsing);
  return whole.success ? { data: whole.data, issues: [] } : { data: goodKeys(schema, raw), issues: whole.error.issues };
}
