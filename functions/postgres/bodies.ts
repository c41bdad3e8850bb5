/** What stands in each message that a server may send us (PostgreSQL manual, "Message Formats"): the driver reads beyond what does not. */

/** @returns where the part that begins at `at` ends; beyond `end` where it does not fit. */
type Part = (bytes: Buffer, at: number, end: number) => number;

const nothing: Part = (_bytes, at) => at;
const anything: Part = (_bytes, at, end) => Math.max(at, end);
const fixed =
  (length: number): Part =>
  (_bytes, at) =>
    at + length;
const text: Part = (bytes, at, end) => {
  const length = bytes.subarray(at, end).indexOf(0);
  return length < 0 ? Infinity : at + length + 1;
};
/** A column: its length, -1 for null, and so many bytes. */
const column: Part = (bytes, at, end) => {
  const length = at + 4 > end ? NaN : bytes.readInt32BE(at);
  return length >= -1 ? at + 4 + Math.max(length, 0) : Infinity;
};
/** The fields of an error or a notice, each a letter and a text, up to a zero. */
const said: Part = (bytes, at, end) => {
  let next = at;
  while (next < end && bytes[next] !== 0) next = text(bytes, next + 1, end);
  return next + 1;
};
const sequence =
  (...parts: readonly Part[]): Part =>
  (bytes, at, end) =>
    parts.reduce((next, part) => (next > end ? next : part(bytes, next, end)), at);
/** As many of the same as the number in front says. */
const list =
  (item: Part): Part =>
  (bytes, at, end) => {
    const count = at + 2 > end ? -1 : bytes.readInt16BE(at);
    let next = count < 0 ? Infinity : at + 2;
    for (let left = count; left > 0 && next <= end; left -= 1) next = item(bytes, next, end);
    return next;
  };

/** Without those that answer what we never ask for: rows in portions, replication, calls of functions. */
const bodies: ReadonlyMap<string, Part> = new Map([
  ['1', nothing],
  ['2', nothing],
  ['3', nothing],
  ['A', sequence(fixed(4), text, text)],
  ['C', text],
  ['D', list(column)],
  ['E', said],
  ['G', sequence(fixed(1), list(fixed(2)))],
  ['H', sequence(fixed(1), list(fixed(2)))],
  ['I', nothing],
  ['K', fixed(8)],
  ['N', said],
  ['R', sequence(fixed(4), anything)],
  ['S', sequence(text, text)],
  ['T', list(sequence(text, fixed(18)))],
  ['Z', fixed(1)],
  ['c', nothing],
  ['d', anything],
  ['n', nothing],
  ['t', list(fixed(4))],
]);

/** @returns whether messages of this type may come at all. */
export const isKnown = (type: string): boolean => bodies.has(type);

/** @returns whether the body is exactly what a message of this type holds. */
export function isWhole(type: string, body: Buffer): boolean {
  return bodies.get(type)?.(body, 0, body.length) === body.length;
}
