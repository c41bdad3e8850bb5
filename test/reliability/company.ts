/** Servers of every network kind, some well and most not, and targets that lead to them: the company that a target may be in. */
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { WebSocketServer } from 'ws';
import { createAuthority } from '../../local/services/certificates';
import { httpServer } from '../support/exchanging';
import { answer, authentication, done, failure, inTurn, message, servePostgres } from '../support/postgres-server';
import * as raw from '../support/raw-server';
import { scriptedRedis } from '../support/scripted-redis';
import { answeringServer } from '../support/upgrading-server';

/** A target: its section, its fields, and whether it is to succeed. */
export interface Member {
  readonly kind: string;
  readonly isWell: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Targets by name. */
export type Members = Readonly<Record<string, Member>>;

/** Everything that runs. */
export interface Company {
  readonly members: Members;
  /** Of a server that echoes. */
  readonly port: number;
  close(): Promise<void>;
}

interface At {
  readonly port: number;
}

const host = '127.0.0.1';
const login = { user: 'app', database: 'app', password: 'secret-password' };

/** How a target of each kind leads to a port, whatever answers there. */
export const toPort: Readonly<Record<string, (at: At) => Record<string, unknown>>> = {
  tcp: ({ port }) => ({ host, port, steps: [{ send: 'hello\n' }, { expect: '^hello$' }] }),
  http: ({ port }) => ({ url: `http://${host}:${port}/` }),
  redis: ({ port }) => ({ host, port }),
  postgres: ({ port }) => ({ host, port, ...login, tls: { mode: 'disable' } }),
  websocket: ({ port }) => ({ url: `ws://${host}:${port}/` }),
  journey: ({ port }) => ({ steps: [{ name: 'look', http: { url: `http://${host}:${port}/` } }] }),
};
/** The same with TLS. */
export const toTls: Readonly<Record<string, (at: At) => Record<string, unknown>>> = {
  tcp: ({ port }) => ({ host, port, tls: { mode: 'verify-full' } }),
  http: ({ port }) => ({ url: `https://${host}:${port}/` }),
  redis: ({ port }) => ({ host, port, tls: { mode: 'verify-full' } }),
  websocket: ({ port }) => ({ url: `wss://${host}:${port}/` }),
};

const facts = ['17.2', 'f', 'off', '100', '3', '0', '7', 't', '0.5'];

/** What a well server of PostgreSQL says at each connection of its own. */
async function wellPostgres(): Promise<raw.RawServer> {
  let server = inTurn();
  return servePostgres({
    startup(socket) {
      server = inTurn(done, answer(['1']), answer(facts));
      server.startup?.(socket);
      const own = server;
      socket.once('close', () => undefined);
      scripts.set(socket, own);
    },
    message: (type, body, socket) => scripts.get(socket)?.message?.(type, body, socket),
  });
}
const scripts = new WeakMap<object, ReturnType<typeof inTurn>>();

async function wellWebsocket(): Promise<raw.RawServer> {
  const server = new WebSocketServer({ port: 0, host });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('error', () => undefined).on('message', (data: Buffer) => socket.send(data.toString())));
  return {
    host,
    port: (server.address() as At).port,
    connections: () => server.clients.size,
    accepted: () => 0,
    async close() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

async function wellHttp2(tls: { readonly cert: string; readonly key: string }) {
  const server = createSecureServer({ ...tls }, (_request, response) => response.end('well'));
  const open = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    open.add(session);
    session.on('error', () => undefined);
    session.once('close', () => open.delete(session));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as At).port,
    async close() {
      for (const session of open) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const rejectingPostgres = (): Promise<raw.RawServer> =>
  servePostgres({
    startup: (socket) => void socket.write(authentication(3)),
    message: (_type, _body, socket) => void socket.end(failure('28P01', 'password authentication failed')),
  });
const halfPostgres = (): Promise<raw.RawServer> =>
  servePostgres({ startup: (socket) => void socket.end(message('R', Buffer.from([0, 0]))) });
const status = (line: string): Promise<raw.RawServer> =>
  answeringServer((socket) => void socket.end(`HTTP/1.1 ${line}\r\nContent-Length: 400\r\n\r\ncut off`));

/** Starts everything; `close` ends it. */
export async function startCompany(): Promise<Company> {
  const authority = await createAuthority();
  const pair = await authority.issue();
  const tls = { ca: authority.certificate };
  const well = (_request: unknown, response: { end(text: string): void }): void => response.end('{"status":"ready"}');
  const [echo, silent, silentTls, closing, closingTls, resetting, resettingLate, garbage, endless, trickle, refused] = await Promise.all([
    raw.echoServer(),
    raw.silentServer(),
    raw.silentServer({ tls: pair }),
    raw.closingServer(),
    raw.closingServer({ tls: pair }),
    raw.resettingServer(),
    raw.resettingServer({ afterData: true }),
    raw.garbageServer(),
    raw.endlessServer({ chunk: 'x'.repeat(2048) }),
    raw.trickleServer({ text: 'H'.repeat(1000) }),
    raw.refusingPort(),
  ]);
  const [plain, secure, http2, redis, denying, postgres, rejecting, half, websocket, bad, gateway] = await Promise.all([
    httpServer(well),
    httpServer(well, pair),
    wellHttp2(pair),
    scriptedRedis({}),
    scriptedRedis({ PING: '-NOAUTH Authentication required.\r\n' }),
    wellPostgres(),
    rejectingPostgres(),
    halfPostgres(),
    wellWebsocket(),
    status('418 A Teapot'),
    status('502 Bad Gateway'),
  ]);
  const url = `https://${host}:${secure.port}/`;
  const members: Record<string, Member> = {};
  const add = (name: string, kind: string, isWell: boolean, spec: Record<string, unknown>): void => {
    members[name] = { kind, isWell, spec };
  };
  add('well-tcp', 'tcp', true, toPort['tcp']?.(echo) ?? {});
  add('well-tcp-tls', 'tcp', true, { host, port: secure.port, tls });
  add('well-http', 'http', true, toPort['http']?.(plain) ?? {});
  add('well-https', 'http', true, { url, tls, version: '1.1', expect: { json: ["status == 'ready'"] } });
  add('well-http2', 'http', true, { url: `https://${host}:${http2.port}/`, tls, version: '2' });
  add('well-redis', 'redis', true, toPort['redis']?.(redis) ?? {});
  add('well-postgres', 'postgres', true, toPort['postgres']?.(postgres) ?? {});
  add('well-websocket', 'websocket', true, { url: `ws://${host}:${websocket.port}/`, steps: [{ send: 'hi' }] });
  add('well-journey', 'journey', true, {
    steps: [
      { name: 'look', http: { url, tls } },
      { name: 'pause', pause: '5ms' },
    ],
  });
  const faults = { silent, closing, resetting, 'resetting-late': resettingLate, garbage, endless, trickle, refused };
  for (const [kind, lead] of Object.entries(toPort)) {
    for (const [name, at] of Object.entries(faults)) add(`${name}-${kind}`, kind, false, lead(at));
  }
  for (const [kind, lead] of Object.entries(toTls)) {
    for (const [name, at] of Object.entries({ silentTls, closingTls, secure, silent, garbage }))
      add(`${name.toLowerCase()}-over-tls-${kind}`, kind, false, lead(at));
  }
  add('denying-redis', 'redis', false, toPort['redis']?.(denying) ?? {});
  add('rejecting-postgres', 'postgres', false, toPort['postgres']?.(rejecting) ?? {});
  add('half-postgres', 'postgres', false, toPort['postgres']?.(half) ?? {});
  for (const [name, at] of Object.entries({ bad, gateway })) {
    for (const kind of ['http', 'websocket', 'journey']) add(`${name}-status-${kind}`, kind, false, toPort[kind]?.(at) ?? {});
  }
  const running = [echo, silent, silentTls, closing, closingTls, resetting, resettingLate, garbage, endless, trickle, refused];
  const speaking = [plain, secure, http2, redis, denying, postgres, rejecting, half, websocket, bad, gateway];
  return {
    members,
    port: echo.port,
    close: async () => void (await Promise.all([...running, ...speaking].map((server) => server.close()))),
  };
}
