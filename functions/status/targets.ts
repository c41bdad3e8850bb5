/** `GET /api/targets`: every target as it was last seen, and what is broken. */
import { timestamp } from '../../shared/clock';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { Latest } from '../../shared/latest/latest';
import type { Domain, Owner, Reason } from '../../shared/reasons';
import { countOutcomes, type Counts, type Outcome, type Severity, type Verdict } from '../../shared/result';
import { version } from '../../shared/version';
import type { Facts } from './facts';
import { verdictOver, type Overview } from './overview';
import type { Everything } from './reading';

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
  /** RFC 3339: since when its outcome has been this, or longer. Null where it was never seen. */
  readonly since: string | null;
  /** RFC 3339 of the newest point. */
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

/** The whole answer. */
export interface TargetsAnswer {
  readonly environment: string;
  readonly version: string;
  readonly configHash: string;
  /** RFC 3339: when the points were read. */
  readonly readAt: string;
  /** True when they could not be read again: `problem` says why. */
  readonly stale: boolean;
  /** Also where only latencies, certificates or single secrets could not be read: then those are of before, or missing. */
  readonly problem: { readonly reason: Reason; readonly message: string } | null;
  readonly verdict: Verdict;
  readonly counts: Counts;
  /** The worst first. */
  readonly causes: readonly Cause[];
  readonly targets: readonly TargetState[];
}

const stampOf = (at: number | null): string | null => (at === null ? null : timestamp(at));

function stateOf(latest: Latest, { diagnosis }: Overview, { latencyMs, certificateDays, invalidSecrets }: Facts): TargetState {
  const { target, outcome, reason, domain, owner, since, at, stale } = latest;
  const { name } = target;
  return {
    kind: target.kind,
    target: name,
    severity: target.severity,
    outcome,
    reason,
    domain,
    owner,
    since: stampOf(since),
    lastSeen: stampOf(at),
    stale,
    latencyMs: latencyMs.get(name)?.value ?? null,
    blockedBy: diagnosis.blockedBy.get(name) ?? null,
    schedule: target.schedule,
    public: target.public,
    certificateDays: certificateDays.get(name)?.value ?? null,
    // What was said before the newest run is of secrets that are not looked after any more.
    invalidSecrets: (invalidSecrets.get(name) ?? []).filter((said) => said.at === at).map(({ secret }) => secret),
  };
}

/** @returns the answer. */
export function targetsAnswer({ overview, facts, at, old, problem }: Everything): TargetsAnswer {
  const { config, latest, diagnosis } = overview;
  const all = [...latest.values()];
  return {
    environment: config.environment,
    version,
    configHash: config.hash,
    readAt: timestamp(at),
    stale: old,
    problem: problem && { reason: problem.reason, message: problem.message },
    verdict: verdictOver(overview),
    counts: countOutcomes(all),
    causes: diagnosis.causes,
    targets: all.map((each) => stateOf(each, overview, facts)),
  };
}
