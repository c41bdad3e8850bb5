/** The latest state of a target: from its runs, and from how long ago the last of them was. */
import { timestamp } from '../clock';
import type { Target } from '../config/config';
import type { Observation } from '../diagnose/diagnosis';
import type { Outcome } from '../result';
import type { RunSeen } from './runs';

/** What is known of a target now. */
export interface Latest extends Pick<RunSeen, 'reason' | 'domain' | 'owner'> {
  readonly target: Target;
  /** `unknown` when it is stale. */
  readonly outcome: Outcome;
  /** True when nothing was heard of it for too long, or ever: then reason, domain and owner are null. */
  readonly stale: boolean;
  /** Milliseconds since 1970 of the newest point; null where none is in the window. */
  readonly at: number | null;
  /** Milliseconds since 1970: since when its outcome has been this. */
  readonly since: number | null;
  /** True when it began then or earlier: the window shows no run of another outcome before. */
  readonly sinceIsAtLeast: boolean;
  /** Milliseconds since 1970 of the last run in which it worked. */
  readonly workedAt: number | null;
  /** Runs that failed, and runs that could not tell, since it last worked. */
  readonly failures: number;
  readonly unknowns: number;
}

const works = ({ outcome }: RunSeen): boolean => outcome === 'success' || outcome === 'degraded';

/**
 * @param runs the newest first.
 * @param now milliseconds since 1970.
 * @param staleAfterMs see `staleAfter`.
 */
export function latestOf(target: Target, runs: readonly RunSeen[], now: number, staleAfterMs: number): Latest {
  const [newest] = runs;
  const worked = runs.findIndex(works);
  const bad = worked === -1 ? runs : runs.slice(0, worked);
  const count = (outcome: Outcome): number => bad.filter((run) => run.outcome === outcome).length;
  const history = { target, workedAt: runs[worked]?.at ?? null, failures: count('failure'), unknowns: count('unknown') };
  if (!newest || now - newest.at > staleAfterMs) return untold({ ...history, at: newest?.at ?? null });
  const changed = runs.findIndex(({ outcome }) => outcome !== newest.outcome);
  const since = runs[(changed === -1 ? runs.length : changed) - 1]?.at ?? newest.at;
  return { ...history, ...told(newest, bad), stale: false, since, sinceIsAtLeast: changed === -1 };
}

/** Of a run whose points have not all come yet, why it failed is taken from the failure before: most of the time it is the same. */
function told(newest: RunSeen, bad: readonly RunSeen[]): RunSeen {
  if (newest.outcome !== 'failure' || newest.reason !== null) return newest;
  const before = bad.find(({ outcome, reason }) => outcome === 'failure' && reason !== null);
  return before ? { ...before, at: newest.at } : newest;
}

/** @returns a target that was not heard of for too long, or ever: unknown since then. */
export function untold(last: Pick<Latest, 'target' | 'at' | 'workedAt' | 'failures' | 'unknowns'>): Latest {
  return { ...last, outcome: 'unknown', reason: null, domain: null, owner: null, stale: true, since: last.at, sinceIsAtLeast: false };
}

/** @returns what a diagnosis is given: nothing of what is stale. */
export function observationsOf(all: Iterable<Latest>): Observation[] {
  return [...all]
    .filter(({ stale }) => !stale)
    .map(({ target: { kind, name, severity }, outcome, reason, domain, owner, at }) => ({
      kind,
      target: name,
      severity,
      outcome,
      reason,
      domain,
      owner,
      // The stamp is that of its end; of what changed in between nothing is known anyway.
      ...(at === null ? {} : { startedAt: timestamp(at) }),
    }));
}
