/** The one owner of the page's clock: the browser's, put right by what the answers say of the time. */

/** A `Date` header has no fractions of a second. */
const dateStepMs = 1000;
/** Milliseconds that are added to the browser's clock. */
let ahead = 0;
const listeners: (() => void)[] = [];

/** @returns milliseconds since 1970, as whoever answers has it. */
export function now(): number {
  return Date.now() + ahead;
}

/** @returns milliseconds by the browser's own clock: only for how long something takes in the page. */
export function browserNow(): number {
  return Date.now();
}

/** @returns how many milliseconds the browser's clock is behind; negative where it is fast. */
export function clockBehind(): number {
  return ahead;
}

/**
 * Learns the time from an answer. Its stamp was made after the request was sent and before the answer came; the difference is changed
 * no more than that demands, so that it stays calm.
 * @param date the header `Date` (RFC 9110, 6.6.1); one that is missing or malformed is passed over.
 * @param sentAt,cameAt by the browser's own clock.
 */
export function learnTime(date: string | null, sentAt: number, cameAt: number): void {
  const stamp = Date.parse(date ?? '');
  if (Number.isNaN(stamp)) return;
  const [least, most] = [stamp - cameAt, stamp + dateStepMs - sentAt];
  const next = Math.max(least, Math.min(ahead, most));
  if (next === ahead) return;
  ahead = next;
  listeners.forEach((listener) => listener());
}

/** Has the listener called whenever the clock is put right. */
export function onClockChange(listener: () => void): void {
  listeners.push(listener);
}

/** @returns milliseconds since 1970 of an RFC 3339 stamp. */
export function millisecondsOf(stamp: string): number {
  return new Date(stamp).getTime();
}
