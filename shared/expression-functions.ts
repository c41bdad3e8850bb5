/** JMESPath's functions as its specification has them, where the library's differ, change what they are given, or fill the memory. */
import { isDeepStrictEqual } from 'node:util';
import { ArityError, JMESPathTypeError, VariadicArityError } from '@aws-lambda-powertools/jmespath';
import { Functions } from '@aws-lambda-powertools/jmespath/functions';

/** Characters; more than the largest body that is read by default, and far less than a function's memory. */
const longestText = 16_777_216;
/** So many are handed over as arguments of one call at most. */
const mostArguments = 10_000;

const copyOf = (argument: unknown): unknown => (Array.isArray(argument) ? argument.slice() : argument);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Whatever the locale; the bytes of UTF-8 are in the order of code points. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The grammar of JSON's numbers (RFC 8259, section 6). */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const lengthOf = (item: unknown): number => (isText(item) ? item.length : 0);

/** @returns the numbers of a list that is too long to be handed over. */
function manyNumbers([list]: readonly unknown[]): readonly number[] | undefined {
  return Array.isArray(list) && list.length > mostArguments && list.every(isNumber) ? list : undefined;
}

/** Each method is called with the list of its arguments; the library's own check their number and types. */
class OwnFunctions extends Functions {
  override funcContains(given: never): boolean {
    const [haystack, needle] = given as readonly unknown[];
    const isStructured = typeof needle === 'object' && needle !== null;
    if (Array.isArray(haystack) && isStructured) return haystack.some((item) => isDeepStrictEqual(item, needle));
    return (super.funcContains as (args: unknown) => boolean)(given);
  }

  override funcLength(given: never): number {
    const [text, ...more] = given as readonly unknown[];
    return isText(text) && more.length === 0 ? Array.from(text).length : super.funcLength(given);
  }

  override funcMap(given: never): never {
    const [expression, list] = given as readonly unknown[];
    const items = Array.isArray(list) && list.length > 0 ? (list as readonly unknown[]) : undefined;
    if (items === undefined || typeof (expression as { visit?: unknown } | null)?.visit !== 'function')
      return (super.funcMap as (args: unknown) => never)(given);
    return items.map((item) => (expression as { visit: (value: unknown) => unknown }).visit(item) ?? null) as never;
  }

  override funcMax(given: never): never {
    return (manyNumbers(given)?.reduce((a, b) => Math.max(a, b)) ?? super.funcMax(given)) as never;
  }

  override funcMin(given: never): never {
    return (manyNumbers(given)?.reduce((a, b) => Math.min(a, b)) ?? super.funcMin(given)) as never;
  }

  override funcReverse(given: string | unknown[]): string | unknown[] {
    const [value, ...more] = given as unknown[];
    return isText(value) && more.length === 0
      ? Array.from(value).toReversed().join('')
      : super.funcReverse((given as unknown[]).map(copyOf));
  }

  override funcSort(given: string[] | number[]): unknown[] {
    const [list, ...more] = given as readonly unknown[];
    if (!Array.isArray(list) || list.length === 0 || more.length > 0) return super.funcSort((given as unknown[]).map(copyOf) as number[]);
    if (list.every(isText)) return list.toSorted(byCodePoint);
    if (list.every(isNumber)) return list.toSorted((a, b) => a - b);
    throw new JMESPathTypeError({ currentValue: list, expectedTypes: ['array-number', 'array-string'], actualType: 'array' });
  }

  override funcJoin(...given: [separator: string, items: string[]]): string {
    const [separator, items] = given[0] as unknown as readonly unknown[];
    const length = Array.isArray(items) ? items.reduce<number>((sum, item) => sum + lengthOf(item) + lengthOf(separator), 0) : 0;
    if (length > longestText) throw new JMESPathTypeError({ currentValue: null, expectedTypes: ['string'], actualType: 'too long' });
    return super.funcJoin(...given);
  }

  override funcToNumber(given: never): number | null {
    const [text, ...more] = given as readonly unknown[];
    return isText(text) && more.length === 0 ? (jsonNumber.test(text) ? Number(text) : null) : super.funcToNumber(given);
  }
}

type Call = (given: readonly unknown[]) => unknown;
const own = [JMESPathTypeError, VariadicArityError, ArityError];

/** Functions, and what went wrong in them. */
export interface WatchedFunctions {
  readonly functions: Functions;
  /** Does some work that calls them. @throws what one of them threw: the library would go on with nothing in its place. */
  readonly watch: (work: () => unknown) => unknown;
}

/** @returns the functions for evaluations, one at a time. */
export function createFunctions(): WatchedFunctions {
  const functions = new OwnFunctions();
  let broken: { readonly error: unknown } | undefined;
  for (const name of Object.getOwnPropertyNames(Functions.prototype).filter((each) => each.startsWith('func'))) {
    const call = (Reflect.get(functions, name) as Call).bind(functions);
    const watched: Call = (given) => {
      try {
        // A comparison of what can't be compared is null (JMESPath Specification, "Ordering operators"); the library has no value for it.
        return call(given.map((argument) => argument ?? null)) ?? null;
      } catch (error) {
        if (!own.some((type) => error instanceof type)) broken ??= { error };
        throw error;
      }
    };
    Object.defineProperty(functions, name, { value: watched });
  }
  return {
    functions,
    watch(work) {
      broken = undefined;
      const value = work();
      if (broken !== undefined) throw (broken as { readonly error: unknown }).error;
      return value;
    },
  };
}
