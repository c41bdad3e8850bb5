/** `GET /api/errors`: what the functions reported, put together as Error Reporting does it. */
import * as z from 'zod';
import { groupBy } from '../../shared/group';
import type { ErrorGroup, ErrorsAnswer } from '../../shared/status/events';
import { textOf, type Entries, type Entry } from './entries';
import type { Kept } from './keep';
import { resultIn, type LoggedResult } from './logged-result';
import { readingOf } from './told';

export const errorHours = { shortest: 1, longest: 720, usual: 24 } as const;
/** So many reports are read at most. */
export const mostReports = 1000;

/** Reports say which service they are of; what the runtime prints when it crashes is a stack (Error Reporting, "Format errors in Cloud Logging"). */
export const reportConditions: readonly string[] = ['(jsonPayload.serviceContext.service:* OR textPayload:"    at ")'];

const location = z.object({ filePath: z.string(), lineNumber: z.number(), functionName: z.string() }).partial();
const reported = z.object({
  message: z.string(),
  serviceContext: z.object({ service: z.string() }),
  context: z.object({ reportLocation: location.catch({}) }).catch({ reportLocation: {} }),
});

interface Report {
  readonly at: string;
  readonly service: string;
  readonly headline: string;
  /** Where it was reported from, in one text. */
  readonly place: string;
  readonly message: string;
  readonly result: LoggedResult | undefined;
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? '';

function reportOf(entry: Entry): Report | undefined {
  const { timestamp: at, jsonPayload, textPayload, resource } = entry;
  const message = textOf(entry);
  const report = reported.safeParse(jsonPayload).data;
  if (report) {
    const { filePath = '', lineNumber = '', functionName = '' } = report.context.reportLocation;
    const place = [filePath, lineNumber, functionName].join(' ');
    return { at, service: report.serviceContext.service, headline: firstLine(message), place, message, result: resultIn(jsonPayload) };
  }
  // A stack begins with what was thrown; lines of one that was torn apart say nothing by themselves.
  const frame = /^\S[^\n]*\n(?:[^\n]*\n)*?(\s+at [^\n]*)/.exec(textPayload ?? '')?.[1];
  if (frame === undefined) return undefined;
  const service = resource?.labels['service_name'] ?? '';
  return { at, service, headline: firstLine(message), place: frame.trim(), message, result: undefined };
}

/** @param reports of one group, the newest first. */
function groupOf(reports: readonly Report[]): readonly ErrorGroup[] {
  const [newest] = reports;
  const oldest = reports.at(-1);
  if (!newest || !oldest) return [];
  const { headline, service, message, result } = newest;
  return [
    {
      headline,
      service,
      count: reports.length,
      firstSeen: oldest.at,
      lastSeen: newest.at,
      kind: result?.kind ?? null,
      target: result?.target ?? null,
      outcome: result?.outcome ?? null,
      reason: result?.reason ?? null,
      owner: result?.owner ?? null,
      message,
    },
  ];
}

/**
 * Without a stack, groups form from the message and the location of the report.
 * @param kept the newest reports: where they were cut, counts and first times are those of these alone.
 */
export function errorsAnswer(kept: Kept<Entries>): ErrorsAnswer {
  const { entries, truncated } = kept.value;
  const reports = entries.flatMap((entry) => reportOf(entry) ?? []);
  const groups = groupBy(reports, ({ service, headline, place }) => JSON.stringify([service, headline, place]));
  // They come the newest first, so the groups do, too.
  return { ...readingOf(kept), groups: [...groups.values()].flatMap(groupOf), truncated };
}
