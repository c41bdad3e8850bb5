/** Adds the rounds up: what became of each target, round by round. */
import type { Config, Target } from '../config/config';
import type { Outcome, Result, Severity } from '../result';
import type { LatencySpread } from './verification';
import type { Round } from './rounds';

/** A target over the rounds. */
export interface Tally {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  /** By its severity, or because a critical category names it. */
  readonly critical: boolean;
  /** Whether the configuration knows it; a function of another one may answer for more targets. */
  readonly configured: boolean;
  /** One a round; absent where there is none. */
  readonly results: readonly (Result | undefined)[];
  /** One a round. */
  readonly outcomes: readonly Outcome[];
  /** The one that counts where a single one has to. */
  readonly worst: Outcome;
  /** Of its results the latest with the worst outcome that was seen; absent where there is none at all. */
  readonly telling?: Result;
  /** Milliseconds, one a round in which it was probed. */
  readonly latencies: readonly number[];
  /** Of the function that answered last. */
  readonly functionVersion?: string;
}

const worstFirst: readonly Outcome[] = ['failure', 'unknown', 'degraded', 'success'];

/** @returns the worst of them; of none `unknown`. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'unknown';
}

/** @returns whether it is up. */
export function passed(outcome: Outcome): boolean {
  return outcome === 'success' || outcome === 'degraded';
}

/**
 * @returns the result that shows the worst outcome; none where that is `unknown` because there was no result in some round: what was
 * seen in the others says nothing about it.
 */
export function worstResult({ telling, worst }: Pick<Tally, 'telling' | 'worst'>): Result | undefined {
  return telling?.outcome === worst ? telling : undefined;
}

/** @returns the spread of the latencies, or null of none; of an even number the median is the mean of both in the middle. */
export function spreadOf(latencies: readonly number[]): LatencySpread | null {
  const sorted = latencies.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? min) + (sorted[Math.ceil(middle)] ?? max)) / 2;
  return { min, median: Math.round(median * 1000) / 1000, max };
}

interface Seen {
  readonly result: Result;
  readonly version: string;
}

const keyOf = (kind: string, target: string): string => `${kind}/${target}`;

/** By the key of the target; an answer with two results of the same target is believed the worse one. */
function seenIn({ calls }: Round): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const { call, outcome } of calls) {
    if (typeof outcome === 'string') continue;
    for (const result of outcome.results) {
      // A function speaks for its own kind alone.
      if (result.kind !== call.kind) continue;
      const key = keyOf(result.kind, result.target);
      const before = seen.get(key)?.result.outcome;
      if (before !== undefined && worstOf([before, result.outcome]) === before) continue;
      seen.set(key, { result, version: outcome.version });
    }
  }
  return seen;
}

/**
 * @param selected the targets that are verified
 * @returns a tally of each, in this order; then of each that a function answered for although the configuration does not know it.
 */
export function talliesOf(
  selected: readonly Target[],
  { verify, targets }: Pick<Config, 'verify' | 'targets'>,
  rounds: readonly Round[],
): readonly Tally[] {
  const criticalNames = new Set(Object.values(verify.categories).flatMap((category) => (category.critical ? category.targets : [])));
  const seen = rounds.map(seenIn);
  const known = new Set(targets.map(({ kind, name }) => keyOf(kind, name)));
  const others = new Map(seen.flatMap((round) => [...round].filter(([key]) => !known.has(key)).map(([key, { result }]) => [key, result])));
  const tally = (kind: string, target: string, severity: Severity, configured: boolean): Tally => {
    const found = seen.map((round) => round.get(keyOf(kind, target)));
    const results = found.map((each) => each?.result);
    const outcomes = results.map((result) => result?.outcome ?? 'unknown');
    const seenOutcomes = results.flatMap((result) => result?.outcome ?? []);
    const worstSeen = worstOf(seenOutcomes);
    return {
      kind,
      target,
      severity,
      critical: severity === 'critical' || (configured && criticalNames.has(target)),
      configured,
      results,
      outcomes,
      worst: worstOf(outcomes),
      telling: results.findLast((result) => result?.outcome === worstSeen),
      latencies: results.flatMap((result) => (result && result.outcome !== 'unknown' ? [result.durationMs] : [])),
      functionVersion: found.findLast((each) => each !== undefined)?.version,
    };
  };
  return [
    ...selected.map(({ kind, name, severity }) => tally(kind, name, severity, true)),
    ...[...others.values()].map(({ kind, target, severity }) => tally(kind, target, severity, false)),
  ];
}
