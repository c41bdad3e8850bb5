/** Makes certificate authorities and the good and bad certificates that servers and clients are tried with. */
import './reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its private key, both PEM. */
export interface CertificatePair {
  /** The certificate, followed by those of intermediate authorities. */
  readonly cert: string;
  /** PKCS #8. */
  readonly key: string;
}

/** When a certificate counts. */
export interface Validity {
  /** Default: an hour ago, or 30 days before `notAfter` where that is past. */
  readonly notBefore?: Date;
  /** Default: in 365 days. */
  readonly notAfter?: Date;
}

/** What a certificate says. */
export interface CertificateRequest extends Validity {
  /** Default: the first DNS name, or `localhost`. */
  readonly commonName?: string;
  /** Default without `dns` and `ip`: `localhost` and 127.0.0.1. */
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  /** For a client (extended key usage clientAuth) instead of a server. */
  readonly client?: boolean;
}

/** An authority that signs certificates. */
export interface Authority {
  /** Its own certificate, PEM: what those who trust it are given. */
  readonly certificate: string;
  /** Signs a certificate; with `chain: false` the intermediate authorities' certificates are left out, as misconfigured servers do. */
  issue(request?: CertificateRequest & { readonly chain?: boolean }): Promise<CertificatePair>;
  /** Makes an authority below this one, which may itself have expired. */
  intermediate(name?: string, validity?: Validity): Promise<Authority>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** Makes a root authority with a key of its own. */
export async function createAuthority(name = 'Test Authority'): Promise<Authority> {
  const keys = await generateKeys();
  return authorityOf(await certify({ subject: name, keys, extensions: authorityExtensions }), keys, []);
}

/** A certificate signed with its own key: nobody vouches for it. */
export async function createSelfSigned(request: CertificateRequest = {}): Promise<CertificatePair> {
  const keys = await generateKeys();
  const certificate = await certify({ subject: subjectOf(request), keys, extensions: leafExtensions(request), ...validityOf(request) });
  return { cert: certificate.toString('pem'), key: await exportKey(keys) };
}

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}
type CryptoKeyPair = webcrypto.CryptoKeyPair;

function authorityOf(certificate: x509.X509Certificate, keys: CryptoKeyPair, above: readonly string[]): Authority {
  const signer = { certificate, keys };
  return {
    certificate: certificate.toString('pem'),
    async issue(request = {}) {
      const own = await generateKeys();
      const leaf = await certify({
        subject: subjectOf(request),
        keys: own,
        signer,
        extensions: leafExtensions(request),
        ...validityOf(request),
      });
      const chain = request.chain === false ? [] : above;
      return { cert: [leaf.toString('pem'), ...chain].join('\n'), key: await exportKey(own) };
    },
    async intermediate(name = 'Test Intermediate Authority', validity = {}) {
      const own = await generateKeys();
      const below = await certify({ subject: name, keys: own, signer, extensions: authorityExtensions, ...validityOf(validity) });
      return authorityOf(below, own, [below.toString('pem'), ...above]);
    },
  };
}

interface Certification extends Validity {
  readonly subject: string;
  readonly keys: CryptoKeyPair;
  readonly signer?: Signer;
  readonly extensions: readonly x509.Extension[];
}

async function certify({ subject, keys, signer, extensions, notBefore, notAfter }: Certification): Promise<x509.X509Certificate> {
  const now = Date.now();
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      subject: [{ CN: [subject] }],
      issuer: signer ? signer.certificate.subject : [{ CN: [subject] }],
      notBefore: notBefore ?? new Date(now - dayMs / 24),
      notAfter: notAfter ?? new Date(now + 365 * dayMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: (signer?.keys ?? keys).privateKey,
      extensions: [
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create((signer?.keys ?? keys).publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
}

const authorityExtensions = [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
];

function leafExtensions({ dns, ip, client }: CertificateRequest): x509.Extension[] {
  const standard = dns === undefined && ip === undefined;
  const names = [
    ...(standard ? ['localhost'] : (dns ?? [])).map((value) => ({ type: 'dns' as const, value })),
    ...(standard ? ['127.0.0.1'] : (ip ?? [])).map((value) => ({ type: 'ip' as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([client ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth]),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function subjectOf({ commonName, dns }: CertificateRequest): string {
  return commonName ?? dns?.[0] ?? 'localhost';
}

function validityOf({ notBefore, notAfter }: Validity): Validity {
  // An expired certificate has to begin before it ends.
  const begin = notBefore ?? (notAfter && notAfter.getTime() < Date.now() ? new Date(notAfter.getTime() - 30 * dayMs) : undefined);
  return { notBefore: begin, notAfter };
}

async function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(keys: CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
