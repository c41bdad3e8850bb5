/** Cloud Logging: how often something was logged of late (REST v2, `entries.list`). */
import * as z from 'zod';
import { timestamp, wallClock } from '../../shared/clock';
import { formatDuration } from '../../shared/config/duration';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask } from './ask';
import type { logs } from './fields';
import { met, unmet } from './findings';

const entry = z.object({
  timestamp: z.string().optional(),
  receiveTimestamp: z.string().optional(),
  textPayload: z.string().optional(),
  jsonPayload: z.record(z.string(), z.unknown()).optional(),
  protoPayload: z.record(z.string(), z.unknown()).optional(),
  httpRequest: z.object({ requestMethod: z.string(), requestUrl: z.string(), status: z.number() }).partial().optional(),
});
const answer = z.object({ entries: z.array(entry).optional(), nextPageToken: z.string().optional() });
type Entry = z.output<typeof entry>;

/**
 * What the monitor itself leaves in the log, and would else find there again: its results, which quote what was found, and the
 * audit of its question, which quotes the filter.
 */
const ownEntries = [
  'NOT (jsonPayload.event="result" AND jsonPayload.result.firstOutcome:*)',
  'NOT protoPayload.methodName="google.logging.v2.LoggingServiceV2.ListLogEntries"',
];

/** The most that the API gives in one page. */
const longestPage = 1000;

export async function checkLogs(wanted: z.output<typeof logs>, context: ProbeContext): Promise<readonly Finding[]> {
  const since = timestamp(wallClock() - wanted.within);
  // A filter may end in a comment, which goes as far as its line does.
  const filter = [`(${wanted.filter}\n)`, `timestamp>="${since}"`, ...ownEntries].join('\nAND ');
  const found = await list(filter, wanted.atMost + 1, context);
  const [newest] = found;
  const count = found.length > wanted.atMost ? `${found.length} or more` : String(found.length);
  const told = `${count} entries within ${formatDuration(wanted.within)}`;
  context.observe({ 'logs.matches': found.length });
  if (!newest || found.length <= wanted.atMost) return [met('matches', told)];
  const at = newest.timestamp ?? newest.receiveTimestamp ?? 'an unknown time';
  return [
    unmet(
      'matches',
      `${told}, expected at most ${wanted.atMost}; the newest, at ${at}: ${quote(newest, context.redact)}`,
      'assertion_failed',
    ),
  ];
}

/** A page may be empty although others follow: the search took too long for one. */
async function list(filter: string, limit: number, context: ProbeContext): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (let pageToken: string | undefined = ''; pageToken !== undefined && found.length < limit;) {
    const body = {
      resourceNames: [`projects/${context.run.project}`],
      filter,
      orderBy: 'timestamp desc',
      pageSize: Math.min(limit, longestPage),
      ...(pageToken === '' ? {} : { pageToken }),
    };
    const question = { api: 'logging', version: 'v2', what: 'log', name: 'entries', answer, post: { method: ':list', body } } as const;
    const page: z.output<typeof answer> = await ask(question, context);
    found.push(...(page.entries ?? []));
    pageToken = page.nextPageToken || undefined;
  }
  return found.slice(0, limit);
}

const longestQuote = 200;

/** @returns what an entry says, briefly and on one line, without the secrets that the run knows. */
function quote({ textPayload, jsonPayload, protoPayload, httpRequest }: Entry, redact: (text: string) => string): string {
  const message = jsonPayload?.['message'] ?? jsonPayload?.['msg'];
  const request = httpRequest && [httpRequest.requestMethod, httpRequest.requestUrl, httpRequest.status].filter(Boolean).join(' ');
  const said =
    textPayload ?? (typeof message === 'string' ? message : undefined) ?? request ?? JSON.stringify(jsonPayload ?? protoPayload ?? {});
  const line = redact(said).replace(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line);
}
