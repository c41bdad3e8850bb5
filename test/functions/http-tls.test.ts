/** The http kind and certificates: who is trusted, and that nothing is said before. */
import { createAuthority, createSelfSigned, type Authority, type CertificatePair } from '../../local/services/certificates';
import { answering, http, httpServer, probedAt } from '../support/exchanging';
import { probeAll } from '../support/probing';
import { closingServer, garbageServer, resettingServer, serveRaw, silentServer, type RawServer } from '../support/raw-server';

const day = 86_400_000;
const https = { scheme: 'https' };
let authority: Authority;
let good: CertificatePair;
let trusting: { readonly tls: object };
beforeAll(async () => {
  authority = await createAuthority();
  good = await authority.issue();
  trusting = { tls: { ca: authority.certificate } };
});

describe('a certificate that is', () => {
  test.each<[string, () => Promise<CertificatePair>, string, number]>([
    ['expired', () => authority.issue({ notAfter: new Date(Date.now() - day) }), 'certificate_expired', -1],
    ['not yet valid', () => authority.issue({ notBefore: new Date(Date.now() + day) }), 'certificate_not_yet_valid', 365],
    ['untrusted', () => createSelfSigned(), 'certificate_untrusted', 365],
    ['for another name', () => authority.issue({ dns: ['other.example.com'] }), 'certificate_name_mismatch', 365],
    ['for names only, where an address is asked for', () => authority.issue({ dns: ['localhost'] }), 'certificate_name_mismatch', 365],
  ])('%s is told with its days, and hears no credential', async (_, issue, reason, days) => {
    const heard: Buffer[] = [];
    const server = serveRaw((socket) => socket.on('data', (data: Buffer) => heard.push(data)), { tls: await issue() });
    const result = await probedAt(server, { ...trusting, headers: { Authorization: 'Bearer secret-token' }, body: 'password' }, https);
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'tls', domain: 'certificate', owner: 'infrastructure' });
    expect(result.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3', 'tls.daysUntilExpiry': expect.closeTo(days, 0) });
    expect(heard).toEqual([]);
  });

  test('any at all is good enough with mode: require', async () => {
    const server = httpServer((_, response) => response.end('ok'), await createSelfSigned({ dns: ['other.example.com'] }));
    expect(await probedAt(server, { tls: { mode: 'require' } }, https)).toMatchObject({ outcome: 'success' });
  });

  test('about to expire is a condition', async () => {
    const server = httpServer((_, response) => response.end('ok'), await authority.issue({ notAfter: new Date(Date.now() + 10 * day) }));
    const result = await probedAt(server, { ...trusting, warn: { minCertificateValidity: '21d' } }, https);
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring' });
  });
});

test('each of two targets in one run is judged by its own name', async () => {
  const named = await httpServer(
    (request, response) => response.end(request.headers.host),
    await authority.issue({ dns: ['one.example.com'] }),
  );
  const target = (serverName: string): object => ({
    url: `https://127.0.0.1:${named.port}/`,
    tls: { ca: authority.certificate, serverName },
    confirm: { attempts: 1 },
  });
  const results = await probeAll(http, { one: target('one.example.com'), two: target('two.example.com') });
  await named.close();
  expect(results.map(({ target: name, reason }) => [name, reason])).toEqual([
    ['one', null],
    ['two', 'certificate_name_mismatch'],
  ]);
});

describe('a client certificate', () => {
  const wanting = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
    httpServer((_, response) => response.end('ok'), {
      ...good,
      maxVersion,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('that is wanted and not given is told with %s', async (version) => {
    const result = await probedAt(wanting(version), trusting, https);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'tls_handshake', domain: 'certificate' });
    expect(result.message).not.toMatch(/:error:|\n/);
  });

  test('is given', async () => {
    const client = await authority.issue({ client: true, commonName: 'probe' });
    expect(await probedAt(wanting('TLSv1.3'), { tls: { ca: authority.certificate, ...client } }, https)).toMatchObject({
      outcome: 'success',
    });
  });

  test('that can not be used is our own fault', async () => {
    const result = await probedAt(wanting('TLSv1.3'), { tls: { ca: authority.certificate, cert: good.cert, key: 'no key' } }, https);
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
  });
});

describe('where TLS is spoken, a server that', () => {
  test.each<[string, () => Promise<RawServer>, string]>([
    ['is silent', silentServer, 'timeout'],
    ['closes at once', closingServer, 'connection_reset'],
    ['resets when it hears something', () => resettingServer({ afterData: true }), 'connection_reset'],
    ['sends garbage', garbageServer, 'tls_handshake'],
    ['speaks plain HTTP', () => closingServer({ text: 'HTTP/1.1 400 Bad Request\r\n\r\n' }), 'tls_handshake'],
  ])('%s is told in tls', async (_, start, reason) => {
    expect(await probedAt(start(), { timeout: '400ms' }, https)).toMatchObject({ outcome: 'failure', reason, phase: 'tls' });
  });

  test.each<[string, (options: { tls: CertificatePair }) => Promise<RawServer>, string]>([
    ['is silent', silentServer, 'timeout'],
    ['closes', closingServer, 'connection_reset'],
    ['resets', (options) => resettingServer({ ...options, afterData: true }), 'connection_reset'],
    ['sends garbage', garbageServer, 'protocol_error'],
  ])('%s after the handshake is told in request', async (_, start, reason) => {
    const result = await probedAt(start({ tls: good }), { ...trusting, timeout: '600ms' }, https);
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'request', observed: { 'tls.protocol': 'TLSv1.3' } });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'request']);
  });

  test('is asked in plain text is a failure', async () => {
    const server = httpServer((_, response) => response.end('ok'), good);
    expect(await probedAt(server)).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: 'request' });
  });

  test('is spoken also where only tls says so', async () => {
    const server = httpServer((_, response) => response.end('ok'), good);
    expect(await probedAt(server, trusting)).toMatchObject({ outcome: 'success', observed: { 'tls.protocol': 'TLSv1.3' } });
    expect(await probedAt(answering(200), { tls: { mode: 'disable' } })).toMatchObject({ outcome: 'success' });
  });
});
