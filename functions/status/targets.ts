/** `GET /api/targets`: every target as it was last seen, and what is broken. */
import { timestamp } from '../../shared/clock';
import type { Diagnosis } from '../../shared/diagnose/diagnosis';
import type { Latest } from '../../shared/latest/latest';
import { countOutcomes } from '../../shared/result';
import type { TargetsAnswer, TargetState } from '../../shared/status/state';
import { version } from '../../shared/version';
import { isBlockedBy } from './blocked';
import type { Facts } from './facts';
import { verdictOver, type Overview } from './overview';
import type { Everything } from './reading';
import { readingOf } from './told';

const stampOf = (at: number | null): string | null => (at === null ? null : timestamp(at));

/** @returns the cause that blocks a target. */
function blockerOf(name: string, { blockedBy, causes }: Diagnosis): string | null {
  const cause = blockedBy.get(name);
  return cause !== undefined && isBlockedBy(name, cause, causes) ? cause : null;
}

/** @returns what is told of one target. */
export function stateOf(latest: Latest, { diagnosis }: Overview, { latencyMs, certificateDays, invalidSecrets }: Facts): TargetState {
  const { target, outcome, reason, domain, owner, since, sinceIsAtLeast, at, stale } = latest;
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
    sinceIsAtLeast,
    lastSeen: stampOf(at),
    stale,
    latencyMs: latencyMs.get(name)?.value ?? null,
    blockedBy: blockerOf(name, diagnosis),
    schedule: target.schedule,
    public: target.public,
    certificateDays: certificateDays.get(name)?.value ?? null,
    // What was said before the newest run is of secrets that are not looked after any more.
    invalidSecrets: (invalidSecrets.get(name) ?? []).filter((said) => said.at === at).map(({ secret }) => secret),
  };
}

/** @returns the answer. */
export function targetsAnswer(everything: Everything): TargetsAnswer {
  const { overview, facts } = everything;
  const { config, latest, diagnosis } = overview;
  const all = [...latest.values()];
  return {
    environment: config.environment,
    version,
    configHash: config.hash,
    ...readingOf(everything),
    verdict: verdictOver(overview),
    counts: countOutcomes(all),
    causes: diagnosis.causes,
    targets: all.map((each) => stateOf(each, overview, facts)),
  };
}
