/** The header of an answer, whichever version of HTTP it came by, with the body behind it. */
import type { Readable } from 'node:stream';

/** An answer up to the end of its header. */
export interface Head {
  readonly status: number;
  /** `1.0`, `1.1` or `2`. */
  readonly version: string;
  /** @returns the value of a header field by its lower-case name; fields that came several times are joined by a comma (RFC 9110, 5.3). */
  readonly header: (name: string) => string | undefined;
  /** Not yet read; encoded. */
  readonly body: Readable;
  /** What Content-Length says of the body, where there is a body. */
  readonly announced: number | undefined;
  /** Once the body was read: whether it came to its end, not just to the connection's. */
  readonly isWhole: () => boolean;
  /** What broke the exchange, where more is known of it than that the body was cut off. */
  readonly failure: () => Error | undefined;
  /** Ends the exchange; the connection is closed. */
  readonly close: () => void;
}

/** @returns the fields by lower-case name; every occurrence counts, in the order in which they came. */
export function joinFields(raw: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const earlier = fields.get(name);
    const value = raw[index + 1] ?? '';
    fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return fields;
}

/** @returns the length of the body that a header announces; undefined where there is none, or no body at all (RFC 9110, 6.4.1). */
export function announcedLength(method: string, status: number, field: string | undefined): number | undefined {
  if (method === 'HEAD' || status === 204 || status === 304 || field === undefined) return undefined;
  return /^\d+$/.test(field) ? Number(field) : undefined;
}
