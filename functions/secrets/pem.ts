/** Reads certificates and private keys in PEM (RFC 7468), as OpenSSL does. */
import { createPrivateKey, X509Certificate } from 'node:crypto';

/** The time in which all certificates of a text are valid, in milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** @returns the validity of the certificates in a text, or undefined where there is none, or one that can't be read. */
export function certificatesIn(text: string): Validity | undefined {
  const begun = text.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
  const whole = text.match(/-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]+-----END \1-----/g) ?? [];
  if (begun === 0 || whole.length !== begun) return undefined;
  try {
    const certificates = whole.map((pem) => new X509Certificate(pem));
    return {
      notBefore: Math.max(...certificates.map(({ validFrom }) => Date.parse(validFrom))),
      notAfter: Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))),
    };
  } catch {
    return undefined;
  }
}

/** @returns what is wrong with a private key, or undefined. OpenSSL's own text is left out: nobody vouches for what it quotes. */
export function privateKeyProblem(text: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text))
    return 'is an encrypted private key, which nobody can use without its passphrase';
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return "is a private key in OpenSSH's own format, not in PEM";
  try {
    createPrivateKey(text);
    return undefined;
  } catch {
    return 'is no private key in PEM';
  }
}
