/**
 * Judges the rounds. Signed off is what has no ground against it.
 *
 * | ground | verdict |
 * |---|---|
 * | a critical target failed in any round (critical: by its severity, or named by a critical category) | not signed off |
 * | fewer results passed than `passRate` asks for, even if all that is unknown had passed | not signed off |
 * | the median latency of a critical target lies above the objective `alerts.latency` | not signed off |
 * | a target was verified with another version of a secret than the newest | not signed off |
 * | a critical target is unknown in any round | inconclusive |
 * | fewer results passed than `passRate` asks for, since some are unknown | inconclusive |
 * | a function was not reached, whatever its targets | inconclusive |
 * | a function ran with another configuration than the one that is verified | inconclusive |
 * | fewer rounds were done than asked for | inconclusive |
 *
 * Where grounds of both sorts stand, it is not signed off.
 */
import type { Verify } from '../config/config';
import { formatDuration } from '../config/duration';
import { verdictOf } from '../result';
import { passed, spreadOf, type Tally } from './tally';
import type { CategoryTold, SignOff, Verification } from './verification';

/** Why it is not signed off, or why nobody can tell. */
export interface Ground {
  readonly verdict: Exclude<SignOff, 'signed_off'>;
  /** A sentence without its full stop. */
  readonly text: string;
}

/** What counts of a target. */
export type Judged = Pick<Tally, 'target' | 'severity' | 'critical' | 'outcomes' | 'worst' | 'latencies'>;

/** Everything that counts. */
export interface Case {
  readonly tallies: readonly Judged[];
  readonly rules: Pick<Verify, 'passRate' | 'categories'>;
  /** The objective for the median, in milliseconds. */
  readonly latencyMs?: number;
  readonly rounds: { readonly asked: number; readonly done: number };
  /** Functions that were not reached, a sentence each. */
  readonly unreached: readonly string[];
  /** Functions that ran with another configuration, a sentence each. */
  readonly differences: readonly string[];
  /** Secrets whose newest version was not the one that was used, a sentence each. */
  readonly outdated: readonly string[];
}

/** What it comes to. */
export interface Judgement extends Pick<Verification, 'verdict' | 'overallStatus' | 'criticalFailures' | 'passRate' | 'categories'> {
  /** Those that count first come first. */
  readonly grounds: readonly Ground[];
}

/** Only what surely fails: nothing that may still come takes it back. What is inconclusive may still turn out to fail. */
export function isSettled(tallies: readonly Judged[], { passRate }: Pick<Verify, 'passRate'>, asked: number): boolean {
  if (tallies.some(hasFailedCritically)) return true;
  const failures = count(tallies, 'failure');
  const all = tallies.length * asked;
  return all > 0 && (all - failures) / all < passRate;
}

export function judge(found: Case): Judgement {
  const { tallies, rules } = found;
  const grounds = groundsOf(found).toSorted((a, b) => rank(a) - rank(b));
  const criticals = tallies.map(
    ({ critical, severity, worst }) => ({ severity: critical ? 'critical' : severity, outcome: worst }) as const,
  );
  return {
    verdict: grounds[0]?.verdict ?? 'signed_off',
    overallStatus: upper(verdictOf(criticals)),
    criticalFailures: tallies.filter(hasFailedCritically).length,
    passRate: rateOf(tallies),
    categories: categoriesOf(tallies, rules.categories),
    grounds,
  };
}

const rank = ({ verdict }: Ground): number => (verdict === 'not_signed_off' ? 0 : 1);

function upper(verdict: ReturnType<typeof verdictOf>): Verification['overallStatus'] {
  return verdict.toUpperCase() as Verification['overallStatus'];
}

function hasFailedCritically({ critical, outcomes }: Judged): boolean {
  return critical && outcomes.includes('failure');
}

function count(tallies: readonly Judged[], outcome: Judged['worst']): number {
  return tallies.reduce((sum, { outcomes }) => sum + outcomes.filter((each) => each === outcome).length, 0);
}

