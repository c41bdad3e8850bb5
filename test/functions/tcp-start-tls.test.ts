/** The tcp kind where TLS begins in the midst of a dialogue, as a mail server's STARTTLS. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { createAuthority, type Authority, type CertificatePair } from '../../local/services/certificates';
import { serveSmtp, type SmtpOptions } from '../support/smtp-server';
import { probedTcp } from '../support/tcp-probing';

const password = 'mail-secret-4711';
const dayMs = 86_400_000;
let authority: Authority;
let pair: CertificatePair;
let ca: string;
let secrets: SecretManagerEmulator;
beforeAll(async () => {
  authority = await createAuthority();
  ca = authority.certificate;
  pair = await authority.issue();
  secrets = await startSecretManagerEmulator();
  secrets.put('login', { versions: [{ value: `\0probe\0${password}` }] });
  secrets.put('mail-ca', { versions: [{ value: ca }] });
});
afterAll(() => secrets.close());

const opening = [
  { expect: '^220 (\\S+)', capture: 'greeting' },
  { send: 'EHLO probe.internal\r\n' },
  { expect: '^250[ -]STARTTLS$' },
  { expect: '^250 ' },
  { send: 'STARTTLS\r\n' },
  { expect: '^220 ', within: '500ms' },
  { startTls: true },
];
const login = [
  { send: 'EHLO ${greeting.1}\r\n' },
  { expect: '^250 ' },
  { send: 'AUTH PLAIN ${secret:login|base64url}\r\n' },
  { expect: '^235 ', name: 'welcome', within: '500ms' },
  { send: 'QUIT\r\n' },
  { expect: '^221 ' },
];

/** Probes a mail server; tells also what it heard. */
async function mailed(options: SmtpOptions, more: object = {}, steps: readonly object[] = [...opening, ...login]) {
  const server = await serveSmtp({ pair, user: 'probe', password, ...options });
  const result = await probedTcp(
    Promise.resolve(server),
    { tls: { ca: { secret: 'mail-ca' } }, steps, ...more },
    { secretManager: secrets.address },
  );
  expect(JSON.stringify(result)).not.toContain(password);
  return { result, heard: server.heard };
}

test('the dialogue begins plain, the certificate is judged, and what is secret goes encrypted', async () => {
  const { result, heard } = await mailed({}, { warn: { minCertificateValidity: '21d' } });
  expect(result).toMatchObject({ outcome: 'success', message: 'ok' });
  expect(heard).toEqual([
    'EHLO probe.internal',
    'STARTTLS',
    'tls:EHLO mail.internal',
    `tls:AUTH PLAIN ${Buffer.from(`\0probe\0${password}`).toString('base64url')}`,
    'tls:QUIT',
  ]);
  expect(result.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3', 'address.ip': '127.0.0.1' });
  expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(365, 0);
  expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'exchange', 'tls']);
  expect(result.findings[6]).toMatchObject({ subject: 'steps[6]', outcome: 'success', message: 'TLS started' });
  expect(result.findings).toHaveLength(13);
});

test('an unmet condition is in the phase that was reached last', async () => {
  const { result } = await mailed({}, { expect: { minCertificateValidity: '400d' } });
  expect(result).toMatchObject({ outcome: 'failure', reason: 'certificate_expiring', phase: 'exchange' });
  const short = await mailed({}, { expect: { minCertificateValidity: '400d' } }, opening);
  expect(short.result).toMatchObject({ outcome: 'failure', reason: 'certificate_expiring', phase: 'tls' });
});

test('TLS is verify-full where nothing else is said', async () => {
  const { result, heard } = await mailed({}, { tls: undefined });
  expect(result).toMatchObject({
    outcome: 'failure',
    reason: 'certificate_untrusted',
    phase: 'tls',
    message: expect.stringMatching(/^steps\[6\]: /),
  });
  expect(heard).toEqual(['EHLO probe.internal', 'STARTTLS']);
});

