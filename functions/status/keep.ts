/** Keeps what was read for a while, so that many who ask cost one reading. */
import { Fault } from '../../shared/fault';

/** How long things are kept, in milliseconds. */
export interface KeepLimits {
  /** What was read is given again without a look. */
  readonly freshMs: number;
  /** After a reading failed, it is not tried again. */
  readonly failedMs: number;
  /** What was read is given, for want of something newer. */
  readonly oldMs: number;
}

/** Something that was read. */
export interface Kept<T> {
  readonly value: T;
  /** Milliseconds since 1970 when it was read. */
  readonly at: number;
  /** Why there is nothing newer, where it could not be read again. */
  readonly problem: Fault | null;
}

/**
 * @param read is told the time, in milliseconds since 1970. It never runs twice at a time: whoever asks meanwhile gets the same answer.
 * @param now milliseconds since 1970.
 * @returns what gives the value; it throws what `read` threw where nothing is left to give.
 */
export function keep<T>(read: (at: number) => Promise<T>, limits: KeepLimits, now: () => number): () => Promise<Kept<T>> {
  let last: { readonly value: T; readonly at: number } | undefined;
  let failed: { readonly error: unknown; readonly at: number } | undefined;
  let reading: Promise<Kept<T>> | undefined;
  const isWithin = (at: number, limitMs: number): boolean => now() - at >= 0 && now() - at < limitMs;
  const forWant = (error: unknown): Kept<T> => {
    if (!last || !isWithin(last.at, limits.oldMs) || !(error instanceof Fault)) throw error;
    return { ...last, problem: error };
  };
  const readAgain = async (): Promise<Kept<T>> => {
    const at = now();
    try {
      last = { value: await read(at), at };
      failed = undefined;
      return { ...last, problem: null };
    } catch (error) {
      failed = { error, at: now() };
      return forWant(error);
    } finally {
      reading = undefined;
    }
  };
  return async () => {
    if (last && isWithin(last.at, limits.freshMs)) return { ...last, problem: null };
    if (failed && isWithin(failed.at, limits.failedMs)) return forWant(failed.error);
    return (reading ??= readAgain());
  };
}
