/** Turns what zod finds into sentences: what is wrong, then what is allowed; a value that may be secret is never shown. */
import * as z from 'zod';
import { nearest } from './nearest';
import { shownKey, type Mistake } from './problems';

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  null: 'null',
};

function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'a truth value';
  return typeNames[typeof value] ?? typeof value;
}

function count(amount: number | bigint, origin: string): string {
  const thing = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  return `${amount}${thing === '' || amount === 1 ? thing : `${thing}s`}`;
}

/** Begins the message of a union that has no words of its own. */
const onlyAllowed = '; allowed: ';

/** @returns what a schema takes, in a few words; of a mapping with known keys these. */
function shapesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap(shapesOf))];
  if (schema instanceof z.ZodPipe) return shapesOf(schema.in);
  if (schema instanceof z.ZodObject) return [`{${Object.keys(schema.shape).join(', ')}}`];
  if (schema instanceof z.ZodNumberFormat) return ['a whole number'];
  return [(schema instanceof z.ZodType ? typeNames[schema.def.type] : undefined) ?? 'another value'];
}

/** The texts of findings that the schema itself has no words for; given to zod as its error map. */
export function messageFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = issue.inst instanceof z.ZodNumberFormat ? 'a whole number' : (typeNames[issue.expected] ?? issue.expected);
      return `${issue.input === undefined ? 'is missing' : `is ${typeOf(issue.input)}`}; allowed: ${expected}`;
    }
    case 'too_small':
      return `is too ${sizeWord(issue.origin, 'small')}; allowed: ${issue.inclusive === false ? 'more than' : 'at least'} ${count(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `is too ${sizeWord(issue.origin, 'big')}; allowed: ${issue.inclusive === false ? 'less than' : 'at most'} ${count(issue.maximum, issue.origin)}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      const guess = typeof issue.input === 'string' ? nearest(issue.input, values) : undefined;
      const wrong = issue.input === undefined ? 'is missing' : 'is not known';
      return `${wrong}${guess === undefined ? '' : `, perhaps ${guess} is meant`}; allowed: ${values.join(', ')}`;
    }
    case 'unrecognized_keys': {
      const { inst } = issue;
      return inst instanceof z.ZodObject ? Object.keys(inst.shape).join(', ') : '';
    }
    // The branch that fits best says what is wrong; where none does, what is allowed is told.
    case 'invalid_union':
      return issue.inst instanceof z.ZodUnion ? `${onlyAllowed}${shapesOf(issue.inst).join(', ')}` : '';
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'not_multiple_of':
    case undefined:
      break;
  }
  return 'has the wrong form';
}

function sizeWord(origin: string, size: 'small' | 'big'): string {
  const words = { small: ['short', 'small'], big: ['long', 'big'] }[size];
  return (origin === 'string' || origin === 'array' ? words[0] : words[1]) ?? size;
}

/** Under these keys stands what may be, or hold, a secret. */
const secretKeys = new Set('url headers password user username send secret ca cert key subprotocols query json body'.split(' '));
/** A text directly at these places is a misplaced value of something inside. */
const holders = new Set(['tls', 'comparewith', 'steps', 'require', 'http', 'websocket', 'tcp']);

