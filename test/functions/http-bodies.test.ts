/** The http kind and bodies: encoded, too large, without end, and broken off. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { answering, probedAt, saying } from '../support/exchanging';
import type { RawServer } from '../support/raw-server';
import { answeringServer } from '../support/upgrading-server';

const head = (length: number | string, ...lines: string[]): string =>
  `${['HTTP/1.1 200 OK', 'Content-Type: application/json', ...lines, `Content-Length: ${length}`].join('\r\n')}\r\n\r\n`;
const encoded = (coding: string, body: Buffer): Promise<RawServer> => saying(head(body.length, `Content-Encoding: ${coding}`), body);

const codings: [string, (text: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
  ['identity', (text) => text],
];
const ready = Buffer.from('{"status":"ready"}');
const isReady = { expect: { json: ["status == 'ready'"] } };

describe('a body encoded by', () => {
  test.each(codings)('%s is decoded', async (coding, encode) => {
    const result = await probedAt(encoded(coding, encode(ready)), isReady);
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.bodyBytes': ready.length } });
  });

  test.each(codings.slice(0, 6))('%s is refused when it ends before its end', async (coding, encode) => {
    const whole = encode(ready);
    const result = await probedAt(encoded(coding, whole.subarray(0, whole.length - 3)));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', phase: 'transfer', owner: 'application' });
    expect(result.message).toContain(`the body is not whole ${coding}`);
  });

  test.each(codings.slice(0, 6))('%s is refused when it is something else', async (coding) => {
    expect(await probedAt(encoded(coding, Buffer.from('this is no such thing')))).toMatchObject({ reason: 'protocol_error' });
  });

  test.each(codings.slice(0, 7))('%s is refused when it becomes too large', async (coding, encode) => {
    const result = await probedAt(encoded(coding, encode(Buffer.alloc(20_000_000))));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body_too_large', phase: 'transfer' });
    expect(result.message).toContain('maxBody (1000000 bytes)');
  });

  test.each(['compress', 'gzip, gzip, gzip, gzip'])('%s is refused', async (coding) => {
    expect(await probedAt(encoded(coding, ready))).toMatchObject({ reason: 'protocol_error', phase: 'transfer' });
  });

  test('nothing is decoded where there is nothing', async () => {
    expect(await probedAt(encoded('gzip', Buffer.alloc(0)))).toMatchObject({ outcome: 'success', observed: { 'http.bodyBytes': 0 } });
    expect(await probedAt(encoded('gzip', Buffer.alloc(0)), isReady)).toMatchObject({ reason: 'assertion_failed' });
  });

  test('the excerpt of a refused answer is decoded, too', async () => {
    const body = gzipSync('no core database');
    const server = saying(`HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`, body);
    expect((await probedAt(server)).message).toBe('the status is 500: no core database');
  });
});

/** Sends a header, and then the same for as long as it is read. */
const endless = (header: string, chunk: string): Promise<RawServer> =>
  answeringServer((socket) => {
    socket.write(header);
    const pour = (): void => {
      if (socket.writable && socket.write(chunk)) setImmediate(pour);
      else if (socket.writable) socket.once('drain', pour);
    };
    pour();
  });

describe('a body that is too large', () => {
  test.each<[string, () => Promise<RawServer>]>([
    ['by its own word', () => answeringServer((socket) => socket.write(head(1_000_001)))],
    ['and has no length', () => endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536))],
    ['and comes in chunks', () => endless('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', `1000\r\n${'x'.repeat(4096)}\r\n`)],
  ])('%s is refused', async (_, start) => {
    const result = await probedAt(start());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body_too_large', phase: 'transfer', owner: 'application' });
    expect(result.message).toMatch(/^the body .*maxBody is 1000000 bytes$/);
    expect(result.durationMs).toBeLessThan(1500);
  });

  test('is what maxBody says', async () => {
    expect(await probedAt(answering(200, 'x'.repeat(1025)), { maxBody: '1KiB' })).toMatchObject({ reason: 'body_too_large' });
    expect(await probedAt(answering(200, 'x'.repeat(1024)), { maxBody: '1KiB' })).toMatchObject({ outcome: 'success' });
  });

  test('does not hide a status', async () => {
    const result = await probedAt(endless('HTTP/1.1 502 No\r\nContent-Type: text/plain\r\n\r\n', 'x'.repeat(65_536)));
    expect(result).toMatchObject({ reason: 'bad_gateway', code: '502' });
  });
});

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('a body that is broken off', () => {
  test.each<[string, string, string]>([
    ['short of its length', `${head(9)}{"a":1}`, 'connection_reset'],
    ['before it began', head(9), 'connection_reset'],
    ['within a chunk', `${chunked}9\r\n{"a":1}`, 'connection_reset'],
    ['before the last chunk', `${chunked}7\r\n{"a":1}\r\n`, 'connection_reset'],
    ['by a chunk that is none', `${chunked}zz\r\n{"a":1}\r\n`, 'protocol_error'],
  ])('%s is no answer', async (_, text, reason) => {
    const result = await probedAt(saying(text), { expect: { status: [200] } });
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'transfer', observed: { 'http.status': 200 } });
  });

  test.each([
    ['that has a length', head(9)],
    ['that has none', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['in chunks', `${chunked}9\r\n`],
  ])('by a reset, one %s, is no answer', async (_, header) => {
    const server = answeringServer((socket, _head, below) => {
      socket.write(`${header}x`);
      setTimeout(() => below.resetAndDestroy(), 50);
    });
    expect(await probedAt(server)).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: 'transfer' });
  });

  test.each([
    ['stops', 0],
    ['trickles', 30],
  ])('because it %s is late', async (_, everyMs) => {
    const server = answeringServer((socket) => {
      socket.write(`${head(90)}x`);
      const timer = everyMs > 0 ? setInterval(() => socket.write('x'), everyMs) : undefined;
      socket.once('close', () => clearInterval(timer));
    });
    const result = await probedAt(server, { timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'transfer', owner: 'application' });
    expect(result.durationMs).toBeLessThan(500);
  });
});
