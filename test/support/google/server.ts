/** One HTTP server on loopback, also a proxy, that answers for every host of the stand-in and records what it is asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, Dropped } from './faults';
import type { Faults } from './faults';
import { ApiError } from './rest';
import type { Api, Call, Document } from './rest';

/** One request that arrived. */
export interface RecordedRequest {
  /** Name of the API, e.g. `cloudscheduler`; empty for a host that is none of ours. */
  readonly api: string;
  readonly method: string;
  readonly path: string;
  /** Values of a name that came twice are joined by commas. */
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON body, if there is one. */
  readonly body?: unknown;
  /** Which HTTP status it got; 0 where the connection was cut. */
  readonly status: number;
}

/** How the server is made. */
export interface ServerOptions {
  readonly apis: readonly Api[];
  /** The access token that every API asks for. */
  readonly token: string;
  readonly project: string;
  readonly number: string;
  /** @returns whether the project has enabled an API. */
  readonly isEnabled: (api: string) => boolean;
  /** Answers for hosts that are not an API's, e.g. a function's own; false where it knows none of that name. */
  readonly other: (host: string, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse) => Promise<boolean>;
}

/** A running server. */
export interface Server {
  readonly port: number;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** Requests that nothing here answers, also attempts to reach the world through the proxy. */
  readonly unexpected: string[];
  readonly close: () => Promise<void>;
}

/** Starts the server. The API is known by its host, `<api>.test`; a region may stand before it: `us-central1-run.test`. */
export async function startServer({ apis, token, project, number, isEnabled, other }: ServerOptions): Promise<Server> {
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  const unexpected: string[] = [];

  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'nowhere'}`);
    const method = incoming.method ?? 'GET';
    const raw = await bodyOf(incoming);
    const name = /^(?:[a-z]+-[a-z]+\d+-)?([a-z]+)\.test$/.exec(url.hostname)?.[1] ?? '';
    const api = apis.find((one) => one.name === name);
    if (!api && (await other(url.hostname, incoming, raw, outgoing))) return;
    const path = decodeURIComponent(url.pathname);
    const seen = { api: api?.name ?? '', method, path, query: queryOf(url), body: jsonOf(raw) };
    const met = faults.meet({ method, address: `${url.hostname}${path}` });
    const index = requests.push({ ...seen, status: 0 }) - 1;
    let status = 200;
    let answer: object;
    try {
      if (!api) throw unknown(`${method} ${url.href}`, 502);
      admit(api, incoming, path);
      await met.before();
      answer = await carryOut(api, seen, raw);
      await met.after();
    } catch (error) {
      if (error instanceof Dropped) return void outgoing.destroy();
      const known =
        error instanceof ApiError
          ? error
          : new ApiError(500, `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (!(error instanceof ApiError)) unexpected.push(`${method} ${url.href}: ${known.message}`);
      status = known.code;
      const { code, message, details } = known;
      answer = { error: { code, message, status: known.status, ...(details.length > 0 && { details }) } };
    }
    requests[index] = { ...seen, status };
    outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(answer));
  };

  const admit = ({ name }: Api, { headers }: IncomingMessage, path: string): void => {
    // Uploads go to signed addresses.
    if (name === 'storage') return;
    if (headers.authorization !== `Bearer ${token}`) {
      throw new ApiError(401, 'Request had invalid authentication credentials. Expected OAuth 2 access token.');
    }
    const [, asked = project] = /^\/v\d\/projects\/([^/:]+)/.exec(path) ?? [];
    if (asked !== project && asked !== number && asked !== '-') throw new ApiError(403, `Permission denied on resource project ${asked}.`);
    if (!isEnabled(name)) throw disabled(`${name}.googleapis.com`);
  };

  const disabled = (service: string): ApiError =>
    new ApiError(
      403,
      `${service} has not been used in project ${number} before or it is disabled. Enable it, then retry.`,
      'PERMISSION_DENIED',
      [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'SERVICE_DISABLED',
          domain: 'googleapis.com',
          metadata: { service, consumer: `projects/${number}` },
        },
      ],
    );

  const unknown = (what: string, code: number): ApiError => {
    unexpected.push(what);
    return new ApiError(code, `Nothing here answers ${what}`);
  };

  const carryOut = async (
    { routes }: Api,
    { method, path, query, body }: Pick<RecordedRequest, 'method' | 'path' | 'query' | 'body'>,
    raw: Buffer,
  ): Promise<object> => {
    for (const one of routes) {
      const groups = one.method === method ? one.path.exec(path) : null;
      const call: Call = { parameters: { ...groups?.groups }, query, body: (body ?? {}) as Document, raw };
      if (groups) return one.handle(call);
    }
    throw unknown(`${method} ${path}`, 404);
  };

  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      unexpected.push(String(error));
      outgoing.destroy();
    });
  });
  // Whoever wants TLS through the proxy wants a host of the real world.
  server.on('connect', (incoming, socket) => {
    unexpected.push(`CONNECT ${incoming.url ?? ''}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The stand-in does not listen on a port.');
  return {
    port: bound.port,
    faults,
    requests,
    unexpected,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function jsonOf(raw: Buffer): unknown {
  if (raw.length === 0 || raw[0] !== 0x7b) return undefined;
  try {
    return JSON.parse(raw.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function queryOf({ searchParams }: URL): Record<string, string> {
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name).join(',')]));
}