const bad: [string, () => Promise<CertificatePair>, string][] = [
  ['expired', () => authority.issue({ notAfter: new Date(Date.now() - 3 * dayMs) }), 'certificate_expired'],
  ['of another authority', async () => (await createAuthority('Somebody Else')).issue(), 'certificate_untrusted'],
  ['for another name', () => authority.issue({ dns: ['other.example.com'] }), 'certificate_name_mismatch'],
];
test.each(bad)('a certificate that is %s is observed, then refused, and no login is sent', async (_, certificate, reason) => {
  const { result, heard } = await mailed({ pair: await certificate() });
  expect(result).toMatchObject({ outcome: 'failure', reason, domain: 'certificate', phase: 'tls' });
  expect(result.findings.at(-1)).toMatchObject({ subject: 'steps[6]', outcome: 'failure', reason });
  expect(typeof result.observed['tls.daysUntilExpiry']).toBe('number');
  expect(heard).toEqual(['EHLO probe.internal', 'STARTTLS']);
});

describe('a server that does not go on with TLS', () => {
  const refused = { outcome: 'failure', reason: 'tls_not_offered', domain: 'certificate', owner: 'infrastructure', phase: 'exchange' };

  test('says so', async () => {
    const { result } = await mailed({ refusal: '454 4.7.0 TLS is not available' });
    expect(result).toMatchObject({
      ...refused,
      message: 'steps[5]: no line matched /^220 / within 500 ms; the last received is "454 4.7.0 TLS is not available"',
      hint: expect.stringMatching(/STARTTLS/),
    });
  });

  test('says so and goes', async () => {
    const { result } = await mailed({ refusal: '421 4.7.0 busy', afterwards: undefined }, {}, [
      { expect: '^220 ' },
      { send: 'STARTTLS\r\nQUIT\r\n' },
      { expect: '^250 ' },
      { startTls: true },
    ]);
    expect(result).toMatchObject({
      ...refused,
      message: expect.stringMatching(/closed the connection before a line matched .* "221 2\.0\.0 bye"$/),
    });
  });

  test('just goes, resets or falls silent, before and after its answer', async () => {
    const closing = await mailed({ afterwards: (socket) => socket.end() });
    expect(closing.result).toMatchObject({ reason: 'connection_reset', phase: 'tls' });
    const resetting = await mailed({ afterwards: (socket) => socket.once('data', () => socket.resetAndDestroy()) });
    expect(resetting.result).toMatchObject({ reason: 'connection_reset', phase: 'tls' });
    const steps = [...opening.slice(0, -1), { startTls: true, within: '300ms' }];
    const silent = await mailed({ afterwards: (socket) => socket.removeAllListeners('data').resume() }, {}, steps);
    expect(silent.result).toMatchObject({
      reason: 'timeout',
      phase: 'tls',
      message: 'steps[6]: the TLS handshake did not end within 300 ms',
    });
    const patient = await mailed({ afterwards: (socket) => socket.removeAllListeners('data').resume() }, { timeout: '700ms' });
    expect(patient.result).toMatchObject({ reason: 'timeout', phase: 'tls' });
    expect(patient.result.durationMs).toBeLessThan(800);
    const garbage = await mailed({ afterwards: (socket) => void socket.once('data', () => socket.write('no TLS here, sorry about that')) });
    expect(garbage.result).toMatchObject({ reason: 'tls_handshake', phase: 'tls' });
  });
});

describe('what comes before TLS and after what was expected', () => {
  test('is refused, since nothing protects it', async () => {
    const { result, heard } = await mailed({ injected: '235 2.7.0 welcome, whoever you are\r\n' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', phase: 'tls' });
    expect(result.message).toMatch(/^steps\[6\]: .*before TLS.*"235 2\.7\.0 welcome, whoever you are"$/);
    expect(heard).toEqual(['EHLO probe.internal', 'STARTTLS']);
  });

  test('is refused without a line end, too', async () => {
    expect((await mailed({ injected: '235 ' })).result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', phase: 'tls' });
  });

  test('is never taken for what TLS carries when it comes late', async () => {
    const { result } = await mailed({ injected: '235 2.7.0 welcome\r\n', late: true });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'tls', reason: expect.stringMatching(/^(protocol_error|tls_handshake)$/) });
  });
});