/** @returns whether the value at the path may not be shown. `sections` are the kinds. */
function maySecret(path: Path, value: unknown, sections: ReadonlySet<string>): boolean {
  if (typeof value === 'object' && value !== null) return true;
  if (typeof value === 'string' && (/\$\{|:.*@|[\r\n]/.test(value) || value.length > 80)) return true;
  const first = path[0];
  if (path.length === 0 || (path.length === 1 && typeof value === 'string' && (first === 'network' || first === 'defaults'))) return true;
  if (typeof first !== 'string' || !sections.has(first)) return false;
  if (path.length <= 2 || (path.length === 3 && (path[2] === 'expect' || path[2] === 'warn'))) return true;
  const names = path
    .slice(2)
    .filter((segment) => typeof segment === 'string')
    .map((segment) => segment.toLowerCase());
  const last = names.at(-1) ?? '';
  return names.some((segment) => secretKeys.has(segment)) || (holders.has(last) && typeof value === 'string');
}

/** @returns the value at the path, as the file has it. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const segment of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<string | number, unknown>)[segment];
  }
  return current;
}

/** @returns the sentence that begins with the value, where it may be shown. */
export function withValue(message: string, path: Path, value: unknown, sections: ReadonlySet<string>): string {
  if (value === undefined || message.startsWith('is missing')) return message;
  return maySecret(path, value, sections) ? message : `${JSON.stringify(value)} ${message}`;
}

/** What the translation needs to know of the file. */
export interface Origin {
  /** Leads from the file to what was parsed. */
  readonly at: Path;
  /** What was parsed. */
  readonly value: unknown;
  readonly sections: ReadonlySet<string>;
}

/** @returns one mistake for each thing that is wrong. */
export function mistakesOf(issues: readonly Issue[], origin: Origin): readonly Mistake[] {
  return issues.flatMap((issue): readonly Mistake[] => {
    const inner = issue.path as Path;
    const path = [...origin.at, ...inner];
    const value = valueAt(origin.value, inner);
    const say = (message: string): Mistake => ({ path, message: withValue(message, path, value, origin.sections) });
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, issue.message));
    if (issue.code === 'invalid_key')
      return [
        { path, at: 'key', message: `${JSON.stringify(shownKey(String(path.at(-1))))} ${issue.issues[0]?.message ?? 'is not a key'}` },
      ];
    if (issue.code !== 'invalid_union') return [say(issue.message)];
    const silent = issue.message === '' || issue.message.startsWith(onlyAllowed);
    const best = guessed(issue.errors) ?? closest(issue.errors, !silent);
    if (best) return mistakesOf(best, { ...origin, at: path, value });
    return [say(silent ? `${value === undefined ? 'is missing' : `is ${typeOf(value)}`}${issue.message}` : issue.message)];
  });
}

/** @returns the branch of a union in which a key was misspelt, if there is just one; what lacks for that alone is left out. */
function guessed(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = branches.flatMap((branch) => {
    const guesses = branch.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.map((key) => nearest(key, issue.message.split(', '))) : [],
    );
    const isGuessed = (issue: Issue): boolean => isMissing(issue) && issue.path.length === 1 && guesses.includes(String(issue.path[0]));
    const rest = branch.filter((issue) => !isGuessed(issue));
    return guesses.length > 0 && !guesses.includes(undefined) && rest.length === 1 ? [rest] : [];
  });
  return meant.length === 1 ? meant[0] : undefined;
}

function unknownKey(key: string, path: Path, allowed: string): Mistake {
  const guess = nearest(key, allowed.split(', '));
  const hint = guess === undefined ? '' : `, perhaps ${guess} is meant`;
  return { path: [...path, key], at: 'key', message: `${JSON.stringify(shownKey(key))} is not a key here${hint}; allowed: ${allowed}` };
}

const missesAll = (branch: readonly Issue[]): boolean => branch.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0);
const isMissing = (issue: Issue): boolean => issue.message.startsWith('is missing');

/** @returns the branch of a union that was meant; none where several fit alike, or none does. */
function closest(branches: readonly (readonly Issue[])[], strict: boolean): readonly Issue[] | undefined {
  const fitting = branches.filter((branch) => branch.length > 0 && !missesAll(branch));
  if (fitting.length === 1 && !strict) return fitting[0];
  const costs = fitting.map((branch) =>
    branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0),
  );
  const least = Math.min(...costs);
  const chosen = fitting.filter((_, index) => costs[index] === least);
  return chosen.length === 1 && !chosen[0]?.some(isMissing) ? chosen[0] : undefined;
}
