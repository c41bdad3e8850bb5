/** The http kind over HTTP/2: who chooses it, what is sent, and how it breaks. */
import { once } from 'node:events';
import { constants, createSecureServer, createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { createAuthority, type Authority, type CertificatePair } from '../../local/services/certificates';
import { httpServer, probedAt, saying, type Listening } from '../support/exchanging';
import { alternativeFrame, dataFrame, frameServer, goawayFrame, interimFrame, okFrame, resetFrame } from '../support/h2-frames';
import { closingServer, garbageServer, resettingServer, silentServer, type RawServer } from '../support/raw-server';

let authority: Authority;
let pair: CertificatePair;
let trusting: { readonly tls: object };
const https = { scheme: 'https' };
const two = { version: '2' };
beforeAll(async () => {
  authority = await createAuthority();
  pair = await authority.issue();
  trusting = { tls: { ca: authority.certificate } };
});

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** A server of HTTP/2 alone: with a certificate by ALPN, else by prior knowledge. */
async function http2Server(answer: Answer, tls?: CertificatePair): Promise<Listening> {
  const server = tls ? createSecureServer(tls) : createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const ok: Answer = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'text/plain', 'x-part': ['one', 'two'] });
  stream.end('fine');
};

describe('the version', () => {
  test.each<[string, Record<string, unknown>, () => Promise<Listening>, string]>([
    ['is HTTP/2 where the server chooses it', {}, () => http2Server(ok, pair), '2'],
    ['is HTTP/1.1 where the server knows no other', {}, () => httpServer((_, response) => response.end('fine'), pair), '1.1'],
    ['is 2 where it is asked for', { version: 2 }, () => http2Server(ok, pair), '2'],
    ['is 1.1 where it is asked for', { version: 1.1 }, () => httpServer((_, response) => response.end('fine'), pair), '1.1'],
  ])('%s', async (_, target, start, version) => {
    const result = await probedAt(start(), { ...trusting, ...target, expect: { body: ['^fine$'] } }, https);
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.version': version, 'http.bodyBytes': 4 } });
  });

  test('is 2 without TLS by prior knowledge', async () => {
    const result = await probedAt(http2Server(ok), { ...two, expect: { headers: { 'x-part': '^one, two$' } } });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.version': '2', 'http.contentType': 'text/plain' } });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'request', 'transfer']);
  });

  test.each([
    ['a server that knows only HTTP/1.1', two, () => httpServer((_, response) => response.end(), pair), 'tls_handshake', 'tls'],
    ['a server that chooses nothing', two, () => silentServer({ tls: pair }), 'protocol_error', 'request'],
    ['a server that knows only HTTP/2', { version: '1.1' }, () => http2Server(ok, pair), 'tls_handshake', 'tls'],
  ])('can not be agreed on with %s', async (_, target, start, reason, phase) => {
    const result = await probedAt(start(), { ...trusting, ...target }, https);
    expect(result).toMatchObject({ outcome: 'failure', reason, phase });
  });
});

test('the request says the same as by HTTP/1.1', async () => {
  const heard: IncomingHttpHeaders[] = [];
  let body = '';
  const server = http2Server((stream, headers) => {
    heard.push(headers);
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    stream.once('end', () => stream.respond({ ':status': 204 }, { endStream: true }));
  });
  const result = await probedAt(server, { ...two, json: { a: 'é' }, headers: { Host: 'app.example.com', 'X-One': '1' } }, { path: '/a?b' });
  expect(result).toMatchObject({ outcome: 'success', observed: { 'http.status': 204 } });
  expect(body).toBe('{"a":"é"}');
  expect(heard[0]).toMatchObject({
    ':method': 'POST',
    ':path': '/a?b',
    ':authority': 'app.example.com',
    'x-one': '1',
    'content-type': 'application/json',
    'content-length': '10',
  });
});

test('a redirect is followed, interim answers are passed over, and HEAD has no body', async () => {
  const server = http2Server((stream, headers) => {
    stream.additionalHeaders({ ':status': 103 });
    if (headers[':path'] === '/') stream.respond({ ':status': 302, location: '/there' }, { endStream: true });
    else stream.respond({ ':status': 200, 'content-length': '5000000' }, { endStream: true });
  }, pair);
  const result = await probedAt(server, { ...trusting, method: 'HEAD' }, https);
  expect(result).toMatchObject({ outcome: 'success', observed: { 'http.redirects': 1, 'http.bodyBytes': 0 } });
});

