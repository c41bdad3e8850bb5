/** The history of a target, and what else its page shows. */
import { countOutcomes, type Outcome } from '../../shared/result';
import type { FailedRun, HistoryAnswer, Piece, TargetAnswer, TargetState } from '../../shared/status/state';
import { minutesAgo } from './page-targets';

const minuteMs = 60_000;

/** @returns how it was in a piece: well, then a gap, then failing. */
function outcomeAt(share: number, index: number): Outcome | null {
  if (share > 0.55 && share < 0.6) return null;
  if (share > 0.97) return 'failure';
  if (index % 61 === 13) return 'degraded';
  return index % 97 === 40 ? 'unknown' : 'success';
}

function pieceOf(at: string, index: number, count: number): Piece {
  const outcome = outcomeAt(index / count, index);
  const connect = outcome === 'failure' ? 9000 : 4 + (index % 7);
  const rest: Record<string, number> =
    outcome === 'failure' ? {} : { tls: 9 + (index % 5), auth: 6 + (index % 3), query: 11 + ((index * 7) % 23) };
  const told = outcome !== null && outcome !== 'unknown';
  const median = connect + 1 + Object.values(rest).reduce((sum, value) => sum + value, 0);
  return {
    at,
    outcome,
    counts: countOutcomes(outcome === null ? [] : Array.from({ length: 5 }, () => ({ outcome }))),
    latencyMs: told ? { min: median * 0.8, median, max: median * 1.6 } : null,
    phases: told ? { dns: 1, connect, ...rest } : {},
  };
}

/** @param count how many pieces there are. */
export function historyOf({ kind, target, severity, schedule }: TargetState, hours: number, count: number): HistoryAnswer {
  const to = Math.floor(Date.now() / minuteMs) * minuteMs;
  const pieceMs = (hours * 60 * minuteMs) / count;
  const from = to - count * pieceMs;
  const pieces = Array.from({ length: count }, (_, index) => pieceOf(new Date(from + index * pieceMs).toISOString(), index, count));
  const counts = countOutcomes(pieces.flatMap(({ outcome }) => (outcome ? [{ outcome }] : [])));
  return {
    kind,
    target,
    severity,
    schedule,
    hours,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    pieceMs,
    counts,
    availability: 0.97123,
    pieces,
    stale: false,
  };
}

function failureOf(state: TargetState, minutes: number): FailedRun {
  return {
    at: minutesAgo(minutes),
    outcome: state.outcome,
    reason: state.reason,
    domain: state.domain,
    owner: state.owner,
    phase: 'connect',
    code: 'ETIMEDOUT',
    message: `no answer from 10.166.204.83:5432 within 10 s (the deadline in connect)`,
    hint: 'No answer to the connection attempt: a firewall drops it or there is no way to the host. Look at the VPC connector.',
    runbook: state.reason && `runbooks#${state.reason}`,
    attempts: 2,
    durationMs: 10_004,
    findings: [
      { subject: 'address 10.166.204.83', outcome: 'failure', reason: 'connect_timeout', message: 'no answer', durationMs: 5000 },
      { subject: 'address 10.166.204.84', outcome: 'success', reason: null, message: 'connected', durationMs: 4 },
    ],
    runId: `01JQ${String(minutes).padStart(6, '0')}`,
  };
}

/** @returns all that is known of a target besides its history. */
export function targetAnswer(state: TargetState): TargetAnswer {
  const well = state.outcome === 'success';
  return {
    readAt: minutesAgo(0.3),
    stale: false,
    problem: null,
    state,
    hint: well
      ? null
      : 'No answer to the connection attempt: a firewall drops it or there is no way to the host. Look at the VPC connector (READY?).',
    runbook: state.reason && `runbooks#${state.reason}`,
    secrets:
      state.kind === 'secrets'
        ? [
            { secret: 'database-url', valid: true, ageDays: 41.5 },
            { secret: 'jwt-secret-staging', valid: false, ageDays: 0.1 },
            { secret: 'smtp-password', valid: null, ageDays: null },
          ]
        : [],
    needs: ['vpc', 'app'],
    neededBy: ['backend', 'golden-path'],
    failures: well ? [] : [1, 2, 3, 4].map((minutes) => failureOf(state, minutes)),
    logProblem: null,
  };
}
