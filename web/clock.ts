/** The one owner of the page's clock. */

/** @returns milliseconds since 1970. */
export function now(): number {
  return Date.now();
}

/** @returns milliseconds since 1970 of an RFC 3339 stamp. */
export function millisecondsOf(stamp: string): number {
  return new Date(stamp).getTime();
}
