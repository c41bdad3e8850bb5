/** Stands between a probe and a real server, passes every byte until the moment of a fault, and then does the fault. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Fault } from './cells';
import { createStrike, type Strike } from './strike';

/** Below TLS or without it; the handshake itself; what TLS carries. */
export type Stage = 'plain' | 'handshake' | 'secured';

/** When a fault strikes: in the server's answer to something, or behind something that the server has said. */
export interface Moment {
  readonly stage: Stage;
  /** What the client has said; a fault strikes with the next byte of the server. Default: nothing, it is the server's turn. */
  readonly after?: RegExp;
  /** @returns how many bytes of the stage the server says before; undefined while that can't be told. */
  readonly behind?: (server: string) => number | undefined;
  /** Of the servers of a journey, the one that it is about. */
  readonly place?: string;
  /** What is said where the server refuses; afterwards it ends where `refusalEnds`. */
  readonly refusal?: string;
  readonly refusalEnds?: boolean;
  /** How many bytes of the answer come before a cut; default 3. */
  readonly cutAfter?: number;
  /** The other protocol that speaks; default: HTTP. */
  readonly instead?: 'SSH';
  /** What comes again and again in an endless answer; default: the letter x. */
  readonly endless?: { readonly first?: string; readonly chunk: string };
}

/** How TLS begins on a connection. */
export interface Secure {
  readonly cert: string;
  readonly key: string;
  readonly alpn?: readonly string[];
  /** Default: with the first byte. PostgreSQL's is asked for by SSLRequest; STARTTLS by a line that the server answers. */
  readonly begins?: 'SSLRequest' | 'STARTTLS';
}

/** Where a proxy leads. */
export interface Way {
  readonly port: number;
  readonly secure?: Secure;
}

/** A running proxy on loopback. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** How many connections the fault has struck. */
  struck(): number;
  close(): Promise<void>;
}

/** @returns where the match of a pattern in the server's words ends. */
export const behind =
  (pattern: RegExp) =>
  (server: string): number | undefined => {
    const match = pattern.exec(server);
    return match ? match.index + match[0].length : undefined;
  };

/** One direction of one stage: what the server says, up to the moment. */
interface Lane {
  /** @returns whether the server is to hear it, too. */
  readonly hear: (fromClient: Buffer) => boolean;
  readonly say: (fromServer: Buffer) => void;
  /** The server has said all. */
  readonly end: () => void;
}

/** @param answersItself whether the fault answers in the server's place, once. */
function createLane(out: Duplex, moment: Moment | undefined, answersItself: boolean, strike: () => Strike): Lane {
  let client = '';
  let server = '';
  let struck: Strike | undefined;
  let from: number | undefined;
  let isReplaced = false;
  const isDue = (): boolean => moment !== undefined && (moment.after?.test(client) ?? true);
  const look = (said: number): Strike | undefined => {
    if (struck || !moment || !isDue()) return undefined;
    from ??= moment.behind ? moment.behind(server) : said;
    if (from === undefined || from > server.length) return undefined;
    return (struck = strike());
  };
  return {
    hear(bytes) {
      if (moment && !struck) client += bytes.toString('latin1');
      const begun = look(server.length);
      begun?.begin();
      // What the server says unasked is still to come.
      isReplaced ||= begun !== undefined && answersItself && moment?.after === undefined;
      return !(begun && answersItself);
    },
    say(bytes) {
      if (struck && isReplaced) return void (isReplaced = false);
      if (struck) return struck.feed(bytes);
      const begun = server.length;
      if (moment) server += bytes.toString('latin1');
      const now = look(begun);
      const passed = now && from !== undefined ? bytes.subarray(0, Math.max(0, from - begun)) : bytes;
      if (passed.length > 0 && out.writable) out.write(passed);
      now?.begin();
      if (!answersItself) now?.feed(bytes.subarray(passed.length));
    },
    end() {
      if (struck) struck.end?.();
      else if (out.writable) out.end();
    },
  };
}

/** A moment for the client to notice that it is connected, before a fault strikes that waits for nothing. */
const graceMs = 20;

const sslRequest = '\0\0\0\x08\x04\xd2\x16\x2f';

function handle(raw: Socket, { port, secure }: Way, fault: Fault | undefined, moment: Moment | undefined, tell: () => void): void {
  const server = connect(port, '127.0.0.1');
  server.on('error', () => raw.destroy());
  raw.once('close', () => server.destroy());
  const laneOf = (stage: Stage, out: Duplex, wire?: Duplex): Lane => {
    const here = moment?.stage === stage ? moment : undefined;
    return createLane(out, here, fault === 'refused', () => {
      tell();
      return createStrike(fault ?? 'silent', here ?? { stage }, { out, raw, wire });
    });
  };
  const encrypt = ({ cert, key, alpn }: Secure): void => {
    const wire: Duplex = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        handshake.say(chunk);
        done();
      },
      final(done) {
        handshake.end();
        done();
      },
    });
    const handshake = laneOf('handshake', raw, wire);
    raw.on('data', (chunk: Buffer) => {
      handshake.hear(chunk);
      if (!wire.destroyed) wire.push(chunk);
    });
    raw.once('close', () => wire.destroy());
    const secured = new TLSSocket(wire, { isServer: true, cert, key, ...(alpn && { ALPNProtocols: [...alpn] }) });
    secured.on('error', () => {});
    join(secured, server, laneOf('secured', secured, wire));
  };
  if (!secure) return join(raw, server, laneOf('plain', raw));
  if (secure.begins === undefined) return encrypt(secure);
  const plain = laneOf('plain', raw);
  const ask = (chunk: Buffer): void => {
    const isHeard = plain.hear(chunk);
    if (chunk.toString('latin1') !== sslRequest) return void (isHeard && server.write(chunk));
    // The server behind does without TLS, so that what it says can be seen.
    raw.off('data', ask);
    server.off('end', plain.end);
    encrypt(secure);
    plain.say(Buffer.from('S'));
  };
  const answer = (chunk: Buffer): void => {
    plain.say(chunk);
    if (!/^220 go ahead/m.test(chunk.toString('latin1'))) return;
    raw.off('data', ask);
    server.off('data', answer).off('end', plain.end);
    encrypt(secure);
  };
  raw.on('data', ask);
  if (secure.begins === 'STARTTLS') server.on('data', answer);
  server.once('end', plain.end);
  greet(plain);
}

const greet = (lane: Lane): void => void setTimeout(() => void lane.hear(Buffer.alloc(0)), graceMs);

function join(client: Duplex, server: Socket, lane: Lane): void {
  client.on('data', (chunk: Buffer) => {
    if (lane.hear(chunk) && server.writable) server.write(chunk);
  });
  client.once('end', () => server.end());
  const listen = (): void => {
    server.on('data', (chunk: Buffer) => lane.say(chunk));
    server.once('end', lane.end);
    greet(lane);
  };
  if (client instanceof TLSSocket) client.once('secure', listen);
  else listen();
}

/** Starts a proxy; without a fault it passes everything. */
export async function startProxy(way: Way, fault?: Fault, moment?: Moment): Promise<Proxy> {
  const open = new Set<Socket>();
  let struck = 0;
  const server = createServer({ noDelay: true }, (raw) => {
    open.add(raw);
    raw.on('error', () => {});
    raw.once('close', () => open.delete(raw));
    handle(raw, way, fault, fault && moment, () => (struck += 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no TCP port');
  return {
    host: '127.0.0.1',
    port: address.port,
    struck: () => struck,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
