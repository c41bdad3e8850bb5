/** The redis kind over TLS: good and bad certificates, client certificates, and that nothing is said to a server that is not trusted. */
import { kind, probe } from '../../functions/redis';
import { createAuthority, createSelfSigned, type Authority, type CertificatePair } from '../../local/services/certificates';
import { startRedis, type RedisServer } from '../../local/services/redis';
import type { Result } from '../../shared/result';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { closingServer, garbageServer, resettingServer, serveRaw, silentServer, type RawServer } from '../support/raw-server';

const dayMs = 86_400_000;
const password = 'tls-secret-4711';
let authority: Authority;
let pair: CertificatePair;
let server: RedisServer;
let ca: string;
beforeAll(async () => {
  authority = await createAuthority();
  ca = authority.certificate;
  pair = await authority.issue();
  server = await startRedis({ password, tls: pair });
});
afterAll(() => server.stop());

const run = (more: Readonly<Record<string, unknown>>): Promise<Result> =>
  probeOne({ kind, probe }, { host: server.host, port: server.port, password, ...more });

describe('a server with a good certificate', () => {
  test.each([
    ['verify-full', () => ({ tls: { ca } })],
    ['verify-ca under another name', () => ({ tls: { mode: 'verify-ca', ca, serverName: 'other.example.com' } })],
    ['require without knowing the authority', () => ({ tls: { mode: 'require' } })],
  ])('passes with %s', async (_, target) => {
    const leaks = await watchLeaks();
    const result = await run(target());
    expect(result).toMatchObject({ outcome: 'success', observed: { 'redis.role': 'master', 'tls.protocol': 'TLSv1.3' } });
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(365, 0);
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'auth', 'command']);
    await leaks.assertNothingLeft();
  });

  test('passes with rediss, which verifies in full', async () => {
    const url = `rediss://:${password}@${server.host}:${server.port}`;
    expect(await probeOne({ kind, probe }, { url, tls: { ca } })).toMatchObject({ outcome: 'success' });
    expect(await probeOne({ kind, probe }, { url })).toMatchObject({ reason: 'certificate_untrusted', phase: 'tls' });
  });

  test('warns of its end', async () => {
    const result = await run({ tls: { ca }, warn: { minCertificateValidity: '400d' } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring' });
  });

  test('that is spoken to in plain text closes the connection', async () => {
    expect(await run({ tls: { mode: 'disable' } })).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: 'auth' });
  });

  test('that has no connection left closes it before it can say so', async () => {
    await server.command('CONFIG', 'SET', 'maxclients', '1');
    expect(await run({ tls: { ca } })).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: 'tls' });
    await server.command('CONFIG', 'SET', 'maxclients', '100');
  });

  test('that wants a certificate of ours gets it, or tells that it does not', async () => {
    await server.restart({ tls: { ...pair, ca } });
    expect(await run({ tls: { ca, ...(await authority.issue({ client: true })) } })).toMatchObject({ outcome: 'success' });
    // In TLS 1.3 a server looks at it after our handshake; its alert and its reset race then, towards us and our first command.
    const told = { outcome: 'failure', reason: expect.stringMatching(/^(tls_handshake|connection_reset)$/), owner: 'infrastructure' };
    expect(await run({ tls: { ca } })).toMatchObject(told);
    const stranger = await (await createAuthority('Somebody Else')).issue({ client: true });
    expect(await run({ tls: { ca, ...stranger } })).toMatchObject(told);
    await server.restart({ tls: pair });
  });
});

describe('a server that is not trusted', () => {
  const cases: [string, () => Promise<CertificatePair>, string][] = [
    ['expired', () => authority.issue({ notAfter: new Date(Date.now() - dayMs) }), 'certificate_expired'],
    ['not yet valid', () => authority.issue({ notBefore: new Date(Date.now() + dayMs) }), 'certificate_not_yet_valid'],
    ['signed by itself', () => createSelfSigned(), 'certificate_untrusted'],
    ['of another authority', async () => (await createAuthority('Somebody Else')).issue(), 'certificate_untrusted'],
    ['for another name', () => authority.issue({ dns: ['other.example.com'] }), 'certificate_name_mismatch'],
  ];
  test.each(cases)('whose certificate is %s is told, and never hears of the password', async (_, certificate, reason) => {
    const heard: Buffer[] = [];
    const raw = await serveRaw((socket) => void socket.on('data', (bytes: Buffer) => heard.push(bytes)), { tls: await certificate() });
    const result = await run({ port: raw.port, tls: { ca } });
    await raw.close();
    expect(result).toMatchObject({ outcome: 'failure', reason, domain: 'certificate', owner: 'infrastructure', phase: 'tls' });
    expect(typeof result.observed['tls.daysUntilExpiry']).toBe('number');
    expect(result.observed).not.toHaveProperty('redis.role');
    expect(Buffer.concat(heard).toString()).toBe('');
    expect(JSON.stringify(result)).not.toContain(password);
  });
});

describe('a server that does not shake hands', () => {
  const resets = (): Promise<RawServer> => resettingServer();
  const cases: [string, () => Promise<RawServer>, object][] = [
    ['that closes', () => closingServer(), { reason: 'connection_reset', domain: 'network' }],
    ['that resets', resets, { reason: 'connection_reset', domain: 'network' }],
    ['that resets once we have spoken', () => resettingServer({ afterData: true }), { reason: 'connection_reset', domain: 'network' }],
    ['that speaks no TLS', () => garbageServer(), { reason: 'tls_handshake', domain: 'certificate' }],
    ['that is silent', () => silentServer(), { reason: 'timeout', domain: 'service' }],
  ];
  test.each(cases)('%s is told in the phase tls', async (_, start, expected) => {
    const raw = await start();
    const leaks = await watchLeaks();
    const result = await run({ port: raw.port, tls: { ca }, timeout: '300ms' });
    expect(result).toMatchObject({ outcome: 'failure', owner: 'infrastructure', ...expected });
    // A reset may come before we know that we are connected.
    expect(start === resets ? ['connect', 'tls'] : ['tls']).toContain(result.phase);
    await raw.close();
    await leaks.assertNothingLeft();
  });

  test('that falls silent, closes or resets after the handshake is told in the phase auth', async () => {
    const silent = await silentServer({ tls: pair });
    expect(await run({ port: silent.port, tls: { ca }, timeout: '300ms' })).toMatchObject({ reason: 'timeout', phase: 'auth' });
    await silent.close();
    for (const start of [closingServer, resettingServer]) {
      const raw = await start({ tls: pair });
      expect(await run({ port: raw.port, tls: { ca } })).toMatchObject({ reason: 'connection_reset' });
      await raw.close();
    }
  });
});
