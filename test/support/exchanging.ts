/** Probes HTTP servers that a test scripts: over node:http, or down to the bytes. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { kind, probe } from '../../functions/http';
import { watchLeaks } from './leaks';
import { probeOne, type ProbingOptions } from './probing';
import { type RawServer } from './raw-server';
import { answeringServer } from './upgrading-server';

/** What `probeOne` runs. */
export const http = { kind, probe };

/** A server as `probedAt` needs it. */
export type Listening = Pick<RawServer, 'port' | 'close'>;

/** How a server is probed. */
export interface Trial extends ProbingOptions {
  readonly scheme?: string;
  readonly path?: string;
}

/** Probes a server that is ended afterwards, and looks whether anything stays open. */
export async function probedAt(
  starting: Promise<Listening>,
  target: Readonly<Record<string, unknown>> = {},
  { scheme = 'http', path = '/', ...options }: Trial = {},
) {
  const server = await starting;
  const leaks = await watchLeaks();
  try {
    return await probeOne(http, { url: `${scheme}://127.0.0.1:${server.port}${path}`, timeout: '2s', ...target }, options);
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

/** Starts a server of node:http; with `tls` of node:https. Nothing of it is kept alive. */
export async function httpServer(answer: RequestListener, tls?: ServerOptions): Promise<Listening> {
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers every request with these bytes, and ends the connection. */
export const saying = (...bytes: readonly (string | Buffer)[]): Promise<RawServer> =>
  answeringServer((socket) => {
    for (const part of bytes) socket.write(part);
    socket.end();
  });

/** Answers every request with a status, header lines and a body. */
export const answering = (status: number, body = '', ...lines: readonly string[]): Promise<RawServer> =>
  saying([`HTTP/1.1 ${status} Said So`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));

/** @returns the whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Answers with a redirect. */
export function redirect(response: ServerResponse, status: number, location: string): void {
  response.writeHead(status, { Location: location }).end();
}
