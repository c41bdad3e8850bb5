/** What a verification answers: whether a fix is signed off, and the evidence. Types only. */
import type { Confidence } from '../diagnose/diagnosis';
import type { Owner } from '../reasons';
import type { Outcome, Severity } from '../result';

/** `not_signed_off` precedes `inconclusive`: whatever is known to fail counts before what could not be told. */
export type SignOff = 'signed_off' | 'not_signed_off' | 'inconclusive';

/** A category of `verify.categories`, as far as its targets were verified. */
export interface CategoryTold {
  readonly name: string;
  readonly critical: boolean;
  /** Targets that passed in every round. */
  readonly passed: number;
  readonly total: number;
  /** Every target passed in every round. */
  readonly ok: boolean;
}

/** A cause, in short. */
export interface CauseTold {
  readonly cause: string;
  readonly owner: Owner;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  /** Names of targets. */
  readonly blocks: readonly string[];
}

/** Milliseconds over the rounds in which the target was probed. */
export interface LatencySpread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** A target over the rounds. */
export interface TargetTold {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  /** One a round, in their order; `unknown` where its function was not reached, or did not know it. */
  readonly outcomes: readonly Outcome[];
  /** Null where it was never probed. */
  readonly latencyMs: LatencySpread | null;
  /** The cause that blocks it. */
  readonly blockedBy: string | null;
  /** Number of the version by the name of the secret, as last seen; absent where it uses none. A later verification compares them. */
  readonly secretVersions?: Readonly<Record<string, string>>;
  /** Of its function, where that is another than the answer's `version`. */
  readonly functionVersion?: string;
}

/** The answer of a verification. */
export interface Verification {
  readonly verdict: SignOff;
  /** The worst outcome of each target counts. */
  readonly overallStatus: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY' | 'UNKNOWN';
  /** Critical targets that failed in any round. */
  readonly criticalFailures: number;
  /** Rounds that were done. */
  readonly rounds: number;
  /** 0 to 1: what passed, of all rounds of all targets; what is unknown has not passed. */
  readonly passRate: number;
  readonly categories: readonly CategoryTold[];
  readonly causes: readonly CauseTold[];
  readonly targets: readonly TargetTold[];
  /** What changed since the baseline, a sentence each; empty without one. */
  readonly changes: readonly string[];
  /** Who does what, the most urgent first: `owner: what`. */
  readonly nextActions: readonly string[];
  readonly runIds: readonly string[];
  readonly version: string;
  readonly configHash: string;
  readonly startedAt: string;
  readonly durationMs: number;
}
