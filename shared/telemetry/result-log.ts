/** What a result says in the log, and to Error Reporting where it is a failure or unknown. */
import { domainOf } from '../reasons';
import type { Result } from '../result';
import type { LogEntry } from './log';

const reportedErrorEvent = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/** Who reports: the function and its version. */
export interface Reporter {
  readonly service: string;
  readonly version: string;
}

/**
 * @returns the entry of a result. That of a failure or an unknown is an Error Reporting event without a stack, grouped by its
 * message's first line and its location, which are therefore the same for the same kind, target and reason.
 */
export function entryOf(result: Result, reporter: Reporter, runId: string): LogEntry {
  const { kind, target, outcome, reason, message } = result;
  if (outcome === 'success') return { severity: 'DEBUG', event: 'result', message: `${kind} ${target}: success`, runId, result };
  const headline = `${kind} ${target}: ${outcome} ${reason}`;
  if (outcome === 'degraded') return { severity: 'WARNING', event: 'result', message: `${headline}\n${message}`, runId, result };
  return {
    severity: 'ERROR',
    event: 'result',
    message: `${headline}\n${message}`,
    '@type': reportedErrorEvent,
    serviceContext: { service: reporter.service, version: reporter.version },
    context: { reportLocation: { filePath: `functions/${kind}`, lineNumber: 1, functionName: `${target}.${reason}` } },
    eventTime: result.startedAt,
    runId,
    domain: reason && domainOf(reason),
    result,
  };
}
