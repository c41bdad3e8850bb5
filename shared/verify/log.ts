/** What a verification writes into the log: one line a function and round, one a round, and one at the end. */
import { verdictOf } from '../result';
import type { Log, LogEntry } from '../telemetry/log';
import type { Tell } from './progress';
import type { Verified } from './verify';

/** @returns what writes the progress of a verification. */
export function progressLog(log: Log): Tell {
  return (progress) => {
    if (progress.type === 'pause') return;
    const { round, of } = progress;
    const where = `verify: round ${round} of ${of}`;
    if (progress.type === 'round') {
      const message = `${where}: calls ${progress.functions.join(', ') || 'nothing'}`;
      return log({ severity: 'INFO', event: 'run', message, round, rounds: of });
    }
    const { durationMs } = progress;
    const common = { round, rounds: of, durationMs };
    if (progress.type === 'done') return log({ severity: 'INFO', event: 'run', message: `${where}: done`, ...common });
    const { kind, outcome } = progress;
    const said = { ...common, function: kind };
    if (typeof outcome === 'string') return log({ severity: 'ERROR', event: 'warning', message: `${where}: ${kind}: ${outcome}`, ...said });
    const verdict = verdictOf(outcome.results);
    const severity = verdict === 'healthy' ? 'INFO' : 'WARNING';
    log({ severity, event: 'run', message: `${where}: ${kind} is ${verdict}`, ...said, runId: outcome.runId, verdict });
  };
}

/** @returns the line at the end: the answer without its targets. */
export function summaryOf({ answer }: Verified): LogEntry {
  const { targets, ...rest } = answer;
  return {
    severity: answer.verdict === 'signed_off' ? 'INFO' : 'WARNING',
    event: 'run',
    message: `verify: ${answer.verdict}, ${answer.overallStatus}, ${answer.criticalFailures} critical failures, ${targets.length} targets`,
    ...rest,
  };
}
