/** Probes websocket servers that a test scripts: over ws, or down to the bytes. */
import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { kind, probe } from '../../functions/websocket';
import { watchLeaks } from './leaks';
import { probeOne, type ProbingOptions } from './probing';
import type { RawServer } from './raw-server';

const websocket = { kind, probe };

/** Probes, without a ping unless the target says otherwise, a server that is ended afterwards, and looks whether anything stays open. */
export async function probedRaw(
  starting: Promise<RawServer>,
  target: Readonly<Record<string, unknown>> = {},
  options: ProbingOptions = {},
) {
  const server = await starting;
  const leaks = await watchLeaks();
  try {
    return await probeOne(websocket, { url: `ws://127.0.0.1:${server.port}/`, timeout: '1s', ping: false, ...target }, options);
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

/** Probes a server that does `behave` with each connection; tells also how the connections ended there. */
export async function conversed(behave: (socket: WebSocket) => void, target: Readonly<Record<string, unknown>>) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const closes: number[] = [];
  server.on('connection', (socket) => {
    socket.on('close', (code) => closes.push(code));
    behave(socket);
  });
  try {
    const { port } = server.address() as { port: number };
    return { result: await probeOne(websocket, { url: `ws://127.0.0.1:${port}/`, timeout: '1s', ping: false, ...target }), closes };
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  }
}

/** Says all of it at once; what is no text as JSON. */
export const saying =
  (...messages: readonly unknown[]) =>
  (socket: WebSocket): void => {
    for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
