/** What the status function answers of targets, and its page reads. Types only: times are RFC 3339, durations milliseconds. */
import type { Cause } from '../diagnose/diagnosis';
import type { Domain, Owner, Reason } from '../reasons';
import type { Counts, Finding, Outcome, Phase, Severity, Verdict } from '../result';
import type { Problem, Reading } from './reading';

/** One target. */
export interface TargetState {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  /** `unknown` also where it is stale. */
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly domain: Domain | null;
  readonly owner: Owner | null;
  /** Since when its outcome has been this. Null where nothing was seen of it. */
  readonly since: string | null;
  /** True when it began then or earlier, since it was not looked further back: say "since at least". False when that is its beginning. */
  readonly sinceIsAtLeast: boolean;
  /** Of the newest point. */
  readonly lastSeen: string | null;
  /** True when it was not heard of for too long. */
  readonly stale: boolean;
  /** Of the newest run that could tell. */
  readonly latencyMs: number | null;
  /** The cause that explains its failure, where that is not the target itself. */
  readonly blockedBy: string | null;
  /** Cron expression, UTC. */
  readonly schedule: string;
  /** Whether it can be reached from outside the VPC. */
  readonly public: boolean;
  readonly certificateDays: number | null;
  /** Names of secrets that break their rules. */
  readonly invalidSecrets: readonly string[];
}

/** `GET /api/targets`: every target as it was last seen, and what is broken. */
export interface TargetsAnswer extends Reading {
  readonly environment: string;
  readonly version: string;
  readonly configHash: string;
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** The worst first. */
  readonly causes: readonly Cause[];
  readonly targets: readonly TargetState[];
}

/** One secret that a target looks after or needs, as the targets of `secrets` last saw it. */
export interface SecretState {
  readonly secret: string;
  /** Null where it could not be told. */
  readonly valid: boolean | null;
  readonly ageDays: number | null;
}

/** A run that failed, could not tell, or worked with a warning; from the log. */
export interface FailedRun {
  readonly at: string;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly domain: Domain | null;
  readonly owner: Owner | null;
  readonly phase: Phase | null;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
  /** URL of the reason's runbook, or a path relative to the page. */
  readonly runbook: string | null;
  readonly attempts: number;
  readonly durationMs: number;
  readonly findings: readonly Finding[];
  readonly runId: string;
}

/** `GET /api/target?target=NAME`: one target with everything that is known besides its history. */
export interface TargetAnswer extends Reading {
  readonly state: TargetState;
  /** What to look at first; null where nothing is wrong. */
  readonly hint: string | null;
  readonly runbook: string | null;
  readonly secrets: readonly SecretState[];
  /** Names of the targets that it needs, and of those that need it. */
  readonly needs: readonly string[];
  readonly neededBy: readonly string[];
  /** The newest first; null where the log could not be read, and `logProblem` says why. */
  readonly failures: readonly FailedRun[] | null;
  readonly logProblem: Problem | null;
}

/** A piece of time. */
export interface Piece {
  /** Its beginning. */
  readonly at: string;
  /** The worst of its runs; null where there was none. */
  readonly outcome: Outcome | null;
  readonly counts: Counts;
  readonly latencyMs: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** The median of each phase that was reached, in milliseconds. */
  readonly phases: Readonly<Record<string, number>>;
}

/** `GET /api/history?target=NAME&hours=24`: one target over time. */
export interface HistoryAnswer {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  readonly schedule: string;
  readonly hours: number;
  readonly from: string;
  readonly to: string;
  readonly pieceMs: number;
  readonly counts: Counts;
  /** The share of the runs that could tell in which it worked; null where there was none. */
  readonly availability: number | null;
  /** The oldest first, without gaps. */
  readonly pieces: readonly Piece[];
  readonly stale: boolean;
}

/** Something in the picture of dependencies. */
export interface DependencyNode {
  /** `target/<name>`, or the name of a cause that is no target, e.g. `vpc-connector`, `secret/jwt-secret`. */
  readonly id: string;
  readonly label: string;
  /** The kind of a target; null for anything else. */
  readonly kind: string | null;
  /** Null for what is no target and no cause. */
  readonly outcome: Outcome | null;
  /** The cause that this is, and the one that blocks it. */
  readonly cause: string | null;
  readonly blockedBy: string | null;
}

/** `GET /api/dependencies`: who needs whom. */
export interface DependenciesAnswer extends Reading {
  readonly nodes: readonly DependencyNode[];
  /** From the one that needs to the one that is needed, by their ids. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}
