/** The words that all forms of the report share. */
import type { Mark } from '../declaration';
import { passed, worstResult, type Tally } from '../tally';
import { roundsText } from '../unreached';
import type { Outcome } from '../../result';
import type { LatencySpread, SignOff, TargetTold } from '../verification';
import type { Account, RoundTold, Verified } from '../verify';

export const verdictWords: Readonly<Record<SignOff, string>> = {
  signed_off: 'SIGNED OFF',
  not_signed_off: 'NOT SIGNED OFF',
  inconclusive: 'INCONCLUSIVE',
};

/** @returns milliseconds as people read them: `0.4 ms`, `48 ms`, `1.2 s`. */
export function shortTime(ms: number): string {
  if (ms >= 9_950) return `${Math.round(ms / 1000)} s`;
  if (ms >= 995) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
}

/** @returns `12 / 15 / 40 ms`, `900 ms / 1.2 s / 3.0 s`: least, median, most; of one value that alone. */
export function spreadText(spread: LatencySpread | null): string {
  if (!spread) return '';
  const { min, median, max } = spread;
  const times = (min === max ? [min] : [min, median, max]).map(shortTime);
  const units = new Set(times.map((time) => time.split(' ')[1]));
  // A unit that all have stands once.
  return units.size > 1
    ? times.join(' / ')
    : times.map((time, index) => (index < times.length - 1 ? time.split(' ')[0] : time)).join(' / ');
}

/** @returns the outcomes over the rounds in few words: `passed 3 of 3`, `failed 1 of 3`. */
export function overRounds(outcomes: readonly Outcome[]): string {
  const of = `of ${outcomes.length}`;
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  const failures = count('failure');
  const unknowns = count('unknown');
  const parts = [...(failures > 0 ? [`failed ${failures} ${of}`] : []), ...(unknowns > 0 ? [`unknown ${unknowns} ${of}`] : [])];
  if (parts.length > 0) return parts.join(', ');
  const warned = count('degraded');
  return `passed ${outcomes.filter(passed).length} ${of}${warned > 0 ? `, ${warned} with warnings` : ''}`;
}

/** Why a target is not well. */
export interface Why {
  /** Empty where there is none. */
  readonly reason: string;
  readonly message: string;
}

/** @returns what shows the worst outcome of a target, be it that there was no result; nothing of one that is well. */
export function whyOf(tally: Tally): Why | undefined {
  if (tally.worst === 'success') return undefined;
  const result = worstResult(tally);
  if (result) return { reason: result.reason ?? '', message: result.message };
  const missing = tally.results.flatMap((each, index) => (each === undefined ? [index + 1] : []));
  const all = missing.length === tally.results.length;
  return { reason: '', message: `no result in ${all ? 'any round' : roundsText(missing)}` };
}

/** A target as it is answered, and what it was told from. */
export interface Row {
  readonly told: TargetTold;
  readonly tally: Tally;
}

const worstFirst: readonly Outcome[] = ['failure', 'unknown', 'degraded', 'success'];

/** @returns the targets in the order of the answer. */
export function rowsOf({ answer, account }: Verified): readonly Row[] {
  return answer.targets.flatMap((told, index) => {
    const tally = account.tallies[index];
    return tally ? [{ told, tally }] : [];
  });
}

/** @returns the targets, those that fail first. */
export function worstRowsFirst(verified: Verified): readonly Row[] {
  return rowsOf(verified).toSorted((a, b) => worstFirst.indexOf(a.tally.worst) - worstFirst.indexOf(b.tally.worst));
}

/** What a line of the declaration begins with, as text; and the outcome that it is like. */
export const markWords: Readonly<Record<Mark, string>> = { ok: 'ok', degraded: 'WARN', failed: 'FAIL', unchecked: '?' };
export const markOutcomes: Readonly<Record<Mark, Outcome>> = {
  ok: 'success',
  degraded: 'degraded',
  failed: 'failure',
  unchecked: 'unknown',
};

/** @returns one line a round. */
export function roundLines({ rounds, asked, ending }: Account): readonly string[] {
  const lines = rounds.map((round, index) => `Round ${index + 1} of ${asked.rounds}: ${roundText(round)}`);
  const endings = {
    done: [],
    settled: rounds.length < asked.rounds ? ['Ended early: nothing that may still come can change the verdict'] : [],
    time: ['Ended early: the time for the verification was over'],
  };
  return [...lines, ...endings[ending]];
}

function roundText({ passed: good, failed, unknown, durationMs }: RoundTold): string {
  return `${good} passed, ${failed} failed, ${unknown} unknown, in ${shortTime(durationMs)}`;
}

export function percent(rate: number): string {
  return `${Math.floor(rate * 1000 + 1e-9) / 10} %`;
}

/** @returns the two lines that scripts and people look for. */
export function statusLines({ answer }: Verified): readonly string[] {
  return [`Overall Status: ${answer.overallStatus}`, `Critical Failures: ${answer.criticalFailures}`];
}

/** @returns what heads the report. */
export function headOf({ account }: Verified, issue: string | undefined): string {
  return `Verification of ${account.environment}${issue === undefined ? '' : ` for ${issue}`}`;
}

/** @returns the first of them, written, and a line that says how many more there are. */
export function firstOf<T>(all: readonly T[], most: number, line: (item: T, index: number) => string): readonly string[] {
  const more = all.length - most;
  return [...all.slice(0, most).map(line), ...(more > 0 ? [`…and ${more} more`] : [])];
}
