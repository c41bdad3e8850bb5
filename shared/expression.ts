/** JMESPath expressions (jmespath.org): truths and captures over JSON. */
import {
  ArityError,
  EmptyExpressionError,
  IncompleteExpressionError,
  LexerError,
  ParseError,
  search,
  UnknownFunctionError,
  VariadicArityError,
} from '@aws-lambda-powertools/jmespath';

const syntaxErrors = [
  ArityError,
  EmptyExpressionError,
  IncompleteExpressionError,
  LexerError,
  ParseError,
  UnknownFunctionError,
  VariadicArityError,
];

/** @returns what the expression yields over the JSON value; throws where it can't be evaluated. */
export function evaluate(expression: string, json: unknown): unknown {
  // The library caches by the expression in a plain object: without the blank, `constructor` would find a method of that object.
  return search(` ${expression}`, json as Parameters<typeof search>[1]);
}

/** @returns whether the expression yields exactly `true`; one that can't be evaluated does not. */
export function isTrue(expression: string, json: unknown): boolean {
  try {
    return evaluate(expression, json) === true;
  } catch {
    return false;
  }
}

/** @returns what is wrong with the expression, or undefined. */
export function expressionProblem(expression: string): string | undefined {
  try {
    evaluate(expression, null);
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deeply';
    // Applied to nothing, a good expression may still complain of the type of its argument.
    if (error instanceof Error && syntaxErrors.some((type) => error instanceof type))
      return error.message.replace(/^Invalid jmespath expression: |,? in expression:.*$/gis, '');
  }
  return undefined;
}

/**
 * @param values what the expression is evaluated over.
 * @returns the names that it asked them for and that they don't have: JMESPath takes those for null, and null equals null.
 */
export function namesAskedFor(expression: string, values: Readonly<Record<string, unknown>>): readonly string[] {
  const missing = new Set<string>();
  const asked = new Proxy(values, {
    has(own, name) {
      if (typeof name === 'string' && !Object.hasOwn(own, name)) missing.add(name);
      return Object.hasOwn(own, name);
    },
  });
  try {
    evaluate(expression, asked);
  } catch {
    // What it asked for before it failed counts all the same.
  }
  return [...missing];
}
