/** Reads the log of our functions (Cloud Logging API v2, `entries.list`): the newest entries, and no more than are told. */
import * as z from 'zod';
import type { RestApis } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';

const text = z.record(z.string(), z.unknown());
const entry = z.object({
  timestamp: z.string(),
  severity: z.string().default('DEFAULT'),
  resource: z.object({ labels: z.record(z.string(), z.string()) }).optional(),
  textPayload: z.string().optional(),
  jsonPayload: text.optional(),
  protoPayload: text.optional(),
  httpRequest: z.object({ requestMethod: z.string(), requestUrl: z.string(), status: z.number() }).partial().optional(),
});
const page = z.object({ entries: z.array(z.unknown()).optional(), nextPageToken: z.string().optional() });

/** One entry. */
export type Entry = z.output<typeof entry>;

/** What is asked for. */
export interface EntriesQuestion {
  readonly rest: Pick<RestApis, 'post'>;
  readonly project: string;
  /** Names of services in Cloud Run. */
  readonly services: readonly string[];
  /** Conditions of the Logging query language, all of which hold. */
  readonly conditions: readonly string[];
  /** RFC 3339: the oldest that counts. */
  readonly since: string;
  readonly most: number;
  readonly signal: AbortSignal;
}

/** The newest first. */
export interface Entries {
  readonly entries: readonly Entry[];
  /** True when there are, or may be, more. */
  readonly truncated: boolean;
}

/** The most that the API gives in one page. */
const longestPage = 1000;
/** A page may be short, or empty, although others follow: the search took too long for one. */
const mostPages = 10;

const quoted = (value: string): string => JSON.stringify(value);

/** @returns one of the values. */
export function among(field: string, values: readonly string[]): string {
  const [first = '', ...others] = values.map(quoted);
  return others.length === 0 ? `${field}=${first}` : `${field}=(${[first, ...others].join(' OR ')})`;
}

/** @returns exactly this value. */
export const equal = (field: string, value: string): string => `${field}=${quoted(value)}`;

/**
 * What was found when the time was over is told, as cut short.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function listEntries({ rest, project, services, conditions, since, most, signal }: EntriesQuestion): Promise<Entries> {
  const filter = [
    'resource.type="cloud_run_revision"',
    among('resource.labels.service_name', services),
    `timestamp>=${quoted(since)}`,
    ...conditions,
  ].join('\nAND ');
  const found: Entry[] = [];
  let token: string | undefined = '';
  try {
    for (let pages = 0; token !== undefined && found.length < most && pages < mostPages; pages += 1) {
      const body = {
        resourceNames: [`projects/${project}`],
        filter,
        orderBy: 'timestamp desc',
        // One more than are told shows whether there are more.
        pageSize: Math.min(longestPage, most + 1),
        ...(token === '' ? {} : { pageToken: token }),
      };
      const answer = page.safeParse(await rest.post('logging', '/v2/entries:list', body, signal));
      if (!answer.success) throw new Fault('api_unavailable', 'logging: the answer is not a page of entries');
      // An entry of another shape says nothing that could be told.
      found.push(...(answer.data.entries ?? []).flatMap((each) => entry.safeParse(each).data ?? []));
      token = answer.data.nextPageToken || undefined;
    }
  } catch (error) {
    if (!(signal.aborted && found.length > 0)) throw error;
  }
  return { entries: found.slice(0, most), truncated: found.length > most || token !== undefined };
}

/** Longer texts are cut: a page of the longest entries (256 KiB) would be more than an answer may have. */
const longestText = 8000;

/** @returns what an entry says. */
export function textOf({ textPayload, jsonPayload, protoPayload, httpRequest }: Entry): string {
  const message = jsonPayload?.['message'] ?? protoPayload?.['methodName'];
  const request = httpRequest && [httpRequest.requestMethod, httpRequest.requestUrl, httpRequest.status].filter(Boolean).join(' ');
  const said = typeof message === 'string' ? message : (textPayload ?? request ?? JSON.stringify(jsonPayload ?? protoPayload ?? {}));
  return said.length > longestText ? `${said.slice(0, longestText)}…` : said;
}
