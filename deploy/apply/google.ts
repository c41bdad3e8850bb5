/** Google's REST APIs with the token of whoever deploys, at the addresses that gcloud itself uses. */
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { pause, wallClock } from '../../shared/clock';
import { describe } from '../../shared/fault';

/** A JSON object. */
export type Document = Readonly<Record<string, unknown>>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An API by the name that gcloud's `api_endpoint_overrides` have for it. */
export type Api =
  'cloudfunctions' | 'cloudresourcemanager' | 'cloudscheduler' | 'iam' | 'monitoring' | 'run' | 'secretmanager' | 'serviceusage';

export interface Query {
  readonly [name: string]: string | number | boolean | undefined;
}

/** What the API answered instead of carrying the request out. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** @param status is the HTTP status; 0 where no answer came. */
  constructor(
    readonly status: number,
    message: string,
    /** The machine's word for it, e.g. `SERVICE_DISABLED`, else the canonical status. */
    readonly reason: string,
  ) {
    super(message);
  }
}

/** The APIs. */
export interface Google {
  /** @throws ApiError once the tries are used up. */
  call(method: Method, api: Api, path: string, options?: { readonly query?: Query; readonly body?: unknown }): Promise<Document>;
  /** @returns the resource, or undefined where there is none. */
  find(api: Api, path: string, query?: Query): Promise<Document | undefined>;
  /** @returns the items of all pages; none where the API is switched off or the parent is missing, because then nothing can exist. */
  list(api: Api, path: string, key: string, query?: Query): Promise<readonly Document[]>;
  /** @returns the servers' clock, milliseconds since 1970: the one of this machine may be wrong. */
  now(): number;
}

export interface Access {
  readonly token: string;
  /** Whose quotas count, as gcloud has it. */
  readonly project: string;
  /** By API; each ends in a slash. */
  readonly endpoints: Readonly<Record<string, string>>;
}

const timeoutMs = 30_000;
/** Waits between the tries. */
const waitsMs = [500, 1500, 4000] as const;
/** What every one of the lists takes (IAM: at most 100). */
const pageSize = 100;

/** Regional secrets are kept at an address of their region (Secret Manager, "Regional secrets"). */
function usualEndpoint(api: Api, path: string): string {
  const region = api === 'secretmanager' ? /\/locations\/([^/]+)\/secrets/.exec(path)?.[1] : undefined;
  return region === undefined ? `https://${api}.googleapis.com/` : `https://${api}.${region}.rep.googleapis.com/`;
}

/** @returns the address of a method. */
export function addressOf(endpoints: Access['endpoints'], api: Api, path: string, query: Query = {}): string {
  const url = new URL(path.replace(/^\//, ''), endpoints[api] ?? usualEndpoint(api, path));
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** Requests that were not carried out, or do no harm twice, are tried again. */
function isTransient({ status, reason }: ApiError, method: Method): boolean {
  if (status === 429 || reason === 'ABORTED') return true;
  return (status === 0 || status >= 500) && method !== 'POST';
}

/** @returns APIs in which there is nothing, for somebody who is not logged in. */
export function createNothing(): Google {
  return { call: async () => ({}), find: async () => undefined, list: async () => [], now: wallClock };
}

/** @returns the APIs as the token's owner may use them. */
export function createGoogle({ token, project, endpoints }: Access): Google {
  let skewMs = 0;
  const call: Google['call'] = async (method, api, path, { query, body } = {}) => {
    for (let tried = 0; ; tried += 1) {
      try {
        const text = body === undefined ? undefined : JSON.stringify(body);
        // These two are asked about projects that may not have them switched on.
        const quotaProject = api === 'serviceusage' || api === 'cloudresourcemanager' ? undefined : project;
        const { status, answer, date } = await send(method, addressOf(endpoints, api, path, query), { token, quotaProject, body: text });
        if (date !== undefined) skewMs = date - wallClock();
        if (status >= 200 && status < 300) return answer;
        throw refusal(api, status, answer);
      } catch (error) {
        const known = error instanceof ApiError ? error : new ApiError(0, `${api}: ${describe(error).message}`, 'NO_ANSWER');
        const wait = waitsMs[tried];
        if (wait === undefined || !isTransient(known, method)) throw known;
        await pause(wait);
      }
    }
  };
  return {
    call,
    now: () => wallClock() + skewMs,
    async find(api, path, query) {
      try {
        return await call('GET', api, path, { query });
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.reason === 'SERVICE_DISABLED')) return undefined;
        throw error;
      }
    },
    async list(api, path, key, query = {}) {
      const items: Document[] = [];
      let pageToken: string | undefined;
      do {
        try {
          const page = await call('GET', api, path, { query: { pageSize, ...query, pageToken } });
          items.push(...documentsOf(page[key]));
          pageToken = textOf(page['nextPageToken']) || undefined;
        } catch (error) {
          if (error instanceof ApiError && (error.status === 404 || error.reason === 'SERVICE_DISABLED')) return [];
          throw error;
        }
      } while (pageToken !== undefined);
      return items;
    },
  };
}

interface Sent {
  readonly token: string;
  readonly quotaProject?: string;
  readonly body?: string;
}

interface Received {
  readonly status: number;
  readonly answer: Document;
  /** Of the server's clock. */
  readonly date?: number;
}

/** Node's own client honours the usual proxy variables (`NODE_USE_ENV_PROXY`), also for plain addresses; `fetch` would tunnel these. */
async function send(method: Method, address: string, { token, quotaProject, body }: Sent): Promise<Received> {
  const url = new URL(address);
  const request = url.protocol === 'http:' ? plainRequest : secureRequest;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(quotaProject !== undefined && { 'x-goog-user-project': quotaProject }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const date = Date.parse(response.headers.date ?? '');
        const answer = parsed(Buffer.concat(chunks).toString());
        resolve({ status: response.statusCode ?? 0, answer, ...(Number.isNaN(date) ? {} : { date }) });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function parsed(text: string): Document {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return text.trim() === '' ? {} : { error: { message: text.slice(0, 200) } };
  }
}

/** The body of an error, by the Google Cloud API design guide, "Errors". */
function refusal(api: Api, status: number, answer: Document): ApiError {
  const error = objectOf(answer['error']);
  const reasons = documentsOf(error['details']).map((detail) => textOf(detail['reason']));
  const message = textOf(error['message']) || `status ${status}`;
  // Before the APIs said it in `details`, they said it in words.
  const isDisabled = status === 403 && /has not been used in project|it is disabled/.test(message);
  const reason = isDisabled ? 'SERVICE_DISABLED' : reasons.find(Boolean);
  return new ApiError(status, `${api}: ${message}`, reason ?? textOf(error['status']));
}

/** @returns the value where it is a JSON object, else an empty one. */
export function objectOf(value: unknown): Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : {};
}

/** @returns the items that are JSON objects, where the value is a list. */
export function documentsOf(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** @returns the value where it is a text, else an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @returns the texts of a list of texts. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
