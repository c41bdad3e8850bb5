/** A small load balancer: ends TLS, passes requests and WebSocket upgrades on to one server, and takes headers away when told to. */
import { once } from 'node:events';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { createServer, request as ask, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { endToEnd, passOn, withoutHeaders } from './forward';

/** Where everything goes, and what clients are shown. */
export interface ProxyOptions {
  /** PEM; shown to clients. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** The server behind, which speaks TLS, too. */
  readonly to: { readonly host: string; readonly port: number };
  /** PEM of the authority that vouches for the server. */
  readonly ca: string;
}

/** A running proxy. */
export interface Proxy {
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** Takes these headers from every request from now on, in place of those named before. */
  strip(headers: readonly string[]): void;
  /** Shown to connections made from now on. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void;
  /** Cuts all connections. A second call does nothing. */
  stop(): Promise<void>;
}

/** Listens on a free port; a server behind that does not answer is told as 502. */
export async function startProxy({ tls, to, ca }: ProxyOptions): Promise<Proxy> {
  let stripped: readonly string[] = [];
  const onward = (request: IncomingMessage, headers: readonly string[]): RequestOptions => ({
    ...to,
    ca,
    method: request.method,
    path: request.url,
    headers: withoutHeaders(headers, stripped),
    agent: false,
  });
  const server = createServer(tls, (request, response) => {
    passOn(request, response, ask(onward(request, endToEnd(request.rawHeaders))), () => {
      response.writeHead(502, { 'content-type': 'text/plain' }).end('502 Bad Gateway\n');
    });
  });
  server.on('upgrade', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    upgrade(client, head, onward(request, request.rawHeaders));
  });
  const connections = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no TCP port');
  return {
    host: '127.0.0.1',
    port: address.port,
    strip: (headers) => void (stripped = headers.map((name) => name.toLowerCase())),
    setCertificate: (next) => server.setSecureContext(next),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

function upgrade(client: Duplex, head: Buffer, options: RequestOptions): void {
  const onward = ask(options);
  // A client that gives up resets the connection.
  client.on('error', () => undefined);
  client.on('close', () => onward.destroy());
  onward.on('upgrade', (answer, service, first) => {
    service.on('error', () => client.destroy());
    service.on('close', () => client.destroy());
    client.on('close', () => service.destroy());
    client.write(headOf(answer, answer.rawHeaders));
    client.write(first);
    service.write(head);
    service.pipe(client);
    client.pipe(service);
  });
  onward.on('response', (answer) => {
    client.write(headOf(answer, [...endToEnd(answer.rawHeaders), 'Connection', 'close']));
    answer.pipe(client);
    answer.on('error', () => client.destroy());
  });
  onward.on('error', () => {
    client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  onward.end();
}

function headOf({ statusCode = 502, statusMessage }: IncomingMessage, headers: readonly string[]): string {
  const lines = headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ''}`] : []));
  return [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ''}`, ...lines, '', ''].join('\r\n');
}
