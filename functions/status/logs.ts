/** `GET /api/logs`: the newest lines of the functions' logs. */
import type { LogLine, LogsAnswer } from '../../shared/status/events';
import { textOf, type Entries, type Entry } from './entries';
import type { Kept } from './keep';
import type { OwnServices } from './own-services';
import { readingOf } from './told';

/** What can be asked for: each severity means this or a higher one. */
export const logSeverities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export const logHours = { shortest: 1, longest: 720, usual: 1 } as const;
/** So many lines are told at most. */
export const mostLines = 200;

/** The platform leaves an entry for every request; only those that went wrong say more than the function itself does. */
const noRequests = 'NOT (httpRequest.requestMethod:* AND severity<WARNING)';

/** @returns what holds for the entries that are asked for. */
export function lineConditions(severity: (typeof logSeverities)[number] | undefined): readonly string[] {
  return [noRequests, ...(severity === undefined ? [] : [`severity>=${severity}`])];
}

const textIn = (fields: unknown, key: string): string | null => {
  const value = typeof fields === 'object' && fields !== null ? (fields as Readonly<Record<string, unknown>>)[key] : undefined;
  return typeof value === 'string' ? value : null;
};

function lineOf(entry: Entry, { functionOf }: OwnServices): LogLine {
  const { timestamp: at, severity, resource, jsonPayload } = entry;
  const service = resource?.labels['service_name'];
  return {
    at,
    severity,
    function: functionOf(service) ?? service ?? '',
    event: textIn(jsonPayload, 'event'),
    message: textOf(entry),
    target: textIn(jsonPayload?.['result'], 'target'),
    runId: textIn(jsonPayload, 'runId'),
  };
}

export function logsAnswer(kept: Kept<Entries>, services: OwnServices): LogsAnswer {
  const { entries, truncated } = kept.value;
  return { ...readingOf(kept), lines: entries.map((entry) => lineOf(entry, services)), truncated };
}
