/** Finds what stands in a text with any of its characters escaped: servers escape what they echo, each in its own way. */
import type { Stretch } from './stretches';

/** A text with its escapes undone; `at` says where each of its units, and its end, stand in the text that it came from. */
interface Unescaped {
  readonly text: string;
  readonly at: readonly number[];
}

/** Percent-encoding (RFC 3986, 2.1), JSON and JavaScript strings (RFC 8259, 7), character references (HTML Standard, 13.5). */
const escapes =
  /(?:%[0-9a-f]{2})+|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[^\p{L}\p{N}\s]|[bfnrtv0])|&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/giu;
const mayHold = /[%\\&]/;

const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '0': '\0' };
const references: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The most that is put around one another: a URL in JSON in a URL. */
const deepest = 3;

const characterOf = (point: number): string => (point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD');

/** @returns what an escape stands for, character by character, each with the length that it takes. */
function meaningOf(escape: string): readonly (readonly [string, number])[] {
  if (escape.startsWith('%')) {
    const bytes = Buffer.from(escape.replaceAll('%', ''), 'hex');
    const text = bytes.toString('utf8');
    if (text.includes('\uFFFD')) return Array.from(bytes, (byte) => [String.fromCharCode(byte), 3]);
    return Array.from(text, (character) => [character, 3 * Buffer.byteLength(character)]);
  }
  const body = escape.slice(1).toLowerCase();
  if (escape.startsWith('&')) {
    const [, sign, digits = ''] = /^#(x?)([^;]*);$/.exec(body) ?? [];
    const named = references[body.slice(0, -1)] ?? '';
    return [[sign === undefined ? named : characterOf(Number.parseInt(digits, sign === '' ? 10 : 16)), escape.length]];
  }
  if (/^[ux]./.test(body)) return [[String.fromCharCode(Number.parseInt(body.slice(1), 16)), escape.length]];
  return [[letters[body] ?? escape.slice(1), escape.length]];
}

function unescapeOnce({ text, at }: Unescaped): Unescaped {
  let plain = '';
  const places: number[] = [];
  const add = (units: string, from: number, step: 0 | 1): void => {
    plain += units;
    for (let index = 0; index < units.length; index += 1) places.push(at[from + index * step] ?? 0);
  };
  let from = 0;
  for (const { 0: escape, index } of text.matchAll(escapes)) {
    add(text.slice(from, index), from, 1);
    from = index;
    for (const [character, length] of meaningOf(escape)) {
      add(character, from, 0);
      from += length;
    }
  }
  add(text.slice(from), from, 1);
  places.push(at[text.length] ?? 0);
  return { text: plain, at: places };
}

/** @returns the text with its escapes undone once, twice and so on, for as long as there are any; the text itself is not among them. */
function unescapings(text: string): readonly Unescaped[] {
  const found: Unescaped[] = [];
  let last: Unescaped = { text, at: [] };
  while (found.length < deepest && mayHold.test(last.text)) {
    if (found.length === 0) last = { text, at: Array.from({ length: text.length + 1 }, (_, index) => index) };
    const next = unescapeOnce(last);
    if (next.text === last.text) break;
    found.push(next);
    last = next;
  }
  return found;
}

/** @returns the value, and what becomes of it where somebody undoes escapes that it only seems to hold. */
export function spellingsOf(value: string): readonly string[] {
  return [value, ...unescapings(value).map(({ text }) => text)];
}

/**
 * @param find tells where a text holds what is looked for.
 * @returns where, in the text, it stands behind escapes.
 */
export function findEscaped(text: string, find: (plain: string) => readonly Stretch[]): readonly Stretch[] {
  return unescapings(text).flatMap(({ text: plain, at }) =>
    find(plain).map(({ start, end }) => ({ start: at[start] ?? 0, end: at[end] ?? text.length })),
  );
}
