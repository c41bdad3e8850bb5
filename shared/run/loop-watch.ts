/** Watches our own event loop during a run: what it was blocked for is not the target's fault. */
import { monotonic } from '../clock';

const tickMs = 10;
/** Lateness below this is how timers are on a busy machine, not a blocked loop. */
const toleratedMs = 20;

/** Measures from `start` to `stop`. */
export interface LoopWatch {
  /** @returns milliseconds blocked so far, the block that is just ending included. */
  blockedMs(): number;
  /** @returns the longest single block, in milliseconds. */
  longestMs(): number;
  stop(): void;
}

/** Starts watching; the timer does not keep the process alive. */
export function watchLoop(): LoopWatch {
  let blocked = 0;
  let longest = 0;
  let last = monotonic();
  const lateness = (): number => {
    const late = monotonic() - last - tickMs;
    return late > toleratedMs ? late : 0;
  };
  const timer = setInterval(() => {
    const late = lateness();
    blocked += late;
    longest = Math.max(longest, late);
    last = monotonic();
  }, tickMs);
  timer.unref();
  return {
    blockedMs: () => blocked + lateness(),
    longestMs: () => Math.max(longest, lateness()),
    stop: () => clearInterval(timer),
  };
}
