/** How far queries look back, given how points come: stamped when a target is done, seen later, sometimes not at all. */

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;

/** A point may be seen this much later than it is stamped. */
export const latenessMs = 4 * minuteMs;
/** How often conditions are evaluated; a multiple of 30 s. */
export const evaluationMs = 30 * secondMs;
/** What was true at any instant of this span is asked for, so that points which came late count all the same. */
export const memoryMs = latenessMs + 2 * evaluationMs;
/** No query looks back further than a day, its subquery included (Cloud Monitoring, PromQL conditions without long look-back). */
export const longestMs = 24 * hourMs - 10 * minuteMs;

/** How failures in a row are looked for in one class of schedules. */
export interface Streak {
  /** Runs that are asked for: fewer than configured where so many don't fit in a day. */
  readonly runs: number;
  /** The window that holds just these runs. */
  readonly windowMs: number;
  /** Distance of the instants looked at: at most a fifth of the period, because a run may come up to 0.8 of it after its time. */
  readonly stepMs: number;
}

/**
 * A point comes between 0 and 0.8 periods after its time (a longer budget is refused in the configuration). So N failures in a row
 * lie within N - 0.2 periods, and the successes around them are at least N + 0.2 periods apart: a window of N periods holds all
 * of them and no success during at least a fifth of a period, and never when fewer than N came in a row.
 */
export function streakOf(periodMs: number, runs: number): Streak {
  const fitting = Math.max(1, Math.min(runs, Math.floor(longestMs / periodMs)));
  return {
    runs: fitting,
    windowMs: Math.min(fitting * periodMs, longestMs),
    stepMs: Math.min(minuteMs, Math.max(10 * secondMs, Math.floor(periodMs / 50_000) * 10 * secondMs)),
  };
}

/** Within this span every target that is still run is heard of again: one run is missed, the next is done late and seen late. */
export function freshMs(periodMs: number): number {
  return Math.min(longestMs, 3 * periodMs + latenessMs);
}

/** What came before unknown runs is remembered for this long, as far as a query may look back; some minutes at least. */
export function rememberedMs(periodMs: number, { windowMs }: Streak): number {
  return Math.max(memoryMs, Math.min(longestMs - windowMs, Math.max(6 * hourMs, 12 * periodMs)));
}

/** A window for statistics: fifteen minutes, or the time of five points where that is longer. */
export function statisticsMs(periodMs: number): number {
  return Math.min(longestMs, Math.max(15 * minuteMs, 5 * periodMs));
}