const sizeOf = (tallies: readonly Judged[]): number => tallies.reduce((sum, { outcomes }) => sum + outcomes.length, 0);

/** Cut, not rounded, to four decimals: what is below the threshold shall not read as if it reached it. */
function rateOf(tallies: readonly Judged[]): number {
  const good = tallies.reduce((sum, { outcomes }) => sum + outcomes.filter(passed).length, 0);
  const all = sizeOf(tallies);
  return all === 0 ? 0 : Math.floor((good / all) * 10_000 + 1e-9) / 10_000;
}

function groundsOf(given: Case): readonly Ground[] {
  const { tallies, rounds, unreached, differences, outdated } = given;
  const against = (text: string): Ground => ({ verdict: 'not_signed_off', text });
  const unclear = (text: string): Ground => ({ verdict: 'inconclusive', text });
  const failed = tallies.filter(hasFailedCritically);
  const untold = tallies.filter(({ critical, outcomes }) => critical && outcomes.includes('unknown'));
  const { asked, done } = rounds;
  const found: readonly Ground[] = [
    ...failed.map(({ target, outcomes }) => against(failureText(target, outcomes))),
    ...rateGrounds(given, against, unclear),
    ...slowGrounds(given).map(against),
    ...outdated.map(against),
    ...(tallies.length === 0 ? [unclear('there is no target to verify')] : []),
    ...unreached.map(unclear),
    ...differences.map(unclear),
    ...untold.map(({ target, outcomes }) => unclear(`critical target ${target} is unknown in ${timesOf(outcomes, 'unknown')}`)),
  ];
  // Rounds that were left out because nothing could change any more are no ground.
  return done < asked && !found.some(({ verdict }) => verdict === 'not_signed_off')
    ? [...found, unclear(`${done} of ${asked} rounds were done`)]
    : found;
}

function timesOf(outcomes: Judged['outcomes'], outcome: Judged['worst']): string {
  return `${outcomes.filter((each) => each === outcome).length} of ${outcomes.length} rounds`;
}

function failureText(target: string, outcomes: Judged['outcomes']): string {
  const flaps = outcomes.some(passed) ? ': it flaps' : '';
  return `critical target ${target} failed in ${timesOf(outcomes, 'failure')}${flaps}`;
}

function rateGrounds({ tallies, rules }: Case, against: (text: string) => Ground, unclear: (text: string) => Ground): readonly Ground[] {
  const all = sizeOf(tallies);
  const [failures, unknowns] = [count(tallies, 'failure'), count(tallies, 'unknown')];
  const good = all - failures - unknowns;
  if (all === 0 || good / all >= rules.passRate) return [];
  const told = `${good} of ${all} results passed, a pass rate of ${rateOf(tallies)}, at least ${rules.passRate} asked for`;
  return [(all - failures) / all < rules.passRate ? against(told) : unclear(`${told}; ${unknowns} are unknown`)];
}

function slowGrounds({ tallies, latencyMs = Infinity }: Case): readonly string[] {
  return tallies.flatMap(({ target, critical, latencies }) => {
    const median = spreadOf(latencies)?.median ?? 0;
    if (!critical || median <= latencyMs) return [];
    return [`critical target ${target} takes ${Math.round(median)} ms in the median, the objective is ${formatDuration(latencyMs)}`];
  });
}

/** Those without any target that is verified are left out. */
function categoriesOf(tallies: readonly Judged[], categories: Verify['categories']): readonly CategoryTold[] {
  return Object.entries(categories).flatMap(([name, { targets, critical }]): CategoryTold[] => {
    const names = new Set(targets);
    const own = tallies.filter(({ target }) => names.has(target));
    const good = own.filter(({ outcomes }) => outcomes.length > 0 && outcomes.every(passed)).length;
    return own.length === 0 ? [] : [{ name, critical, passed: good, total: own.length, ok: good === own.length }];
  });
}
