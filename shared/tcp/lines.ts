/** Bytes as lines: split at line feeds wherever the chunks end, and matched in their order. */
import { StringDecoder } from 'node:string_decoder';
import { Fault } from '../fault';
import type { Pattern } from '../pattern';

/** The longest line that is read, in bytes. */
export const longestLine = 65_536;

/** How much is looked at before others get their turn of the event loop: characters, and what a line weighs besides its text. */
const atOnce = 65_536;
const lineWeight = 64;

/** The whole match and its groups. */
export type Match = readonly string[];

/** What was received and not yet consumed. */
export interface Lines {
  /** The last line that was received, complete or not, also one that is consumed; '' before anything came. */
  readonly last: string;
  /** How many lines were complete so far. */
  readonly count: number;
  /** True when nothing waits. */
  readonly isEmpty: boolean;
  /** True when an unfinished line waits. */
  readonly isUnfinished: boolean;
  /** @throws Fault `body_too_large` for a line beyond all measure. */
  add(chunk: Buffer): void;
  /**
   * Consumes complete lines up to the first that matches.
   * @returns its match; null when none is left; undefined when there are more, but it is time for a turn of the event loop.
   */
  take(pattern: Pattern): Match | null | undefined;
  /** Consumes the unfinished line if it matches. */
  takeUnfinished(pattern: Pattern): Match | null;
}

/** @returns lines of which none has come yet. */
export function createLines(): Lines {
  const decoder = new StringDecoder('utf8');
  let complete: string[] = [];
  let next = 0;
  let unfinished = '';
  let bytes = 0;
  let last = '';
  let count = 0;
  const extend = (text: string): void => {
    unfinished += text;
    bytes += Buffer.byteLength(text);
    if (bytes > longestLine) throw new Fault('body_too_large', `a line is longer than ${longestLine} bytes`);
  };
  const finish = (): void => {
    last = unfinished.endsWith('\r') ? unfinished.slice(0, -1) : unfinished;
    complete.push(last);
    count += 1;
    unfinished = '';
    bytes = 0;
  };
  return {
    get last() {
      return unfinished === '' ? last : unfinished;
    },
    get count() {
      return count;
    },
    get isEmpty() {
      return next === complete.length && unfinished === '';
    },
    get isUnfinished() {
      return unfinished !== '';
    },
    add(chunk) {
      const [head = '', ...tails] = decoder.write(chunk).split('\n');
      extend(head);
      for (const tail of tails) {
        finish();
        extend(tail);
      }
    },
    take(pattern) {
      for (let looked = 0; next < complete.length; next += 1) {
        const line = complete[next] ?? '';
        if (looked > atOnce) return undefined;
        looked += line.length + lineWeight;
        const match = pattern.match(line);
        if (!match) continue;
        next += 1;
        return match;
      }
      complete = [];
      next = 0;
      return null;
    },
    takeUnfinished(pattern) {
      const match = unfinished === '' ? null : pattern.match(unfinished);
      if (!match) return null;
      last = unfinished;
      unfinished = '';
      bytes = 0;
      return match;
    },
  };
}
