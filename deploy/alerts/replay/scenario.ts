/** What a scenario is: an outage as a user's own targets would show it, and who must be told of it. */
import type { Target } from '../../../shared/config/config';
import type { PlanContext } from '../../plan/plan';
import { heartbeatsOf, historyOf, type Dot, type RunOutcome, type TargetRun } from './history';

/** Somebody must be told. */
export interface Expected {
  readonly policy: RegExp;
  /** How many incidents; 1 unless it says otherwise. */
  readonly incidents?: number;
  /** It begins in this span, and ends at the latest then; milliseconds since the beginning. */
  readonly from: number;
  readonly opensBy: number;
  readonly closesBy: number;
}

/** A row of the timeline: a letter for each run. */
export interface Strip {
  readonly name: string;
  readonly letters: readonly { readonly at: number; readonly letter: string }[];
}

export interface Scenario {
  readonly name: string;
  /** What happens, as a sentence. */
  readonly title: string;
  readonly dots: readonly Dot[];
  readonly strips: readonly Strip[];
  readonly lengthMs: number;
  readonly expects: readonly Expected[];
  /** Policies that may speak, too, because what happens is their business as well. */
  readonly tolerates?: RegExp;
  /** Whose policies are asked; those of other severities and periods have nothing to say. */
  readonly targets: readonly Target[];
}

export const minuteMs = 60_000;
/** After its time, a run is done; the points of the run are stamped then. */
const doneMs = 2000;
const letters: Readonly<Record<string, RunOutcome>> = { '.': 'success', c: 'confirmed', F: 'failure', '?': 'unknown' };

export type RunChange = (run: TargetRun) => TargetRun;
const asIs: RunChange = (run) => run;

/** @returns the runs that a pattern stands for: `.` success, `c` confirmed, `F` failure, `?` unknown, a blank none. */
export function runsOf(pattern: string, periodMs: number, change: RunChange = asIs): readonly TargetRun[] {
  return pattern.split('').flatMap((letter, slot) => {
    const outcome = letters[letter];
    return outcome === undefined ? [] : [change({ at: slot * periodMs + doneMs, outcome })];
  });
}

/** @returns the points of a target and its row. */
export function played(target: Target, pattern: string, change?: RunChange): { readonly dots: readonly Dot[]; readonly strip: Strip } {
  const { kind, name, severity, periodMs } = target;
  return {
    dots: historyOf({ kind, target: name, severity }, runsOf(pattern, periodMs, change)),
    strip: {
      name: `${kind}/${name}`,
      letters: pattern.split('').map((letter, slot) => ({ at: slot * periodMs, letter })),
    },
  };
}

/**
 * @param isSilent whether a shard misses this run
 * @returns the heartbeats of every function that is expected.
 */
export function beating(
  { shards }: PlanContext,
  lengthMs: number,
  isSilent: (kind: string, shard: number, at: number) => boolean = () => false,
): readonly Dot[] {
  return shards.flatMap(({ kind, shard, periodMs }) => {
    const times = Array.from({ length: Math.floor(lengthMs / periodMs) + 1 }, (_, slot) => slot * periodMs + doneMs);
    return heartbeatsOf(
      kind,
      shard,
      times.filter((at) => !isSilent(kind, shard, at)),
    );
  });
}
