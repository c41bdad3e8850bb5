/** The servers behind the proxies that run in this process: lines, HTTP and WebSocket, all of them without TLS. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import type { Server as NetServer } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveRaw } from '../support/raw-server';
import { body } from './rows/http';
import { answers, greeting } from './rows/tcp';
import { answer, sent } from './rows/websocket';

/** A running server on loopback. */
export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/** Greets, and answers the lines that it knows. */
export function serveLines(): Promise<Server> {
  return serveRaw((socket) => {
    socket.write(greeting);
    socket.on('data', (chunk: Buffer) => socket.write(answers[chunk.toString().trim()] ?? '500 what?\r\n'));
  });
}

async function listen(server: NetServer, endAll: () => void): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with the same body; its path says how the body's end is told. */
export function serveHttp(): Promise<Server> {
  const server = createServer(({ url }, response) => {
    response.sendDate = false;
    response.useChunkedEncodingByDefault = url === '/chunks';
    if (url === '/length') response.setHeader('Content-Length', Buffer.byteLength(body));
    response.setHeader('Connection', 'close');
    response.write(body);
    response.end();
  });
  return listen(server, () => server.closeAllConnections());
}

/** Answers with the same body over HTTP/2. */
export function serveHttp2(): Promise<Server> {
  const server = createHttp2Server();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => {});
  });
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200 });
    stream.end(body);
  });
  return listen(server, () => {
    for (const session of sessions) session.destroy();
  });
}

/** Answers the one message that it knows. */
export async function serveWebSocket(): Promise<Server> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      if (data.toString() === sent) socket.send(JSON.stringify(answer));
    });
  });
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
