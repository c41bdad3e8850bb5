import { createAuthority, createSelfSigned, type Authority, type CertificatePair } from '../../../local/services/certificates';
import type { Result } from '../../../shared/result';
import { watchLeaks } from '../../support/leaks';
import { line } from '../../support/line-kind';
import { probeOne } from '../../support/probing';
import {
  closingServer,
  echoServer,
  garbageServer,
  refusingPort,
  resettingServer,
  silentServer,
  type RawServer,
} from '../../support/raw-server';

const timeout = '400ms';
/** One attempt may take its timeout and 100 ms. */
const limitMs = 500;
const day = 86_400_000;

async function against(server: RawServer, more: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  const leaks = await watchLeaks();
  try {
    const result = await probeOne(line, { host: server.host, port: server.port, timeout, ...more });
    await leaks.assertNothingLeft();
    return result;
  } finally {
    await server.close();
  }
}

describe('a plain connection', () => {
  test('succeeds with its phases and the address', async () => {
    const result = await against(await echoServer());
    expect(result).toMatchObject({
      outcome: 'success',
      reason: null,
      phase: null,
      owner: null,
      hint: null,
      code: null,
      attempts: 1,
      firstOutcome: 'success',
    });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'exchange']);
    expect(result.observed).toMatchObject({ 'address.ip': '127.0.0.1', 'line.answer': 'hello' });
  });

  test('that is refused fails in connect', async () => {
    expect(await against(await refusingPort())).toMatchObject({
      outcome: 'failure',
      reason: 'connect_refused',
      phase: 'connect',
      code: 'ECONNREFUSED',
      owner: 'infrastructure',
      domain: 'network',
    });
  });

  test('that is accepted and then silent costs the timeout', async () => {
    const result = await against(await silentServer());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'exchange' });
    expect(result.durationMs).toBeLessThan(limitMs);
  });

  test.each([
    ['closed', closingServer],
    ['reset', resettingServer],
  ])('that is %s at once is told at once', async (_, start) => {
    const result = await against(await start(), { timeout: '5s' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connection_reset' });
    expect(result.durationMs).toBeLessThan(2500);
  });

  test('to a name that does not exist fails in dns', async () => {
    const result = await probeOne(line, { host: 'no-such-host.invalid', port: 1, timeout: '5s' });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'dns', domain: 'network' });
    expect(['dns_not_found', 'dns_unavailable']).toContain(result.reason);
    expect(Object.keys(result.phases)).toEqual(['dns']);
  });
});

describe('a TLS connection', () => {
  let authority: Authority;
  let good: CertificatePair;
  beforeAll(async () => {
    authority = await createAuthority();
    good = await authority.issue();
  });
  const trusting = (mode = 'verify-full'): Readonly<Record<string, unknown>> => ({ tls: { mode, ca: authority.certificate } });

  test('succeeds with the facts of the certificate', async () => {
    const result = await against(await echoServer({ tls: good }), trusting());
    expect(result.outcome).toBe('success');
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'exchange']);
    expect(result.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3' });
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(365, 0);
  });

  test.each([
    ['certificate_expired', { notAfter: new Date(Date.now() - day) }],
    ['certificate_not_yet_valid', { notBefore: new Date(Date.now() + day) }],
    ['certificate_name_mismatch', { dns: ['other.example.com'], ip: [] }],
    // The target is an address: a name alone is no good for it.
    ['certificate_name_mismatch', { dns: ['localhost'], ip: [] }],
  ])('is refused with %s before anything is sent', async (reason, request) => {
    const pair = await authority.issue(request);
    let received = 0;
    const server = await echoServer({ tls: pair });
    const result = await against(server, trusting());
    received += server.accepted();
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'tls', domain: 'certificate', owner: 'infrastructure' });
    expect(typeof result.observed['tls.daysUntilExpiry']).toBe('number');
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls']);
    expect(received).toBe(1);
  });

  test('is refused with certificate_untrusted for a certificate that nobody vouches for', async () => {
    expect(await against(await echoServer({ tls: await createSelfSigned() }), trusting())).toMatchObject({
      reason: 'certificate_untrusted',
      phase: 'tls',
    });
  });

  test('is refused as expired, not as untrusted or misnamed, where all of it is true', async () => {
    const pair = await createSelfSigned({ dns: ['other.example.com'], notAfter: new Date(Date.now() - day) });
    expect(await against(await echoServer({ tls: pair }), trusting())).toMatchObject({ reason: 'certificate_expired' });
  });

  test('takes the earliest expiry of the chain', async () => {
    const intermediate = await authority.intermediate('Soon', { notAfter: new Date(Date.now() + 10 * day) });
    const result = await against(await echoServer({ tls: await intermediate.issue() }), trusting());
    expect(result.outcome).toBe('success');
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(10, 0);
  });

  test('with verify-ca does not look at the name', async () => {
    const pair = await authority.issue({ dns: ['other.example.com'], ip: [] });
    expect(await against(await echoServer({ tls: pair }), trusting('verify-ca'))).toMatchObject({ outcome: 'success' });
  });

  test('with require looks at nothing', async () => {
    const pair = await createSelfSigned({ notAfter: new Date(Date.now() - day) });
    const result = await against(await echoServer({ tls: pair }), { tls: { mode: 'require' } });
    expect(result.outcome).toBe('success');
    expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(-1, 0);
  });

  test('looks for the configured server name', async () => {
    const pair = await authority.issue({ dns: ['other.example.com'], ip: [] });
    const tls = { ca: authority.certificate, serverName: 'other.example.com' };
    expect(await against(await echoServer({ tls: pair }), { tls })).toMatchObject({ outcome: 'success' });
  });

  test('to a port that speaks no TLS fails in the handshake', async () => {
    expect(await against(await garbageServer(), trusting())).toMatchObject({ reason: 'tls_handshake', phase: 'tls' });
  });

  test('to a silent port costs the timeout', async () => {
    const result = await against(await silentServer(), trusting());
    expect(result).toMatchObject({ reason: 'timeout', phase: 'tls' });
    expect(result.durationMs).toBeLessThan(limitMs);
  });

  test.each([
    ['closed', closingServer],
    ['reset', () => resettingServer({ afterData: true })],
  ])('that is %s in the handshake is told at once', async (_, start) => {
    const result = await against(await start(), { ...trusting(), timeout: '5s' });
    expect(result).toMatchObject({ reason: 'connection_reset', phase: 'tls' });
    expect(result.durationMs).toBeLessThan(2500);
  });

  test.each(['no PEM', '-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----'])(
    'with the CA %j is our own fault',
    async (ca) => {
      expect(await against(await echoServer({ tls: good }), { tls: { ca } })).toMatchObject({
        outcome: 'unknown',
        reason: 'config_invalid',
        owner: 'monitor',
        phase: 'tls',
      });
    },
  );

  test('with a CA that is no certificate is our own fault', async () => {
    expect(await against(await echoServer({ tls: good }), { tls: { ca: 'no PEM', cert: 'nor this', key: 'nor that' } })).toMatchObject({
      outcome: 'unknown',
      reason: 'config_invalid',
      owner: 'monitor',
    });
  });

  test('warns of a certificate that expires soon', async () => {
    const pair = await authority.issue({ notAfter: new Date(Date.now() + 5 * day) });
    const result = await against(await echoServer({ tls: pair }), { ...trusting(), warn: { minCertificateValidity: '21d' } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring', owner: 'infrastructure', phase: 'exchange' });
  });
});
