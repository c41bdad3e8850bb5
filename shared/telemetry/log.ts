/** Structured logs: one JSON object a line, as Cloud Logging reads it from a function's standard output. */
import { describe } from '../fault';

/** What happened; the closed list that log queries rely on. */
export type LogEvent = 'run' | 'result' | 'warning' | 'point_unwritten' | 'config';
/** Of Cloud Logging's LogSeverity, the ones in use. */
export type LogSeverity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface LogEntry {
  readonly severity: LogSeverity;
  readonly event: LogEvent;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Takes an entry. */
export type Log = (entry: LogEntry) => void;

const ranks = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 } as const;
const lowest = { debug: 0, info: 1, warn: 2, error: 3 } as const;

/** The trace that a request belongs to. */
export interface Trace {
  readonly traceId: string;
  readonly spanId?: string;
  readonly sampled: boolean;
}

/**
 * Reads `traceparent` (W3C Trace Context) or `X-Cloud-Trace-Context` (`TRACE/SPAN;o=1`, span in decimal).
 * @returns undefined where neither is there or well formed.
 */
export function traceOf(headers: Readonly<Record<string, string | string[] | undefined>>): Trace | undefined {
  const w3c = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(String(headers['traceparent'] ?? ''));
  if (w3c?.[1]) return { traceId: w3c[1], spanId: w3c[2], sampled: (Number.parseInt(w3c[3] ?? '0', 16) & 1) === 1 };
  const google = /^([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?/i.exec(String(headers['x-cloud-trace-context'] ?? ''));
  if (!google?.[1]) return undefined;
  const spanId = google[2] ? BigInt(google[2]).toString(16).padStart(16, '0') : undefined;
  return { traceId: google[1], spanId, sampled: google[3] === '1' };
}

/** @returns the special fields by which Cloud Logging joins an entry to its trace. */
export function traceFields(trace: Trace | undefined, project: string): Record<string, unknown> {
  if (!trace) return {};
  return {
    'logging.googleapis.com/trace': `projects/${project}/traces/${trace.traceId}`,
    ...(trace.spanId ? { 'logging.googleapis.com/spanId': trace.spanId } : {}),
    'logging.googleapis.com/trace_sampled': trace.sampled,
  };
}

/** @returns a log that writes what is at least as severe as the level, with the fields added to every entry. */
export function createLog(
  level: keyof typeof lowest,
  fields: Readonly<Record<string, unknown>> = {},
  write: (line: string) => void = writeLine,
): Log {
  return (entry) => {
    // A lost point is told whatever the level: the line is all that is left of it.
    if (ranks[entry.severity] < lowest[level] && entry.event !== 'point_unwritten') return;
    write(lineOf({ ...entry, ...fields }));
  };
}

function lineOf(entry: Record<string, unknown>): string {
  try {
    return JSON.stringify(entry);
  } catch (error) {
    return JSON.stringify({ severity: 'ERROR', event: 'warning', message: `an entry could not be serialised: ${describe(error).message}` });
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
