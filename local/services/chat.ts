/** A small chat application, as real as its users need: login, health endpoints, and answers over WebSocket, event by event. */
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import * as z from 'zod';
import type { ChatFaults, ChatOptions } from './chat-faults';
import { createHttpHandler } from './chat-http';

/** A running application. */
export interface Chat {
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** How many WebSocket connections are open. */
  connections(): number;
  /** Takes the place of all earlier faults; resolves when in effect, also for open connections. */
  setFaults(faults: ChatFaults): Promise<void>;
  /** Shown to connections made from now on. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): Promise<void>;
  /** What logins have to present from now on. */
  setToken(token: string): Promise<void>;
  /** Says goodbye (close code 1001), then ends; connections that do not answer within a second are cut. A second call does nothing. */
  stop(): Promise<void>;
}

/** The events of an answer, in order. */
export const chatEvents = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'] as const;

const swapped = ['agent_started', 'agent_thinking', 'tool_completed', 'tool_executing', 'agent_completed'] as const;
const betweenEventsMs = 5;
const goodbyeMs = 1000;
const question = z.object({ type: z.literal('chat'), text: z.string(), marker: z.string().optional() });

/**
 * Starts the application in this process.
 * A WebSocket login is the header `Authorization: Bearer <token>`, or the subprotocols `jwt-auth` and `jwt.<token as base64url>`;
 * browsers can't send the header.
 */
export async function startChat(options: ChatOptions): Promise<Chat> {
  let faults: ChatFaults = options.faults ?? {};
  let token = options.token;
  const http = createHttpHandler({ options, faults: () => faults, token: () => token });
  const secure = options.tls ? createSecureServer(options.tls, http) : undefined;
  const server: Server = secure ?? createServer(http);
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    handleProtocols: (offered) => chooseSubprotocol(offered, faults),
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that gives up resets the connection.
    socket.on('error', () => undefined);
    dropHeaders(request, faults);
    if (faults.silent === 'upgrade') return;
    if (faults.rejectWith) reject(socket, faults.rejectWith.status, faults.rejectWith.retryAfter);
    else if (!isLoggedIn(request, token)) reject(socket, 401);
    else sockets.handleUpgrade(request, socket, head, (connection) => converse(connection, sockets, () => faults));
  });
  const raw = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    raw.add(socket);
    socket.once('close', () => raw.delete(socket));
  });

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the chat application listens on no TCP port');

  return {
    host: '127.0.0.1',
    port: address.port,
    connections: () => sockets.clients.size,
    async setFaults(next) {
      faults = next;
      if (next.closeWith !== undefined) for (const connection of sockets.clients) connection.close(next.closeWith);
    },
    async setCertificate(tls) {
      if (!secure) throw new Error('the chat application was started without TLS');
      secure.setSecureContext(tls);
    },
    async setToken(next) {
      token = next;
    },
    async stop() {
      if (!server.listening) return;
      for (const connection of sockets.clients) connection.close(1001);
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const socket of raw) socket.destroy();
      }, goodbyeMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function converse(connection: WebSocket, sockets: WebSocketServer, faults: () => ChatFaults): void {
  const { closeWith } = faults();
  connection.on('error', () => undefined);
  if (closeWith !== undefined) {
    connection.close(closeWith);
    return;
  }
  connection.on('ping', (data) => {
    if (faults().silent === undefined) connection.pong(data);
  });
  connection.on('message', (data: Buffer) => {
    if (faults().silent !== undefined) return;
    const asked = question.safeParse(parseJson(data.toString()));
    if (asked.success) void answer(connection, sockets, faults(), asked.data);
    else connection.send(JSON.stringify({ type: 'error', message: 'expected {"type":"chat","text":"…"}' }));
  });
}

async function answer(
  asker: WebSocket,
  sockets: WebSocketServer,
  faults: ChatFaults,
  { text, marker }: z.infer<typeof question>,
): Promise<void> {
  const events = faults.eventsSwapped ? swapped : chatEvents;
  for (const type of events.slice(0, faults.eventsAtMost)) {
    await delay(betweenEventsMs);
    const event = { type, ...(marker !== undefined && { marker }), ...(type === 'agent_completed' && { text: `You said: ${text}` }) };
    const receivers = faults.crossTalk ? sockets.clients : [asker];
    for (const receiver of receivers) if (receiver.readyState === receiver.OPEN) receiver.send(JSON.stringify(event));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function chooseSubprotocol(offered: ReadonlySet<string>, { subprotocol }: ChatFaults): string | false {
  if (subprotocol !== undefined) return subprotocol ?? false;
  return offered.has('jwt-auth') ? 'jwt-auth' : false;
}

function isLoggedIn({ headers }: IncomingMessage, token: string): boolean {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const encoded = offered.includes('jwt-auth') ? offered.find((name) => name.startsWith('jwt.'))?.slice('jwt.'.length) : undefined;
  const presented = bearer ?? (encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString());
  if (presented === undefined) return false;
  const [a, b] = [Buffer.from(presented), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function dropHeaders(request: IncomingMessage, faults: ChatFaults): void {
  for (const name of faults.dropHeaders ?? []) delete request.headers[name.toLowerCase()];
}

const reasonPhrases: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function reject(socket: Duplex, status: number, retryAfter?: number): void {
  const lines = [
    `HTTP/1.1 ${status} ${reasonPhrases[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Length: 0',
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}
