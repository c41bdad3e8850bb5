/** How the postgres kind asks for TLS, and what it makes of answers and certificates. */
import { kind, probe } from '../../functions/postgres';
import {
  createAuthority,
  createSelfSigned,
  type Authority,
  type CertificatePair,
  type CertificateRequest,
} from '../../local/services/certificates';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import type { Result } from '../../shared/result';
import { watchLeaks } from '../support/leaks';
import { authentication, failure, servePostgres, type Script, type ScriptedServer } from '../support/postgres-server';
import { probeOne } from '../support/probing';

const postgres = { kind, probe };
const password = 'never-to-be-sent';
const dayMs = 86_400_000;

jest.setTimeout(60_000);

/** Probes a scripted server that asks for the password as it is. */
async function probeScripted(script: Script, more: Record<string, unknown> = {}): Promise<{ result: Result; server: ScriptedServer }> {
  const leaks = await watchLeaks();
  const server = await servePostgres({
    startup: (socket) => void socket.write(authentication(3)),
    message: (_type, _body, socket) => void socket.end(failure('28P01', 'no')),
    ...script,
  });
  try {
    const login = { host: server.host, port: server.port, user: 'app', database: 'app', password };
    return { result: await probeOne(postgres, { ...login, timeout: '2s', ...more }), server };
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

describe('the answer to SSLRequest', () => {
  const error = failure('53300', 'sorry, too many clients already');
  test.each<[string, Script, string, string | null]>([
    ['N', { ssl: 'N' }, 'tls_not_offered', null],
    ['an error', { ssl: error }, 'too_many_connections', '53300'],
    ['an error in the form of protocol 2', { ssl: 'Ecould not fork new process for connection: no memory\n\0' }, 'overloaded', null],
    ['another byte', { ssl: 'X' }, 'protocol_error', null],
    ['HTTP', { ssl: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'protocol_error', null],
    ['S with more behind it (CVE-2021-23222)', { ssl: Buffer.concat([Buffer.from('S'), error]) }, 'protocol_error', null],
    ['an error that does not end', { ssl: Buffer.from([69, 0, 0, 0x70, 0, ...Buffer.alloc(70_000, 120)]) }, 'protocol_error', null],
    ['nothing', {}, 'timeout', null],
    ['S, and then nothing', { ssl: 'S' }, 'timeout', null],
    ['the beginning of an error', { ssl: error.subarray(0, 3) }, 'timeout', null],
  ])('%s', async (_what, script, reason, code) => {
    const { result, server } = await probeScripted(script);
    expect(result).toMatchObject({ outcome: 'failure', phase: 'tls', reason, code });
    expect(server.received()).not.toContain(password);
  });
});

describe('a certificate', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority();
  });

  const bad: readonly [string, string, () => Promise<CertificatePair>][] = [
    ['expired', 'certificate_expired', () => authority.issue({ notAfter: new Date(Date.now() - dayMs) })],
    ['not yet valid', 'certificate_not_yet_valid', () => authority.issue({ notBefore: new Date(Date.now() + dayMs) })],
    ['from an authority that nobody knows', 'certificate_untrusted', async () => (await createAuthority('Other')).issue()],
    ['signed by itself', 'certificate_untrusted', () => createSelfSigned()],
    ['for another name', 'certificate_name_mismatch', () => authority.issue({ dns: ['other.example'] })],
  ];
  test.each(bad)('that is %s is refused before any credential is sent', async (_what, reason, make) => {
    const { result, server } = await probeScripted({ ssl: 'S', certificate: await make() }, { tls: { ca: authority.certificate } });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'tls', reason, domain: 'certificate', owner: 'infrastructure' });
    expect(result.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3', 'tls.daysUntilExpiry': expect.any(Number) as number });
    expect(server.received()).toBe('');
  });

  const good: readonly [string, Record<string, string>, () => Promise<CertificatePair>][] = [
    ['require', { mode: 'require' }, () => createSelfSigned({ dns: ['other.example'] })],
    ['verify-ca', { mode: 'verify-ca' }, () => authority.issue({ dns: ['other.example'] })],
    ['verify-full with serverName', { serverName: 'other.example' }, () => authority.issue({ dns: ['other.example'] })],
  ];
  test.each(good)('is good enough for %s', async (_mode, tls, make) => {
    const { result, server } = await probeScripted({ ssl: 'S', certificate: await make() }, { tls: { ...tls, ca: authority.certificate } });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'auth', reason: 'credentials_rejected' });
    expect(server.received()).toContain(password);
  });

  const cloudSql: readonly [string, CertificateRequest, string][] = [
    ['certificate_name_mismatch', { commonName: 'my-project:my-instance', dns: [] }, 'Test Authority'],
    ['certificate_name_mismatch', { commonName: 'example.com:my-project:my-instance', dns: ['other.example'] }, 'Test Authority'],
    ['certificate_untrusted', { commonName: 'my-project:my-instance', dns: [] }, 'Unknown'],
    ['certificate_untrusted', { commonName: 'any' }, 'Google Cloud SQL Server CA'],
  ];
  test.each(cloudSql)('of Cloud SQL gives %s a hint of its own (%j, %s)', async (reason, request, issuer) => {
    const signer = issuer === 'Test Authority' ? authority : await createAuthority(issuer);
    const { result } = await probeScripted({ ssl: 'S', certificate: await signer.issue(request) }, { tls: { ca: authority.certificate } });
    expect(result).toMatchObject({ reason, phase: 'tls' });
    expect(result.hint).toContain('tls: {mode: verify-ca, ca:');
  });

  test('of anybody else gives the usual hint', async () => {
    const certificate = await authority.issue({ dns: ['db.example.com'] });
    const { result } = await probeScripted({ ssl: 'S', certificate }, { tls: { ca: authority.certificate } });
    expect(result.message).toContain('DNS:db.example.com');
    expect(result.hint).not.toContain('Cloud SQL');
  });
});

describe('a PostgreSQL server that wants client certificates', () => {
  let authority: Authority;
  let server: PostgresServer;
  let own: CertificatePair;
  beforeAll(async () => {
    authority = await createAuthority();
    server = await startPostgres({ password, tls: { ...(await authority.issue()), ca: authority.certificate } });
    own = await authority.issue({ commonName: 'app', client: true });
  });
  afterAll(() => server.stop());

  const target = (tls: Record<string, unknown>): Record<string, unknown> => ({
    host: server.host,
    port: server.port,
    user: 'app',
    database: 'app',
    password,
    tls: { ca: authority.certificate, ...tls },
  });

  test('lets those in who have one', async () => {
    expect(await probeOne(postgres, target({ ...own }))).toMatchObject({ outcome: 'success' });
    expect(await probeOne(postgres, target({ ...own, minVersion: 'TLSv1.3' }))).toMatchObject({ outcome: 'success' });
  });

  test('refuses those who have none', async () => {
    expect(await probeOne(postgres, target({}))).toMatchObject({ reason: 'credentials_rejected', phase: 'auth', code: '28000' });
  });

  test('refuses those who have one of an authority that it does not know', async () => {
    const other = await (await createAuthority('Other')).issue({ commonName: 'app', client: true });
    const result = await probeOne(postgres, target({ ...other }));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'auth' });
    // The server says why and closes; its reset may overtake what it said.
    expect(['tls_handshake ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'connection_reset ECONNRESET']).toContain(`${result.reason} ${result.code}`);
  });

  test('is not asked with a certificate that is none', async () => {
    expect(await probeOne(postgres, target({ cert: 'none', key: 'none' }))).toMatchObject({ outcome: 'unknown', reason: 'config_invalid' });
  });
});
