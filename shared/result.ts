/** What a run says: results, findings, verdicts; the shapes that answers, metrics, logs and diagnosis share. */
import { type Domain, type Owner, type Reason } from './reasons';

export const outcomes = ['success', 'degraded', 'failure', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

export const severities = ['critical', 'error', 'warning'] as const;
export type Severity = (typeof severities)[number];

export type Verdict = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

export const phases = [
  'dns',
  'connect',
  'tls',
  'auth',
  'query',
  'command',
  'upgrade',
  'message',
  'request',
  'transfer',
  'exchange',
  'api',
  'step',
] as const;
/** A timed part of a probe. */
export type Phase = (typeof phases)[number];
/** Milliseconds per phase reached. */
export type PhaseTimes = Partial<Record<Phase, number>>;

/** What is said of one subject of a target: a secret, a step, an expectation, an address. */
export interface Finding {
  readonly subject: string;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly message: string;
  readonly durationMs: number | null;
}

export type FactValue = string | number | boolean | null | { readonly [key: string]: string | number };
/** Facts under `area.camelCase`. */
export type Observed = Record<string, FactValue>;

/** What one attempt saw. Times are milliseconds. */
export interface Seen {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: PhaseTimes;
  readonly observed: Observed;
  readonly warnings: readonly Finding[];
  readonly findings: readonly Finding[];
}

/** The result of one target in one run; what was seen is the last attempt's. */
export interface Result extends Seen {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly domain: Domain | null;
  readonly owner: Owner | null;
  readonly phase: Phase | null;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
  /** Attempts made, the first included. */
  readonly attempts: number;
  readonly firstOutcome: Outcome;
}

export const triggers = ['schedule', 'manual', 'synthetic'] as const;
export type Trigger = (typeof triggers)[number];
export type Counts = Record<Outcome, number>;

/** How the points of a run fared; their sum is the points of the run. */
export interface TelemetryCounts {
  readonly written: number;
  readonly superseded: number;
  readonly unwritten: number;
}

/** What every answer to an invocation of a function says first. */
export interface Invocation {
  readonly runId: string;
  readonly function: string;
  readonly version: string;
  readonly configHash: string;
  readonly environment: string;
  readonly trigger: Trigger;
  readonly shard: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly coldStart: boolean;
}

/** The answer to one invocation of one function. */
export interface RunReport extends Invocation {
  readonly verdict: Verdict;
  readonly counts: Counts;
  readonly results: readonly Result[];
  readonly telemetry: TelemetryCounts;
}

/** @returns how many results there are of each outcome. */
export function countOutcomes(results: readonly Pick<Result, 'outcome'>[]): Counts {
  const counts: Counts = { success: 0, degraded: 0, failure: 0, unknown: 0 };
  for (const result of results) counts[result.outcome] += 1;
  return counts;
}

/** @returns the verdict over results; nothing looked at is `unknown`, never healthy. */
export function verdictOf(results: readonly Pick<Result, 'severity' | 'outcome'>[]): Verdict {
  if (results.length === 0) return 'unknown';
  const critical = results.filter((result) => result.severity === 'critical');
  if (critical.some((result) => result.outcome === 'failure')) return 'unhealthy';
  if (critical.some((result) => result.outcome === 'unknown')) return 'unknown';
  return results.every((result) => result.outcome === 'success') ? 'healthy' : 'degraded';
}

/** @returns milliseconds with at most three decimals. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
