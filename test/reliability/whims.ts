/** Servers that do with each connection what a schedule says, drawn by chance: fragments of every protocol, pauses, ends of every sort. */
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { pick, type Chance } from '../shared/diagnose/random-graphs';
import { authentication, failure, message, ready, welcome } from '../support/postgres-server';
import { serveRaw, type RawOptions, type RawServer } from '../support/raw-server';
import { closeFrame, textFrame } from '../support/upgrading-server';

/** One thing that a server does. */
export type Whim =
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'hear' | 'echo' | 'flood' | 'end' | 'reset' | 'destroy' | 'nothing' };

/** What a server may say: whole, or cut off anywhere. */
const phrases: readonly (string | Buffer)[] = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nhello',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n',
  'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
  '+OK\r\n',
  '+PONG\r\n',
  '$-1\r\n',
  '$5\r\nhello\r\n',
  '*2\r\n$1\r\na\r\n',
  '-LOADING Redis is loading\r\n',
  '-NOAUTH no\r\n',
  'hello\n',
  'SSH-2.0-OpenSSH_9.6\r\n',
  'S',
  'N',
  welcome,
  ready,
  authentication(3),
  authentication(10),
  failure('57P03', 'the database system is starting up'),
  failure('28P01', 'password authentication failed'),
  message('T', Buffer.from([0, 1])),
  textFrame('{"type":"hello"}'),
  closeFrame(1011, 'broken'),
  Buffer.from([0x16, 3, 3, 0, 4, 2, 0, 0, 0]),
  Buffer.from([0x15, 3, 3, 0, 2, 2, 40]),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.alloc(64),
  '',
];

const acts = ['say', 'say', 'say', 'pause', 'hear', 'hear', 'echo', 'flood', 'end', 'reset', 'destroy', 'nothing'] as const;

/** @returns a schedule of up to six whims; bytes are kept as latin1, so that it can be printed and played again. */
export function whimsBy(chance: Chance): readonly Whim[] {
  return Array.from({ length: 1 + Math.floor(chance() * 6) }, (): Whim => {
    const act = pick(acts, chance);
    if (act === 'pause') return { do: act, ms: Math.floor(chance() * 700) };
    if (act !== 'say') return { do: act };
    const text = Buffer.from(pick(phrases, chance) as string).toString('latin1');
    return { do: act, text: chance() < 0.3 ? text.slice(0, Math.floor(chance() * text.length)) : text };
  });
}

/** Does to a connection what the schedule says; then leaves it open. */
async function play(whims: readonly Whim[], socket: Socket, below: Socket): Promise<void> {
  const bytes = Buffer.alloc(16_384, 'x');
  for (const whim of whims) {
    if (socket.destroyed) return;
    // The event that a TLS connection is there comes out of OpenSSL's own call: what ends the connection right there crashes Node.
    if (whim.do === 'reset' || whim.do === 'destroy') await nextTurn();
    if (whim.do === 'say') socket.write(Buffer.from(whim.text, 'latin1'));
    if (whim.do === 'pause') await delay(whim.ms, undefined, { ref: false });
    if (whim.do === 'hear')
      await Promise.race([new Promise((resolve) => socket.once('data', resolve)), new Promise((resolve) => socket.once('close', resolve))]);
    if (whim.do === 'echo') socket.pipe(socket);
    for (let chunk = 0; whim.do === 'flood' && chunk < 100; chunk += 1) if (!socket.destroyed) socket.write(bytes);
    if (whim.do === 'end') socket.end();
    // Only a TCP socket can be reset, not the TLS socket above it.
    if (whim.do === 'reset') below.resetAndDestroy();
    if (whim.do === 'destroy') socket.destroy();
    if (whim.do === 'nothing') socket.pause();
    else socket.resume();
  }
}

/** Starts a server that treats every connection alike. */
export function whimsicalServer(whims: readonly Whim[], options?: RawOptions): Promise<RawServer> {
  return serveRaw((socket, below) => void play(whims, socket, below), options);
}

/** @returns seeds from the first on; `SEED` in the environment names the first. */
export function seedsOf(count: number, first = Number(process.env['SEED'] ?? 1)): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
