/** The http kind against servers that work: what is sent, and what is told of the answer. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../local/services/certificates';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { answering, bodyOf, http, httpServer, probedAt, saying } from '../support/exchanging';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { closingServer, silentServer } from '../support/raw-server';

/** Probes a server, and tells what it was sent. */
async function sent(target: Readonly<Record<string, unknown>>, path = '/') {
  const heard: { request: IncomingMessage; body: string }[] = [];
  const server = httpServer((request, response) => {
    void bodyOf(request).then((body) => heard.push({ request, body }) && response.end('ok'));
  });
  const result = await probedAt(server, target, { path });
  const [first] = heard;
  if (!first || heard.length > 1) throw new Error(`${heard.length} requests came`);
  return { result, body: first.body, method: first.request.method, url: first.request.url, headers: first.request.headers };
}

test('a healthy endpoint is a success with its facts', async () => {
  const server = answering(200, '{"status":"ready"}', 'Content-Type: application/json', 'Server: nginx/1.25');
  const result = await probedAt(server, { expect: { status: [200], json: ["status == 'ready'"], maxLatency: '5s' } });
  expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null, message: 'ok', findings: [], warnings: [] });
  expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'request', 'transfer']);
  expect(result.observed).toEqual({
    'address.ip': '127.0.0.1',
    'http.status': 200,
    'http.version': '1.1',
    'http.redirects': 0,
    'http.contentType': 'application/json',
    'http.server': 'nginx/1.25',
    'http.bodyBytes': 18,
  });
});

test('with TLS the certificate is told, too', async () => {
  const authority = await createAuthority();
  const server = httpServer((_, response) => response.end('ok'), await authority.issue());
  const result = await probedAt(server, { tls: { ca: authority.certificate } }, { scheme: 'https' });
  expect(result).toMatchObject({ outcome: 'success', observed: { 'tls.protocol': 'TLSv1.3', 'http.version': '1.1' } });
  expect(result.observed['tls.daysUntilExpiry']).toBeGreaterThan(300);
  expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'request', 'transfer']);
});

describe('the request', () => {
  test('is a GET that names its host, its sender and what it understands, and asks for no second one', async () => {
    const { method, url, headers, body } = await sent({}, '/a%20b?c=d&e');
    expect({ method, url, body }).toEqual({ method: 'GET', url: '/a%20b?c=d&e', body: '' });
    expect(headers).toEqual({
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      'user-agent': expect.stringMatching(/^vpc-synthetics\/\d/),
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br, zstd',
      connection: 'close',
    });
  });

  test('carries JSON, and is a POST then', async () => {
    const json = { email: 'a@example.com', tags: ['é', 1, null], secret: 'x' };
    const { method, headers, body } = await sent({ json });
    expect(method).toBe('POST');
    expect(JSON.parse(body)).toEqual(json);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
    expect(headers).not.toHaveProperty('transfer-encoding');
  });

  test('carries a text, with the method and the headers that are asked for', async () => {
    const { method, headers, body } = await sent({
      method: 'PUT',
      body: 'plain text',
      headers: { 'user-agent': 'me', HOST: 'app.example.com', 'Content-Type': 'text/x', 'X-One': 'caf\u00e9' },
    });
    expect({ method, body }).toEqual({ method: 'PUT', body: 'plain text' });
    expect(headers).toMatchObject({ 'user-agent': 'me', host: 'app.example.com', 'content-type': 'text/x', 'x-one': 'caf\u00e9' });
  });

  test('says who asks, where the URL tells; a header of its own is stronger', async () => {
    const server = httpServer((request, response) => response.end(request.headers.authorization));
    const { port } = await server;
    const url = `http://us%40er:pa%3Ass@127.0.0.1:${port}/`;
    const basic = await probeOne(http, { url, expect: { body: [`^Basic ${Buffer.from('us@er:pa:ss').toString('base64')}$`] } });
    const bearer = await probedAt(server, { url, headers: { authorization: 'Bearer x' }, expect: { body: ['^Bearer x$'] } });
    expect([basic.message, bearer.message]).toEqual(['ok', 'ok']);
  });

  test('goes over a unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-test-'));
    const path = join(folder, 'app.sock');
    const server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`)).listen(path);
    await once(server, 'listening');
    const leaks = await watchLeaks();
    const result = await probeOne(http, { url: `unix:${path}:/health?x=1`, expect: { body: ['^localhost /health\\?x=1$'] } });
    await leaks.assertNothingLeft();
    const missing = await probeOne(http, { url: `unix:${path}.missing:/health` });
    server.close();
    rmSync(folder, { recursive: true });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.status': 200 } });
    expect(Object.keys(result.phases)).toEqual(['connect', 'request', 'transfer']);
    expect(missing).toMatchObject({ outcome: 'failure', reason: 'unreachable', phase: 'connect', code: 'ENOENT' });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a header of two lines', { headers: { Authorization: 'Bearer ${secret:given}' } }],
    ['a header that is no Latin-1', { headers: { Authorization: '${secret:smile}' } }],
    ['no URL', { url: '${secret:given}' }],
    ['a URL of another scheme', { url: '${secret:ftp}' }],
  ])('is our own fault where a secret makes it %s', async (_, target) => {
    const emulator = await startSecretManagerEmulator();
    emulator.put('given', { value: 'first line\nsecond line' });
    emulator.put('smile', { value: 'token-\u{1F600}-token' });
    emulator.put('ftp', { value: 'ftp://files.example.com/' });
    const server = await silentServer();
    const result = await probedAt(Promise.resolve(server), target, { secretManager: emulator.address });
    await emulator.close();
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor', phases: {} });
    expect(server.accepted()).toBe(0);
    expect(JSON.stringify(result)).not.toMatch(/second line|token-|files\.example/);
  });
});

describe('the answer', () => {
  test('of HTTP/1.0 ends with the connection', async () => {
    const result = await probedAt(saying('HTTP/1.0 200 OK\r\n\r\nfine'), { expect: { body: ['^fine$'] } });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.version': '1.0', 'http.bodyBytes': 4 } });
  });

  test('comes after interim ones', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const result = await probedAt(saying(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`), { expect: { body: ['^ok$'] } });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.status': 200 } });
  });

  test.each<[string, number, Record<string, unknown>]>([
    ['to HEAD', 200, { method: 'HEAD' }],
    ['204', 204, {}],
    ['304', 304, { expect: { status: [304] } }],
  ])('%s has no body, whatever its length says', async (_, status, target) => {
    const server = saying(`HTTP/1.1 ${status} OK\r\nContent-Length: 5000000\r\nContent-Encoding: gzip\r\n\r\n`);
    expect(await probedAt(server, target)).toMatchObject({ outcome: 'success', observed: { 'http.bodyBytes': 0 } });
  });

  test('may keep its connection; we do not', async () => {
    const server = httpServer((_, response) => response.writeHead(200, { Connection: 'keep-alive' }).end('ok'));
    expect((await probedAt(server)).outcome).toBe('success');
  });

  test('is none where the server ends the connection', async () => {
    const result = await probedAt(closingServer());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: 'request', owner: 'infrastructure' });
  });
});
