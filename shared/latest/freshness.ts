/** How long what was last heard of a target still counts. */
import { longestMs, shareOfPeriod } from '../config/budget';
import type { Config, Target } from '../config/config';
import { longestGapOf } from '../config/schedule';
import { groupBy } from '../group';

/** Points are written, and can be read, at the latest this much after their run. */
const onTheWayMs = 3 * 60_000;
/** Missed once, a run may be on its way the second time. */
const schedules = 2;

/**
 * @returns what the targets that are probed together take at most: each by its deadline, every time, some at a time. When whoever is
 * free takes the next one, that is at most the work of one line and the longest of them (Graham, "Bounds on Multiprocessing Timing
 * Anomalies", 1969).
 */
function budgetMs(targets: readonly Target[], concurrency: number): number {
  const durations = targets.map(longestMs);
  const longest = Math.max(0, ...durations);
  const lines = Math.min(concurrency, targets.length);
  const work = durations.reduce((sum, duration) => sum + duration, 0);
  return work / lines + longest * (1 - 1 / lines);
}

/**
 * @returns by the name of each target the milliseconds after which the newest point about it is stale: two schedules, the run's budget
 * and 3 minutes. Of a schedule with pauses, over night or over the weekend, the longest distance counts: nobody is to be heard of then. A
 * target whose newest point is older is unknown, whatever the point says.
 */
export function staleAfter({ targets, concurrency }: Pick<Config, 'targets' | 'concurrency'>): ReadonlyMap<string, number> {
  const groups = groupBy(targets, ({ kind, schedule }) => `${kind} ${schedule}`);
  return new Map(
    [...groups.values()].flatMap((group) => {
      const budget = budgetMs(group, concurrency);
      return group.map(({ name, schedule, periodMs }) => [
        name,
        Math.round(schedules * longestGapOf(schedule) + Math.min(shareOfPeriod * periodMs, budget) + onTheWayMs),
      ]);
    }),
  );
}
