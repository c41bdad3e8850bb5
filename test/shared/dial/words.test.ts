/** What is said of a certificate or a handshake that is no good: the names, the dates and the code by which it is looked for. */
import { createAuthority, createSelfSigned, type Authority, type CertificatePair } from '../../../local/services/certificates';
import type { Result } from '../../../shared/result';
import { line } from '../../support/line-kind';
import { probeOne } from '../../support/probing';
import { closingServer, echoServer, garbageServer, resettingServer, type RawServer } from '../../support/raw-server';

const day = 86_400_000;
let authority: Authority;
let good: CertificatePair;
beforeAll(async () => {
  authority = await createAuthority();
  good = await authority.issue();
});

async function against(server: RawServer, tls?: Readonly<Record<string, unknown>>): Promise<Result> {
  try {
    return await probeOne(line, { host: server.host, port: server.port, ...(tls && { tls }) });
  } finally {
    await server.close();
  }
}
const trusting = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  ca: authority.certificate,
  ...more,
});

test('a certificate that expired: whose, and when', async () => {
  const pair = await authority.issue({ notAfter: new Date(Date.UTC(2024, 0, 2)), notBefore: new Date(Date.UTC(2023, 0, 2)) });
  expect(await against(await echoServer({ tls: pair }), trusting())).toMatchObject({
    reason: 'certificate_expired',
    code: 'CERT_HAS_EXPIRED',
    message: expect.stringMatching(/^the certificate CN=.+ expired on Jan +2 00:00:00 2024 GMT$/),
  });
});

test('a certificate that is not valid yet: whose, and from when on', async () => {
  const pair = await authority.issue({ notBefore: new Date(Date.now() + day) });
  expect(await against(await echoServer({ tls: pair }), trusting())).toMatchObject({
    reason: 'certificate_not_yet_valid',
    code: 'CERT_NOT_YET_VALID',
    message: expect.stringMatching(/^the certificate CN=.+ is valid from \w{3} .+ GMT only$/),
  });
});

test('a certificate that nobody vouches for: whose, by whom it was issued, and what OpenSSL says', async () => {
  expect(await against(await echoServer({ tls: await createSelfSigned() }), trusting())).toMatchObject({
    reason: 'certificate_untrusted',
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    message: expect.stringMatching(/^the certificate CN=.+, issued by CN=.+, is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT$/),
  });
});

test('a certificate for another name: for which it is, and for which it is not', async () => {
  const pair = await authority.issue({ dns: ['other.example.com'], ip: [] });
  expect(await against(await echoServer({ tls: pair }), trusting())).toMatchObject({
    reason: 'certificate_name_mismatch',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    message: expect.stringMatching(/^the certificate CN=.+, issued by CN=.+, is not for 127\.0\.0\.1; it is for DNS:other\.example\.com$/),
  });
});

test.each([
  ['no PEM', 'tls.ca holds no certificate; allowed: one or more in PEM'],
  ['-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----', "tls.ca holds a certificate that can't be read: "],
])('an authority that is none: %j', async (ca, message) => {
  const result = await against(await echoServer({ tls: good }), { ca });
  expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid' });
  expect(result.message.startsWith(message)).toBe(true);
});

test('a certificate and key of our own that can not be used', async () => {
  expect(await against(await echoServer({ tls: good }), trusting({ cert: 'nor this', key: 'nor that' }))).toMatchObject({
    outcome: 'unknown',
    reason: 'config_invalid',
    code: expect.stringMatching(/^ERR_OSSL_/),
    message: expect.stringMatching(/^the TLS settings can't be used: .+/),
  });
});

test('a port that speaks no TLS', async () => {
  expect(await against(await garbageServer(), trusting())).toMatchObject({
    reason: 'tls_handshake',
    code: expect.stringMatching(/^ERR_SSL_/),
    message: expect.stringMatching(/^the TLS handshake failed: .+/),
  });
});

test.each([
  ['an end', () => closingServer()],
  ['a reset', () => resettingServer({ afterData: true })],
] as const)('%s in the handshake', async (_, start) => {
  expect(await against(await start(), trusting())).toMatchObject({
    reason: 'connection_reset',
    message: 'the server closed the connection during the TLS handshake',
    code: 'ECONNRESET',
  });
});

test('a connection that is closed unasked', async () => {
  expect(await against(await closingServer())).toMatchObject({ reason: 'connection_reset', message: 'the server closed the connection' });
});

test('without TLS where it is switched off', async () => {
  expect(await against(await echoServer(), { mode: 'disable' })).toMatchObject({
    outcome: 'success',
    observed: { 'line.answer': 'hello' },
  });
});
