/** Servers of every protocol that say back, in their errors, what they were told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { authentication, failure, servePostgres } from '../support/postgres-server';
import { serveRaw, type RawServer } from '../support/raw-server';
import { bodyOf } from '../support/exchanging';
import { closeFrame, textFrame } from '../support/upgrading-server';
import { encodedBy, understood } from './echoes';

/** All of them. */
export interface EchoingServers {
  /** `http` answers `/<shape>/<encoding>/…`, and upgrades. */
  readonly http: number;
  readonly tcp: number;
  readonly redis: number;
  readonly postgres: number;
  /** What is given to whoever asks for `/login`, and how everybody but HTTP encodes. */
  readonly set: (token: string, encoding: string) => void;
  /** Times that something was said back. */
  readonly echoes: () => number;
  close(): Promise<void>;
}

/** Bytes cut where nobody expects it, each piece in a packet of its own. */
async function sendInPieces(socket: Socket, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const step = Math.max(1, Math.ceil(bytes.length / 5));
  for (let at = 0; at < bytes.length; at += step) {
    if (socket.destroyed) return;
    socket.write(bytes.subarray(at, at + step));
    await setImmediate();
  }
}

/** What encodes a text as a whole is said of the value alone: nobody knows what an unknown text looks like within. */
const isWhole = (by: string): boolean => /^base64|^hex/.test(by);
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');
const oneWord = (text: string): string =>
  text.replaceAll(/[^\x21-\x7e]|[\\]/g, (character) => encodeURIComponent(character.toWellFormed()));

type Shape = (said: string) => { readonly status: string; readonly headers?: readonly string[]; readonly body?: string };

const refuse: Shape = (said) => ({ status: '500 No', headers: ['Content-Type: text/plain'], body: `bad: ${said}` });
const shapes: Readonly<Record<string, Shape>> = {
  refuse,
  unauthorized: (said) => ({ status: '401 No', headers: [`WWW-Authenticate: Bearer error="${oneLine(said).slice(0, 4000)}"`], body: said }),
  json: (said) => ({ status: '400 No', headers: ['Content-Type: application/json'], body: JSON.stringify({ error: { message: said } }) }),
  page: (said) => ({ status: '500 No', headers: ['Content-Type: text/html'], body: `<html><body>Bad <b>${said}</b></body></html>` }),
  reason: (said) => ({ status: `500 ${oneLine(said).slice(0, 4000)}` }),
  location: (said) => ({ status: '302 Found', headers: [`Location: /elsewhere/${oneWord(said).slice(0, 4000)}`] }),
  away: (said) => ({ status: '302 Found', headers: [`Location: ftp://${oneWord(said).slice(0, 4000)}/`] }),
  server: (said) => ({
    status: '200 OK',
    headers: [`Server: ${oneLine(said).slice(0, 4000)}`, `Content-Type: ${oneLine(said).slice(0, 4000)}`],
  }),
  answer: (said) => ({ status: '200 OK', headers: ['Content-Type: application/json'], body: JSON.stringify({ said, [said]: said }) }),
  coding: (said) => ({ status: '200 OK', headers: [`Content-Encoding: ${oneWord(said).slice(0, 4000)}`], body: 'x' }),
};

/** Starts them on loopback. */
export async function startEchoingServers(): Promise<EchoingServers> {
  let token = '';
  let encoding = 'plain';
  let echoes = 0;
  const encoded = (heard: string, by = encoding): string => {
    echoes += 1;
    return encodedBy(by, heard);
  };
  const heardOf = async (request: IncomingMessage): Promise<string> =>
    understood(
      request.url ?? '',
      request.rawHeaders.filter((_, index) => index % 2 === 1),
      await bodyOf(request),
    );

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, shape = '', by = ''] = (request.url ?? '').split('/');
    const heard = await heardOf(request);
    if (shape === 'login') {
      response.end(JSON.stringify({ access_token: token }));
      return;
    }
    const { status, headers = [], body = '' } = (shapes[shape] ?? refuse)(encoded(isWhole(by) ? `id=${token}` : `${token} ${heard}`, by));
    const { socket } = request;
    // A page that breaks off in the midst of what it says.
    const length = `Content-Length: ${Buffer.byteLength(body) + (shape === 'page' ? 5 : 0)}`;
    await sendInPieces(socket, `HTTP/1.1 ${status}\r\n${[...headers, length, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
    socket.end();
  };
  const http = createServer((request, response) => void answer(request, response));
  http.on('upgrade', (request, socket: Socket) => {
    socket.on('error', () => undefined);
    const [, shape = '', by = ''] = (request.url ?? '').split('/');
    const said = encoded(isWhole(by) ? `id=${token}` : understood(request.url ?? '', request.rawHeaders, ''), by);
    const offered = request.headers['sec-websocket-protocol']?.split(/, */) ?? [];
    if (shape !== 'open') {
      const body = `refused: ${said}`;
      const status = shape === 'reason' ? `403 ${oneLine(said).slice(0, 2000)}` : '403 No';
      const location = `Location: ${oneWord(said).slice(0, 2000)}`;
      void sendInPieces(socket, `HTTP/1.1 ${status}\r\n${location}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`).then(() =>
        socket.end(),
      );
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const chosen = offered.length > 0 ? [`Sec-WebSocket-Protocol: ${offered.at(-1)}`] : [];
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`${[...lines, ...chosen].join('\r\n')}\r\n\r\n`);
    socket.write(textFrame(JSON.stringify({ type: said.slice(0, 40) }).slice(0, 120)));
    socket.once('data', () => socket.end(closeFrame(4001, Buffer.from(said).subarray(0, 120).toString('latin1').slice(0, 60))));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  const tcp = await serveRaw((socket) => {
    socket.on(
      'data',
      (chunk: Buffer) => void sendInPieces(socket, `500 what? ${encoded(chunk.toString())}\r\n501 ${encoded(chunk.toString())}`),
    );
  });
  const redis = await serveRaw((socket) => {
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      const said = oneLine(encoded(heard.replaceAll(/[$*]\d+\r\n/g, '')));
      const begin =
        ['-WRONGPASS', '-ERR unknown command, with args beginning with:', '-NOAUTH', '?', `-${oneWord(said)}`][echoes % 5] ?? '';
      void sendInPieces(socket, `${begin} ${said}\r\n`);
    });
  });
  const postgres = await servePostgres({
    startup: (socket) => void socket.write(authentication(3)),
    message(_type, body, socket) {
      const said = encoded(body.toString().replaceAll('\0', '')).slice(0, 20_000);
      socket.end(failure(['28P01', oneWord(said), 'XX000'][echoes % 3] ?? '', `password "${said}" is wrong\0D${said}\0H${said}`));
    },
  });
  const others: readonly RawServer[] = [tcp, redis, postgres];
  return {
    http: (http.address() as { port: number }).port,
    tcp: tcp.port,
    redis: redis.port,
    postgres: postgres.port,
    set(given, by) {
      token = given;
      encoding = by;
    },
    echoes: () => echoes,
    async close() {
      http.closeAllConnections();
      http.close();
      await Promise.all([once(http, 'close'), ...others.map((server) => server.close())]);
    },
  };
}
