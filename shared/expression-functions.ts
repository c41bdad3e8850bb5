/** JMESPath's functions as its specification has them, where the library's would change what they are given, or fill the memory. */
import { JMESPathTypeError } from '@aws-lambda-powertools/jmespath';
import { Functions } from '@aws-lambda-powertools/jmespath/functions';

/** Characters; more than the largest body that is read by default, and far less than a function's memory. */
const longestText = 16_777_216;

const copyOf = (argument: unknown): unknown => (Array.isArray(argument) ? argument.slice() : argument);

/** Whatever the locale (JMESPath Specification, "sort"). */
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Each method is called with the list of its arguments; the library's own check their number and types. */
class BoundedFunctions extends Functions {
  override funcReverse(given: string | unknown[]): string | unknown[] {
    return super.funcReverse((given as unknown[]).map(copyOf));
  }

  override funcSort(given: string[] | number[]): unknown[] {
    const [list] = given as readonly unknown[];
    const isOfTexts = Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string');
    return isOfTexts && given.length === 1 ? list.toSorted(byCodeUnit) : super.funcSort((given as unknown[]).map(copyOf) as number[]);
  }

  override funcJoin(...given: [separator: string, items: string[]]): string {
    const [separator, items] = given[0] as unknown as readonly unknown[];
    const length = Array.isArray(items) ? items.reduce<number>((sum, item) => sum + lengthOf(item) + lengthOf(separator), 0) : 0;
    if (length > longestText) throw new JMESPathTypeError({ currentValue: null, expectedTypes: ['string'], actualType: 'too long' });
    return super.funcJoin(...given);
  }
}

const lengthOf = (item: unknown): number => (typeof item === 'string' ? item.length : 0);

/** @returns the functions for an evaluation. */
export function createFunctions(): Functions {
  return new BoundedFunctions();
}
