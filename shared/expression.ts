/** JMESPath expressions (jmespath.org): truths and captures over JSON, within limits. */
import { createContext, Script } from 'node:vm';
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
import { describe, Fault } from './fault';
import { createFunctions } from './expression-functions';

const syntaxErrors = [
  ArityError,
  EmptyExpressionError,
  IncompleteExpressionError,
  LexerError,
  ParseError,
  UnknownFunctionError,
  VariadicArityError,
];

/** Far more than any expression that means something takes over the largest body. */
const limitMs = 1000;

const { functions: customFunctions, watch } = createFunctions();
interface Sandbox {
  readonly global: { work?: () => unknown };
  readonly script: Script;
}
/** Made when it is needed: a function without such expressions starts without it. */
let made: Sandbox | undefined;
const sandbox = (): Sandbox => (made ??= { global: createContext({}), script: new Script('work()') });

/** Whoever repeats what he is given, over and over (`[@,@][]|[@,@][]|…`), would keep the event loop for ever. */
function withinTime(work: () => unknown): unknown {
  const { global, script } = sandbox();
  global.work = work;
  try {
    return script.runInContext(global, { timeout: limitMs });
  } catch (error) {
    if (describe(error).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new Fault('prober_exhausted', `an expression took longer than ${limitMs} ms to evaluate`);
  } finally {
    global.work = undefined;
  }
}

/** Fields, comparisons and their connection: nothing in there is done more than once. */
const isPlain = (expression: string): boolean => /^[\w\s.'"`|&!=<>-]*$/.test(expression);

/**
 * @returns what the expression yields over the JSON value.
 * @throws Fault `prober_exhausted` where that takes too long, which says nothing of the value; other errors where it can't be evaluated.
 */
export function evaluate(expression: string, json: unknown): unknown {
  // The library caches by the expression in a plain object: without the blank, `constructor` would find a method of that object.
  const work = (): unknown => search(` ${expression}`, json as Parameters<typeof search>[1], { customFunctions });
  const value = isPlain(expression) ? work() : watch(() => withinTime(work));
  // Names are looked for in the prototype, too, where methods are.
  return typeof value === 'function' ? null : (value ?? null);
}

/**
 * @returns whether the expression yields exactly `true`; one that can't be evaluated does not.
 * @throws Fault `prober_exhausted`, like `evaluate`
 */
export function isTrue(expression: string, json: unknown): boolean {
  try {
    return evaluate(expression, json) === true;
  } catch (error) {
    if (error instanceof Fault) throw error;
    return false;
  }
}

/** @returns what is wrong with the expression, or undefined. */
export function expressionProblem(expression: string): string | undefined {
  try {
    evaluate(expression, null);
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deeply';
    if (error instanceof Fault) return 'it takes too long, whatever it is given';
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
