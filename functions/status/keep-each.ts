/** Keeps what was read for each of several questions, the latest ones. */
import { keep, type Kept, type KeepLimits } from './keep';

/** How a reading is limited. */
export interface ReadLimits {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a reading may take; then its signal aborts. */
  readonly limitMs: number;
}

/** A minute is what people wait for; what could not be read is tried again soon, and what was read before is of use for ten minutes. */
export const usualLimits: KeepLimits = { freshMs: 60_000, failedMs: 5_000, oldMs: 600_000 };

/** So many answers are kept at most. */
const mostKept = 50;

/** @returns what the work gives; its signal aborts after the time, and when it is done. */
export async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), limitMs);
  try {
    return await work(over.signal);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** @returns what reads once for all who ask meanwhile, and keeps it for a minute. */
export function keepOne<T>(read: (at: number, signal: AbortSignal) => Promise<T>, { now, limitMs }: ReadLimits): () => Promise<Kept<T>> {
  return keep((at) => within(limitMs, (signal) => read(at, signal)), usualLimits, now);
}

/**
 * @param keyOf the same for the same question.
 * @returns the same for each question.
 */
export function keepEach<Question, T>(
  keyOf: (question: Question) => string,
  read: (question: Question, at: number, signal: AbortSignal) => Promise<T>,
  limits: ReadLimits,
): (question: Question) => Promise<Kept<T>> {
  const all = new Map<string, () => Promise<Kept<T>>>();
  return (question) => {
    const key = keyOf(question);
    const kept = all.get(key) ?? keepOne((at, signal) => read(question, at, signal), limits);
    // The one that was asked for last comes last; the first goes.
    all.delete(key);
    all.set(key, kept);
    for (const [oldest] of all) if (all.size > mostKept) all.delete(oldest);
    return kept();
  };
}
