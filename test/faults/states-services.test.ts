/** The states of services in the fault matrix: HTTP, WebSocket, lines, and journeys over them. */
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import * as http from '../../functions/http';
import * as journey from '../../functions/journey';
import * as tcp from '../../functions/tcp';
import * as websocket from '../../functions/websocket';
import type { Result } from '../../shared/result';
import type { Runnable } from '../../shared/run/attempt';
import { answering } from '../support/exchanging';
import { probeOne } from '../support/probing';
import { closingServer, refusingPort, serveRaw } from '../support/raw-server';
import { steps as lines } from './rows/tcp';
import { serveHttp, type Server } from './servers';
import { testStates, type Way } from './state-trial';

/** Probes a server that is ended afterwards. */
async function probed(runnable: Runnable, starting: Promise<Server>, target: (port: number) => object, more: object): Promise<Result> {
  const server = await starting;
  try {
    return await probeOne(runnable, { ...target(server.port), ...more });
  } finally {
    await server.close();
  }
}

const httpAt = (port: number): object => ({ url: `http://127.0.0.1:${port}/` });
const saying =
  (status: number, ...headers: readonly string[]): Way =>
  (more) =>
    probed(http, answering(status, 'why', ...headers), httpAt, more);

testStates('http', {
  '500': saying(500),
  '502': saying(502),
  '503': saying(503),
  '503 with Retry-After': saying(503, 'Retry-After: 5'),
  "503 of Google's front end": saying(503, 'Server: Google Frontend'),
  '504': saying(504),
  '429': saying(429),
  '401': saying(401),
  '403': saying(403),
  '404': saying(404),
  'redirects in a circle': saying(302, 'Location: /again'),
  'restarting: not there': (more) => probed(http, refusingPort(), httpAt, more),
});

/** Lets every client in, and closes when it is spoken to. */
async function serveClosing(code: number): Promise<Server> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', () => socket.close(code)));
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

const chat = (port: number): { readonly url: string; readonly steps: readonly object[] } => ({
  url: `ws://127.0.0.1:${port}/`,
  steps: [{ send: 'go' }, { expect: "type == 'done'" }],
});
const closing =
  (code: number): Way =>
  (more) =>
    probed(websocket, serveClosing(code), chat, more);
const upgrade =
  (status: number, ...headers: readonly string[]): Way =>
  (more) =>
    probed(websocket, answering(status, 'why', ...headers), chat, more);

testStates('websocket', {
  'restarting: closes with 1012': closing(1012),
  'going away: closes with 1001': closing(1001),
  'broken inside: closes with 1011': closing(1011),
  'too busy: closes with 1013': closing(1013),
  'closes as if all were said': closing(1000),
  'upgrade 401': upgrade(401),
  'upgrade 403': upgrade(403),
  'upgrade 404': upgrade(404),
  'upgrade 429': upgrade(429),
  'upgrade 502': upgrade(502),
  'upgrade 503': upgrade(503),
  'upgrade 503 with Retry-After': upgrade(503, 'Retry-After: 5'),
  'upgrade 504': upgrade(504),
  'restarting: not there': (more) => probed(websocket, refusingPort(), chat, more),
});

const linesAt = (port: number): object => ({ host: '127.0.0.1', port, steps: lines(false) });

testStates('tcp', {
  'full: closes before it greets': (more) => probed(tcp, closingServer(), linesAt, more),
  'says that it is too busy': (more) =>
    probed(
      tcp,
      serveRaw((socket) => void socket.write('421 too many connections\r\n')),
      linesAt,
      more,
    ),
  'restarting: not there': (more) => probed(tcp, refusingPort(), linesAt, more),
});

const login = (port: number): object => ({ steps: [{ name: 'login', http: httpAt(port) }] });

testStates('journey', {
  'the login answers 503': (more) => probed(journey, answering(503), login, more),
  'the login answers 429': (more) => probed(journey, answering(429), login, more),
  async 'the chat closes with 1012'(more) {
    const server = await serveHttp();
    const steps = (port: number): object => ({
      steps: [
        { name: 'login', http: httpAt(server.port) },
        { name: 'chat', websocket: chat(port) },
      ],
    });
    const result = await probed(journey, serveClosing(1012), steps, more);
    await server.close();
    return result;
  },
  'restarting: not there': (more) => probed(journey, refusingPort(), login, more),
});
