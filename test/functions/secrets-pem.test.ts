/** The `secrets` probe: certificates and private keys. */
import { generateKeyPairSync } from 'node:crypto';
import { createAuthority, createSelfSigned, type Authority } from '../../local/services/certificates';
import { dayMs, startSecretChecks, type SecretChecks } from '../support/secret-checks';

let checks: SecretChecks;
let authority: Authority;
beforeAll(async () => {
  checks = await startSecretChecks();
  authority = await createAuthority();
});
beforeEach(() => checks.clear());
afterAll(() => checks.close());

const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);
const certificate = (value: string, rule: object = {}) => checks.value(value, { format: 'pem-certificate', ...rule });

describe('a certificate', () => {
  test('is good, alone and in a chain, with its remaining days; line ends around it are nothing', async () => {
    const { cert } = await authority.issue({ notAfter: inDays(30) });
    expect(await certificate(`\n${cert}\n`)).toMatchObject({
      outcome: 'success',
      observed: { 'secret.daysUntilExpiry': { 'app-key': 30 } },
    });
    const below = await authority.intermediate('Between', { notAfter: inDays(20) });
    const chain = await below.issue({ notAfter: inDays(30) });
    expect(await certificate(chain.cert)).toMatchObject({ outcome: 'success', observed: { 'secret.daysUntilExpiry': { 'app-key': 20 } } });
    expect((await certificate(chain.cert.replaceAll('\n', '\r\n'))).outcome).toBe('success');
  });

  test('that ends within 7 d, or within minValidity, is secret_expiring', async () => {
    const { cert } = await createSelfSigned({ notAfter: inDays(5) });
    expect(await certificate(cert)).toMatchObject({
      outcome: 'failure',
      reason: 'secret_expiring',
      message: 'secret app-key: its certificate expires in 5 d, at least 7d ahead asked for',
    });
    expect((await certificate(cert, { minValidity: '4d' })).outcome).toBe('success');
    expect((await certificate((await createSelfSigned({ notAfter: inDays(20) })).cert, { minValidity: '21d' })).reason).toBe(
      'secret_expiring',
    );
  });

  test('that has expired is secret_expiring, also one of a chain', async () => {
    const below = await authority.intermediate('Gone', { notAfter: inDays(-2) });
    for (const { cert } of [await createSelfSigned({ notAfter: inDays(-2) }), await below.issue()])
      expect(await certificate(cert, { minValidity: '1h' })).toMatchObject({
        reason: 'secret_expiring',
        message: 'secret app-key: its certificate expired 2 d ago, at least 1h ahead asked for',
        observed: { 'secret.daysUntilExpiry': { 'app-key': -2 } },
      });
  });

  test('that is not yet valid is malformed', async () => {
    const { cert } = await createSelfSigned({ notBefore: inDays(2), notAfter: inDays(90) });
    expect(await certificate(cert)).toMatchObject({
      reason: 'secret_malformed',
      message: 'secret app-key: the value holds a certificate that is not yet valid',
    });
  });

  test('that is cut short, escaped or something else is malformed', async () => {
    const { cert, key } = await createSelfSigned();
    for (const value of [
      cert.slice(0, -30),
      cert + cert.slice(0, 200),
      cert.trim().replaceAll('\n', '\\n'),
      cert.replace('MII', 'AAA'),
      key,
      'nothing of the sort',
    ])
      expect(await certificate(value)).toMatchObject({
        reason: 'secret_malformed',
        message: 'secret app-key: the value is no certificate in PEM, or a chain of them that is cut short',
      });
  });
});

describe('a private key', () => {
  const said = async (value: string): Promise<string> => {
    const { message, reason } = await checks.value(value, { format: 'pem-private-key' });
    expect(reason).toBe(message === 'ok' ? null : 'secret_malformed');
    return message.replace('secret app-key: the value ', '');
  };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const pem = (key: typeof rsa, type: 'pkcs8' | 'pkcs1' | 'sec1', more: object = {}): string =>
    String(key.export({ format: 'pem', type, ...more }));

  test('is good in each form', async () => {
    for (const text of [pem(rsa, 'pkcs8'), pem(rsa, 'pkcs1'), pem(ec, 'sec1'), pem(ec, 'pkcs8'), pem(ed25519, 'pkcs8')])
      expect(await said(text)).toBe('ok');
  });

  test('that is encrypted can be used by nobody', async () => {
    const passphrase = { cipher: 'aes-256-cbc', passphrase: 'top-secret' };
    for (const text of [pem(rsa, 'pkcs8', passphrase), pem(rsa, 'pkcs1', passphrase)])
      expect(await said(text)).toBe('is an encrypted private key, which nobody can use without its passphrase');
  });

  test('that is none is told', async () => {
    const { cert } = await createSelfSigned();
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' });
    for (const text of [cert, String(publicKey), pem(ec, 'pkcs8').slice(0, 80), 'nothing of the sort'])
      expect(await said(text)).toBe('is no private key in PEM');
    expect(await said('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----')).toBe(
      "is a private key in OpenSSH's own format, not in PEM",
    );
  });
});