describe('an answer', () => {
  test.each<[string, Answer, string, string]>([
    ['that is refused', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), 'overloaded', 'request'],
    ['that is reset', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 'connection_reset', 'request'],
    ['that never comes', () => {}, 'timeout', 'request'],
    ['whose body never comes', (stream) => stream.respond({ ':status': 200 }), 'timeout', 'transfer'],
    ['of 503', (stream) => stream.respond({ ':status': 503, 'retry-after': '1' }, { endStream: true }), 'overloaded', 'transfer'],
    [
      'that ends short of its length',
      (stream) => {
        stream.respond({ ':status': 200, 'content-length': '9' });
        stream.end('x');
      },
      'protocol_error',
      'transfer',
    ],
    [
      'whose connection is lost',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('x', () => stream.session?.destroy());
      },
      'connection_reset',
      'transfer',
    ],
    [
      'that is too large',
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('x'.repeat(1_000_001));
      },
      'body_too_large',
      'transfer',
    ],
  ])('%s is a failure', async (_, answer, reason, phase) => {
    const result = await probedAt(http2Server(answer), { ...two, timeout: '600ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason, phase });
  });
});

describe('a stream', () => {
  const x = dataFrame('x');
  const many = (frame: Buffer, count: number): Buffer[] => Array.from({ length: count }, () => frame);
  test.each<[string, Buffer[], string | null, boolean]>([
    ['that ends', [okFrame, dataFrame('x', true)], null, false],
    ['that ends with the connection', [okFrame, dataFrame('x', true)], null, true],
    ['that is reset once it is whole', [okFrame, dataFrame('x', true), resetFrame(0)], null, false],
    ['that is reset without an error', [okFrame, x, resetFrame(0)], 'connection_reset', false],
    ['that is reset by an error', [okFrame, x, resetFrame(2)], 'connection_reset', false],
    ['that is cancelled', [okFrame, x, resetFrame(8)], 'connection_reset', false],
    ['that loses its connection', [okFrame, x], 'connection_reset', true],
    ['that is told to go away', [goawayFrame(11)], 'overloaded', false],
    ['that follows some interim answers', [...many(interimFrame, 16), okFrame, dataFrame('x', true)], null, false],
    ['that follows too many interim answers', [...many(interimFrame, 17), okFrame, dataFrame('x', true)], 'protocol_error', false],
    ['that follows interim answers only', many(interimFrame, 20_000), 'protocol_error', false],
    ['that comes with some announcements', [okFrame, ...many(alternativeFrame, 16), dataFrame('x', true)], null, false],
    ['that comes with announcements only', [okFrame, ...many(alternativeFrame, 20_000)], 'protocol_error', false],
  ])('%s, with TLS or without', async (_, frames, reason, isEnded) => {
    const after = isEnded ? { after: (socket: { end(): void }) => socket.end() } : {};
    const plain = await probedAt(frameServer(frames, after), two);
    const secured = await probedAt(frameServer(frames, { ...after, tls: { ...pair, ALPNProtocols: ['h2'] } }), trusting, https);
    expect([plain.reason, secured.reason]).toEqual([reason, reason]);
  });
});

describe('by prior knowledge a server', () => {
  test.each<[string, () => Promise<RawServer>, string]>([
    ['is silent', silentServer, 'timeout'],
    ['closes at once', closingServer, 'connection_reset'],
    ['closes when it hears something', () => saying(''), 'connection_reset'],
    ['resets when it hears something', () => resettingServer({ afterData: true }), 'connection_reset'],
    ['sends garbage', garbageServer, 'protocol_error'],
    ['speaks HTTP/1.1', () => closingServer({ text: 'HTTP/1.1 400 Bad Request\r\n\r\n' }), 'protocol_error'],
  ])('that %s is told', async (_, start, reason) => {
    const result = await probedAt(start(), { ...two, timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'request' });
    expect(result.durationMs).toBeLessThan(500);
  });
});
