/** What each fault does to a connection, from its moment on. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Fault } from './cells';
import type { Moment } from './proxy';

/** A fault at work. */
export interface Strike {
  /** Called once what came before is on its way; further calls do nothing. */
  readonly begin: () => void;
  /** Takes what the server goes on to say. */
  readonly feed: (bytes: Buffer) => void;
  /** The server has said all. */
  readonly end?: () => void;
}

/** Where it works: what the client reads from, the connection below, and with TLS what the server's side of TLS reads from. */
export interface Place {
  readonly out: Duplex;
  readonly raw: Socket;
  readonly wire?: Duplex;
}

const slowMs = 700;
/** So much is sent byte by byte; what is left goes in pieces, or the notices of PostgreSQL alone would take seconds. */
const singleBytes = 300;
const pieceBytes = 97;
const floodMs = 5;

const garbage = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 167 + 13) % 256));
/** A fatal handshake_failure (RFC 8446, 6.2). */
const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);
/** Application data that nobody has the key of: the server's own TLS answers it with bad_record_mac. */
const forged = Buffer.concat([Buffer.from([0x17, 3, 3, 0, 48]), Buffer.alloc(48, 0x5a)]);
const http = 'HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 16\r\nConnection: close\r\n\r\n400 Bad Request\n';
/** The banner and a beginning of what follows it (RFC 4253, 4.2 and 7.1). */
const ssh = `SSH-2.0-OpenSSH_9.6\r\n${String.fromCharCode(0, 0, 4, 4, 6, 20)}${'curve25519-sha256,'.repeat(40)}`;

function dripping({ out, raw }: Place, everyMs: number): Strike {
  let waiting = Buffer.alloc(0);
  let sent = 0;
  let isBusy = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  raw.once('close', () => clearTimeout(timer));
  const wait = (): void => {
    isBusy = waiting.length > 0;
    if (!isBusy && isOver) out.end();
    if (isBusy && everyMs > 0) timer = setTimeout(next, everyMs);
    else if (isBusy) setImmediate(next);
  };
  const next = (): void => {
    if (!out.writable) return;
    const length = sent < singleBytes ? 1 : pieceBytes;
    out.write(waiting.subarray(0, length));
    waiting = waiting.subarray(length);
    sent += length;
    wait();
  };
  return {
    begin() {},
    feed(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      if (!isBusy) wait();
    },
    end() {
      isOver = true;
      if (!isBusy) wait();
    },
  };
}

function flooding({ out, raw }: Place, { endless }: Moment): () => void {
  const chunk = Buffer.from(endless?.chunk ?? 'x'.repeat(16_384), 'latin1');
  return () => {
    if (endless?.first !== undefined) out.write(Buffer.from(endless.first, 'latin1'));
    // No faster than it is read, and with time for everybody else in this process.
    const timer = setInterval(() => {
      if (out.writable && out.writableLength < 65_536) out.write(chunk);
    }, floodMs);
    raw.once('close', () => clearInterval(timer));
  };
}

const once = (work: () => void): Strike => {
  let isDone = false;
  return {
    begin() {
      if (isDone) return;
      isDone = true;
      work();
    },
    feed() {},
  };
};

function cutting({ out }: Place, after: number): Strike {
  if (after === 0) return once(() => out.end());
  let left = after;
  return {
    begin() {},
    feed(bytes) {
      if (left === 0) return;
      out.write(bytes.subarray(0, left));
      left = Math.max(0, left - bytes.length);
      if (left === 0) out.end();
    },
  };
}

/** @returns the fault, ready to strike there. */
export function createStrike(fault: Fault, moment: Moment, place: Place): Strike {
  const { out, raw, wire } = place;
  const say = (text: string | Buffer, isLast = false): void => {
    out.write(Buffer.from(text as string, 'latin1'));
    if (isLast) out.end();
  };
  const nothing = (): Strike => once(() => {});
  const strikes: Readonly<Record<Fault, () => Strike>> = {
    // In the server's place, which goes on afterwards.
    refused: () => ({
      ...once(() => say(moment.refusal ?? '', moment.refusalEnds)),
      feed: (bytes) => void (out.writable && out.write(bytes)),
      end: () => void out.end(),
    }),
    'black hole': nothing,
    silent: nothing,
    slow: () => dripping(place, slowMs),
    pieces: () => dripping(place, 0),
    reset: () => once(() => raw.resetAndDestroy()),
    cut: () => cutting(place, moment.cutAfter ?? 3),
    garbage: () => once(() => say(garbage)),
    endless: () => once(flooding(place, moment)),
    alert: () => once(() => (moment.stage === 'secured' ? wire?.push(forged) : raw.write(alert))),
    'wrong protocol': () => once(() => say(moment.instead === 'SSH' ? ssh : http)),
  };
  return strikes[fault]();
}
