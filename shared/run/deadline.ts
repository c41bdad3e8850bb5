/** The deadline of one attempt: one signal, one promise that everything races, and what stays until then. */
import { setMaxListeners } from 'node:events';
import { monotonic } from '../clock';
import { Fault } from '../fault';
import type { ProbeContext } from '../probe';
import type { Phase } from '../result';
import { deadlineFault, lateFault } from './classify';
import type { LoopWatch } from './loop-watch';

/** A limit inside the attempt ends this much before the attempt itself, so that what is told is what was waited for. */
const aheadMs = 10;

/** What a probe may take after the deadline to tell what it has learnt from Google's APIs. */
const graceMs = 50;

/** One for all attempts: an error made for each abort, with its stack, costs a tenth of a whole HTTP probe. */
const attemptOver = new Error('the time of the attempt is over');

/** The time of one attempt, from its start on. */
export interface Deadline {
  /** Fires when the time is over, and when the attempt has ended. */
  readonly signal: AbortSignal;
  /** Rejects with the fault of a deadline; never resolves. */
  readonly expired: Promise<never>;
  /** Milliseconds since the start. */
  readonly elapsed: () => number;
  /** Milliseconds left, at least 0. */
  readonly remaining: () => number;
  /** Runs a part with a limit of its own; see `ProbeContext.within`. */
  readonly within: ProbeContext['within'];
  /** @returns a deadline for a part of the attempt: over with its own limit, and at the latest a moment before the attempt's. */
  readonly part: (limitMs: number | undefined, phase: () => Phase | null) => Deadline;
  /** Ends the attempt: nothing is pending afterwards. */
  readonly end: () => void;
}

/**
 * @param phase where the attempt is when it is asked, or null before its first phase.
 * @param isWaiting whether a look-up has not even begun yet, for want of a thread of ours.
 */
export function startDeadline(timeoutMs: number, loop: LoopWatch, phase: () => Phase | null, isWaiting: () => boolean): Deadline {
  const started = monotonic();
  const blockedBefore = loop.blockedMs();
  const controller = new AbortController();
  // Every user of a journey and every call of an API listens, each for its own time only: Node would warn from the eleventh on.
  setMaxListeners(0, controller.signal);
  let expire: ((fault: Fault) => void) | undefined;
  const expired = new Promise<never>((_, reject) => (expire = reject));
  // Nobody may be waiting when it fires.
  expired.catch(() => {});
  let timer = setTimeout(() => {
    const at = phase();
    const fault =
      at === 'dns' && isWaiting()
        ? new Fault(
            'prober_exhausted',
            `no answer within ${Math.round(timeoutMs)} ms: other look-ups that hang hold every thread there is for them`,
          )
        : at
          ? deadlineFault(at, Math.round(timeoutMs), loop.blockedMs() - blockedBefore)
          : new Fault('internal', `the probe did nothing within ${Math.round(timeoutMs)} ms`);
    // Calls of an API end by the signal; the probe still tells what the others said.
    if (fault.reason === 'api_unavailable') timer = setTimeout(() => expire?.(fault), graceMs);
    else expire?.(fault);
    controller.abort(attemptOver);
  }, timeoutMs);
  const elapsed = (): number => monotonic() - started;
  const remaining = (): number => Math.max(0, timeoutMs - elapsed());
  const limitOf = (limitMs: number | undefined): number => Math.max(0, Math.min(limitMs ?? Infinity, remaining() - aheadMs));
  const end = (): void => {
    clearTimeout(timer);
    controller.abort(attemptOver);
  };
  return {
    signal: controller.signal,
    expired,
    elapsed,
    remaining,
    async within(limitMs, work, late) {
      const limit = limitOf(limitMs);
      const blocked = loop.blockedMs();
      let limiter: NodeJS.Timeout | undefined;
      const over = new Promise<never>((_, reject) => {
        limiter = setTimeout(() => reject(lateFault(late(Math.round(limit)), limit, loop.blockedMs() - blocked)), limit);
      });
      try {
        return await Promise.race([over, work()]);
      } finally {
        clearTimeout(limiter);
      }
    },
    part(limitMs, at) {
      const inner = startDeadline(limitOf(limitMs), loop, at, isWaiting);
      controller.signal.addEventListener('abort', inner.end, { once: true });
      inner.signal.addEventListener('abort', () => controller.signal.removeEventListener('abort', inner.end), { once: true });
      return inner;
    },
    end,
  };
}
