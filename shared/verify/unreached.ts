/** Functions that were not reached, and functions that know other targets than the configuration does. */
import type { Cause } from '../diagnose/diagnosis';
import { groupBy } from '../group';
import { severities } from '../result';
import type { Round } from './rounds';
import type { Tally } from './tally';

/** A function that was not reached in some round. */
export interface Unreached {
  readonly kind: string;
  /** Counted from 1. */
  readonly rounds: readonly number[];
  /** The last problem, a sentence. */
  readonly problem: string;
  readonly targets: readonly string[];
}

export function unreachedIn(rounds: readonly Round[]): readonly Unreached[] {
  const problems = rounds.flatMap(({ calls }, index) =>
    calls.flatMap(({ call, outcome }) => (typeof outcome === 'string' ? [{ ...call, problem: outcome, round: index + 1 }] : [])),
  );
  return [...groupBy(problems, ({ kind }) => kind)].map(([kind, found]) => ({
    kind,
    rounds: [...new Set(found.map(({ round }) => round))],
    problem: found.at(-1)?.problem ?? '',
    targets: [...new Set(found.flatMap(({ targets }) => targets.map(({ name }) => name)))].toSorted(),
  }));
}

/** @returns `round 2`, `rounds 2, 3`. */
export function roundsText(rounds: readonly number[]): string {
  return `round${rounds.length === 1 ? '' : 's'} ${rounds.join(', ')}`;
}

/** @returns a sentence. */
export function unreachedText({ kind, rounds, problem }: Unreached, done: number): string {
  const when = rounds.length === done ? '' : ` in ${roundsText(rounds)}`;
  return `the function ${kind} gave no whole answer${when}: ${problem}`;
}

/** @returns the function as a cause of its own: nothing is known of its targets because of it. */
export function causeOf(unreached: Unreached, tallies: readonly Tally[], done: number): Cause {
  const names = new Set(unreached.targets);
  const own = tallies.filter(({ kind, target }) => kind === unreached.kind && names.has(target));
  return {
    cause: `function/${unreached.kind}`,
    title: `The function ${unreached.kind} gave no whole answer`,
    owner: 'monitor',
    reason: 'internal',
    severity: severities.find((severity) => own.some((tally) => tally.severity === severity)) ?? 'warning',
    confidence: 'high',
    evidence: [unreachedText(unreached, done)],
    targets: [],
    blocks: own.map(({ target }) => target).toSorted(),
  };
}
