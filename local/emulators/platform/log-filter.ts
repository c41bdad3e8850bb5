/** The Logging query language, as far as filters in use need it: comparisons, text searches, AND, OR, NOT, parentheses, comments. */
import { RestError } from './rest-error';

/** Says whether an entry matches. */
export type LogFilter = (entry: object) => boolean;

const token =
  /\s+|--[^\n]*|(?<mark>[()])|(?<operator>=~|!~|!=|>=|<=|[=:<>])|(?<minus>-(?=["A-Za-z(]))|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>[^\s()=:<>!"~]+(?:(?<=\.)"(?:[^"\\]|\\.)*"[^\s()=:<>!"~]*)*)/gy;

interface Token {
  readonly kind: 'mark' | 'operator' | 'minus' | 'quoted' | 'word';
  readonly text: string;
}

function unparsable(text: string): RestError {
  return new RestError(400, `Unparseable filter: ${text}`);
}

function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    const match = token.exec(text);
    if (!match) throw unparsable(`syntax error at line 1, column ${at + 1}, token '${text.charAt(at)}'`);
    const [named] = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    if (named) found.push({ kind: named[0] as Token['kind'], text: named[0] === 'quoted' ? named[1].replace(/\\(.)/g, '$1') : named[1] });
  }
  return found;
}

/** @throws RestError 400, as the API does, for what is not in the language. */
export function parseLogFilter(text: string): LogFilter {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isWord = (word: string): boolean => peek()?.kind === 'word' && peek()?.text === word;
  const isMark = (mark: string): boolean => peek()?.kind === 'mark' && peek()?.text === mark;
  const take = (): Token => {
    const next = tokens[at];
    if (!next) throw unparsable('unexpected end of the filter');
    at += 1;
    return next;
  };
  const skip = (): void => void (at += 1);
  const close = (): void => {
    if (!isMark(')')) throw unparsable(`missing ')' before '${peek()?.text ?? 'the end'}'`);
    skip();
  };
  // OR binds tighter than AND, and what stands side by side is joined by AND.
  const all = (): LogFilter => {
    const parts = [any()];
    while (peek() && !isMark(')')) {
      if (isWord('AND')) skip();
      parts.push(any());
    }
    return (entry) => parts.every((part) => part(entry));
  };
  const any = (): LogFilter => {
    const parts = [one()];
    while (isWord('OR')) {
      skip();
      parts.push(one());
    }
    return (entry) => parts.some((part) => part(entry));
  };
  const one = (): LogFilter => {
    if (isWord('NOT') || peek()?.kind === 'minus') {
      skip();
      const inner = one();
      return (entry) => !inner(entry);
    }
    if (isMark('(')) {
      skip();
      const inner = all();
      close();
      return inner;
    }
    const first = take();
    if (first.kind !== 'word' && first.kind !== 'quoted') throw unparsable(`unexpected '${first.text}'`);
    if (first.kind === 'word' && (first.text === 'AND' || first.text === 'OR')) throw unparsable(`unexpected '${first.text}'`);
    if (peek()?.kind !== 'operator') return (entry) => textsIn(entry).some((said) => contains(said, first.text));
    return comparison(first.text, take().text);
  };
  const comparison = (path: string, operator: string): LogFilter => {
    if (!isMark('(')) return compare(path, operator, valueOf(take()));
    skip();
    const values = [valueOf(take())];
    while (isWord('OR')) {
      skip();
      values.push(valueOf(take()));
    }
    close();
    return (entry) => values.some((value) => compare(path, operator, value)(entry));
  };
  if (tokens.length === 0) return () => true;
  const whole = all();
  if (peek()) throw unparsable(`unexpected '${peek()?.text}'`);
  return whole;
}

interface Value {
  readonly text: string;
  readonly isStar: boolean;
}

function valueOf({ kind, text }: Token): Value {
  if (kind !== 'word' && kind !== 'quoted') throw unparsable(`unexpected '${text}'`);
  return { text, isStar: kind === 'word' && text === '*' };
}

const severities = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return typeof value === 'string' ? [value] : typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

/** The names of a path; one that is not made of letters, digits and underscores stands in quotes, e.g. `jsonPayload."@type"`. */
function keysOf(path: string): readonly string[] {
  return [...path.matchAll(/"((?:[^"\\]|\\.)*)"|[^."]+/g)].map(([plain, quoted]) => quoted?.replace(/\\(.)/g, '$1') ?? plain);
}

function fieldOf(entry: object, keys: readonly string[]): unknown {
  let value: unknown = entry;
  for (const key of keys)
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  return value;
}

/** Orders two values as numbers, times or severities, or as texts. */
function order(path: string, actual: string, expected: string): number {
  const read =
    path === 'severity' ? (text: string) => severities.indexOf(text.toUpperCase()) : /time(?:stamp)?$/i.test(path) ? Date.parse : Number;
  const [a, b] = [read(actual), read(expected)];
  return Number.isNaN(a) || Number.isNaN(b) ? actual.localeCompare(expected) : a - b;
}

/** A field that is missing matches no comparison, not even a negated one; NOT around a comparison it does match. */
function compare(path: string, operator: string, { text, isStar }: Value): LogFilter {
  const pattern = operator.endsWith('~') ? new RegExp(text) : undefined;
  const keys = keysOf(path);
  return (entry) => {
    // An entry without a severity has the lowest (LogEntry, "severity").
    const field = fieldOf(entry, keys) ?? (path === 'severity' ? 'DEFAULT' : undefined);
    if (operator === ':' && isStar) return field !== undefined;
    if (operator === ':') return textsIn(field).some((said) => contains(said, text));
    const [actual, ...others] = textsIn(field);
    if (actual === undefined || others.length > 0) return false;
    if (pattern) return pattern.test(actual) === (operator === '=~');
    const isEqual = actual.toLowerCase() === text.toLowerCase() || order(path, actual, text) === 0;
    if (operator === '=') return isEqual;
    if (operator === '!=') return !isEqual;
    const difference = order(path, actual, text);
    return operator.startsWith('>') ? difference > 0 || (operator === '>=' && isEqual) : difference < 0 || (operator === '<=' && isEqual);
  };
}
