/** The one port of the embedded stack: the status page, the functions exactly as they answer, and the switches that break things. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as forward, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { endToEnd, passOn, withoutHeaders } from '../services/forward';
import { assertionHeader, identityHeaders } from './identity-proxy';
import { crossSite, isForLoopback } from './same-site';
import { FaultConflict, type Switchboard } from './switchboard';

/** What stands behind the port. */
export interface GatewayParts {
  /** Names of the functions that run. */
  readonly functions: () => readonly string[];
  /** `http://127.0.0.1:port` of a function. */
  readonly url: (kind: string) => string;
  readonly table: () => string;
  /** Says to the status page that the operator asks. */
  readonly assertion: () => string;
  /** What the status page tells waits for this: it keeps what it has read, and would tell for a minute that nothing is known. */
  readonly observed: Promise<void>;
  /** What the functions run with, as JSON. */
  readonly configuration: string;
  readonly faults: Switchboard;
  /** Told that a fault was switched. */
  readonly onSwitch: () => void;
}

/** The port; until it is opened it answers 503. */
export interface Gateway {
  readonly port: number;
  open(parts: GatewayParts): void;
  close(): Promise<void>;
}

/** The port is taken. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/**
 * Listens on 127.0.0.1.
 * @param port 0 takes a free one
 * @throws PortTaken
 */
export async function startGateway(port: number): Promise<Gateway> {
  let parts: GatewayParts | undefined;
  const server = createServer((request, response) => {
    if (parts) void answer(parts, request, response);
    else sendError(response, 503, 'starting', 'the stack is starting');
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    open: (opened) => void (parts = opened),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new PortTaken(`port ${port} is taken; choose another with --port N`, { cause: error });
  }
}

const page = 'status';
const paths = 'GET /, /functions/<name>, GET /table, GET /configuration, GET /faults, POST /faults/<name>';

async function answer(parts: GatewayParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Not by URL, which throws at paths such as //.
  const [pathname = '/'] = (request.url ?? '/').split('?');
  const [, area = '', name = ''] = pathname.split('/');
  const functions = parts.functions();
  try {
    if (area === 'functions' && functions.includes(name)) return proxyFunction(parts.url(name), name, request, response);
    if (area === 'functions') return sendError(response, 404, 'not_found', `no such function; there are: ${functions.join(', ')}`);
    if (pathname === '/table' && isRead(request)) return send(response, 200, 'text/plain; charset=utf-8', parts.table());
    if (pathname === '/configuration' && isRead(request)) return send(response, 200, 'application/json', parts.configuration);
    if (pathname === '/faults' && isRead(request)) return sendJson(response, 200, parts.faults.list());
    if (area === 'faults' && name !== '' && pathname.split('/').length === 3) return await switchFault(parts, name, request, response);
    if (['/table', '/configuration', '/faults'].includes(pathname)) return sendError(response, 405, 'method_not_allowed', 'allowed: GET');
    if (area !== 'faults' && functions.includes(page)) {
      if (area === 'api' || area === 'health') await parts.observed;
      return proxyPage(parts, request, response);
    }
    sendError(response, 404, 'not_found', `nothing at ${pathname}; there are: ${paths}, with the functions ${functions.join(', ')}`);
  } catch (error) {
    sendError(response, 500, 'internal', error instanceof Error ? error.message : String(error));
  }
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

const switchBody = z.strictObject({ on: z.boolean() });

async function switchFault(parts: GatewayParts, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const known = parts.faults.list();
  if (!known.some((fault) => fault.name === name))
    return sendError(response, 404, 'not_found', `no such fault; there are: ${known.map((fault) => fault.name).join(', ')}`);
  if (request.method !== 'POST') return sendError(response, 405, 'method_not_allowed', 'allowed: POST');
  const refused = crossSite(request.headers);
  if (refused !== undefined) return sendError(response, 403, 'forbidden', refused);
  const body = switchBody.safeParse(parseJson(await text(request)));
  if (!body.success) return sendError(response, 400, 'bad_request', 'the body must be {"on":true} or {"on":false}');
  try {
    await parts.faults.set(name, body.data.on);
  } catch (error) {
    if (error instanceof FaultConflict) return sendError(response, 409, 'conflict', error.message);
    throw error;
  }
  parts.onSwitch();
  sendJson(
    response,
    200,
    parts.faults.list().find((fault) => fault.name === name),
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * As it is deployed: with the headers that came, whoever they say asks. There it needs a token; here a page of another site could write
 * points in the name of the schedule, also by GET, without ever seeing the answer (Fetch Standard, `no-cors`).
 */
function proxyFunction(to: string, name: string, request: IncomingMessage, response: ServerResponse): void {
  const refused = crossSite(request.headers);
  if (refused !== undefined) return sendError(response, 403, 'forbidden', refused);
  const path = (request.url ?? '').slice(`/functions/${name}`.length);
  const headers = endToEnd(request.rawHeaders);
  proxy({ to, name, path: path.startsWith('/') ? path : `/${path}`, headers }, request, response);
}

/** As behind Identity-Aware Proxy, which alone says who asks: the operator, who sits before this machine. */
function proxyPage({ url, assertion }: GatewayParts, request: IncomingMessage, response: ServerResponse): void {
  const headers = withoutHeaders(endToEnd(request.rawHeaders), identityHeaders);
  if (isForLoopback(request.headers)) headers.push(assertionHeader, assertion());
  proxy({ to: url(page), name: page, path: request.url ?? '/', headers }, request, response);
}

interface Onward {
  readonly to: string;
  readonly name: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
}

function proxy({ to, name, path, headers }: Onward, request: IncomingMessage, response: ServerResponse): void {
  const onward = forward(to, { method: request.method, path, headers, agent: false });
  passOn(request, response, onward, (error) => sendError(response, 502, 'bad_gateway', `${name} does not answer: ${error.message}`));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, document: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(document)}\n`);
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message } });
}
