/** The tcp kind over TLS from the start, as ClickHouse's port 9440: certificates judged, observed, and nothing sent to whom is not trusted. */
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { once } from 'node:events';
import { createAuthority, createSelfSigned, type Authority, type CertificatePair } from '../../local/services/certificates';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { closingServer, garbageServer, resettingServer, serveRaw, silentServer, type RawServer } from '../support/raw-server';
import { probedTcp, tcp } from '../support/tcp-probing';

const dayMs = 86_400_000;
let authority: Authority;
let pair: CertificatePair;
let ca: string;
beforeAll(async () => {
  authority = await createAuthority();
  ca = authority.certificate;
  pair = await authority.issue();
});

describe('a port with a good certificate', () => {
  test.each([
    ['verify-full', () => ({ ca })],
    ['verify-full by name', () => ({ ca, serverName: 'localhost' })],
    ['verify-ca under another name', () => ({ mode: 'verify-ca', ca, serverName: 'other.example.com' })],
    ['require without knowing the authority', () => ({ mode: 'require' })],
    ['at least TLS 1.3', () => ({ ca, minVersion: 'TLSv1.3' })],
  ])('passes with %s, with nothing said', async (_, tls) => {
    const heard: Buffer[] = [];
    const server = serveRaw((socket) => void socket.on('data', (bytes: Buffer) => heard.push(bytes)), { tls: pair });
    const result = await probedTcp(server, { tls: tls() });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'tls.protocol': 'TLSv1.3', 'tls.subject': 'CN=localhost' } });
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(365, 0);
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls']);
    expect(heard).toEqual([]);
  });

  test('carries a dialogue', async () => {
    const server = serveRaw(
      (socket: Socket) => void socket.on('data', (data: Buffer) => void socket.write(`you said ${data.toString()}`)),
      { tls: pair },
    );
    const result = await probedTcp(server, { tls: { ca }, steps: [{ send: 'ü\n' }, { expect: '^you said ü$' }] });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'tcp.bytesReceived': 12 } });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'exchange']);
  });

  test('warns of its end', async () => {
    const soon = await authority.issue({ notAfter: new Date(Date.now() + 10 * dayMs) });
    const target = { tls: { ca }, expect: { minCertificateValidity: '5d' }, warn: { minCertificateValidity: '21d' } };
    const result = await probedTcp(silentServer({ tls: soon }), target);
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring', phase: 'tls', owner: 'infrastructure' });
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(10, 0);
  });

  test('is closed in good order', async () => {
    const server = createServer(pair);
    const ends: string[] = [];
    server.on('secureConnection', (socket) => {
      socket
        .on('error', ({ message }) => ends.push(message))
        .on('end', () => ends.push('end'))
        .resume();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const result = await probeOne(tcp, { host: '127.0.0.1', port, tls: { ca } });
    server.close();
    await once(server, 'close');
    expect(result).toMatchObject({ outcome: 'success' });
    expect(ends).toEqual(['end']);
  });

  test('that wants a certificate of ours refuses the dialogue without one', async () => {
    const server = createServer({ ...pair, ca, requestCert: true });
    server.on('tlsClientError', () => {}).on('secureConnection', (socket) => socket.on('error', () => {}).end('hello\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const target = { host: '127.0.0.1', port: (server.address() as { port: number }).port, steps: [{ expect: 'hello' }] };
    const own = await authority.issue({ client: true });
    const welcome = await probeOne(tcp, { ...target, tls: { ca, ...own } });
    const refused = await probeOne(tcp, { ...target, tls: { ca } });
    const halved = await probeOne(tcp, { ...target, tls: { ca, cert: own.cert, key: pair.key } });
    server.close();
    await once(server, 'close');
    expect(welcome).toMatchObject({ outcome: 'success' });
    // In TLS 1.3 a server looks at it after our handshake; its alert and its reset race then.
    const reason = expect.stringMatching(/^(tls_handshake|connection_reset)$/);
    expect(refused).toMatchObject({ outcome: 'failure', reason, phase: 'exchange', owner: 'infrastructure' });
    expect(halved).toMatchObject({ outcome: 'unknown', reason: 'config_invalid' });
  });
});

describe('a port that is not trusted', () => {
  const cases: [string, () => Promise<CertificatePair>, string, number][] = [
    ['has expired', () => authority.issue({ notAfter: new Date(Date.now() - dayMs) }), 'certificate_expired', -1],
    ['is not yet valid', () => authority.issue({ notBefore: new Date(Date.now() + dayMs) }), 'certificate_not_yet_valid', 365],
    ['is signed by itself', () => createSelfSigned(), 'certificate_untrusted', 365],
    ['is of another authority', async () => (await createAuthority('Somebody Else')).issue(), 'certificate_untrusted', 365],
    ['has no chain', async () => (await authority.intermediate()).issue({ chain: false }), 'certificate_untrusted', 365],
    ['is for another name', () => authority.issue({ dns: ['other.example.com'] }), 'certificate_name_mismatch', 365],
  ];
  test.each(cases)('since its certificate %s is told, its days too, and hears nothing', async (_, certificate, reason, days) => {
    const heard: Buffer[] = [];
    const server = serveRaw((socket) => void socket.on('data', (bytes: Buffer) => heard.push(bytes)), { tls: await certificate() });
    const result = await probedTcp(server, { tls: { ca }, steps: [{ send: 'password hunter2\n' }, { expect: 'ok' }] });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason,
      domain: 'certificate',
      owner: 'infrastructure',
      phase: 'tls',
      findings: [],
    });
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(days, 0);
    expect(result.phases).not.toHaveProperty('exchange');
    expect(Buffer.concat(heard).toString()).toBe('');
  });
});

describe('a port that does not shake hands', () => {
  const resets = (): Promise<RawServer> => resettingServer();
  const cases: [string, () => Promise<RawServer>, object][] = [
    ['closes', () => closingServer(), { reason: 'connection_reset', domain: 'network' }],
    ['closes after a greeting', () => closingServer({ text: '220 plain\r\n' }), { reason: 'tls_handshake', domain: 'certificate' }],
    ['resets', resets, { reason: 'connection_reset', domain: 'network' }],
    ['resets once we have spoken', () => resettingServer({ afterData: true }), { reason: 'connection_reset', domain: 'network' }],
    ['speaks no TLS', () => garbageServer(), { reason: 'tls_handshake', domain: 'certificate' }],
    ['is silent', () => silentServer(), { reason: 'timeout', domain: 'service' }],
  ];
  test.each(cases)('since it %s is told in the phase tls', async (_, start, expected) => {
    const server = await start();
    const leaks = await watchLeaks();
    const result = await probeOne(tcp, { host: server.host, port: server.port, tls: { ca }, timeout: '400ms' });
    await server.close();
    await leaks.assertNothingLeft();
    expect(result).toMatchObject({ outcome: 'failure', owner: 'infrastructure', ...expected });
    expect(result.durationMs).toBeLessThan(500);
    // A reset may come before we know that we are connected.
    expect(start === resets ? ['connect', 'tls'] : ['tls']).toContain(result.phase);
  });
});
