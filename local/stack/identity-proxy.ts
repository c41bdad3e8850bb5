/** Plays Identity-Aware Proxy: says who asks, signed with a key of its own (Identity-Aware Proxy, "Securing your app with signed headers"). */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { wallClock } from '../../shared/clock';

/** The one operator of the embedded stack: whoever sits before it. */
export const operator = 'you@local.test';

/** The header that carries an assertion. */
export const assertionHeader = 'x-goog-iap-jwt-assertion';

/** Headers by which clients could say who they are, in lower case: the proxy lets none of them through. */
export const identityHeaders = [
  assertionHeader,
  'x-goog-authenticated-user-email',
  'x-goog-authenticated-user-id',
  'authorization',
  'x-serverless-authorization',
];

/** The proxy before one service. */
export interface IdentityProxy {
  /** Its public keys in PEM, by their ids, as Google publishes those of the real one. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** @returns that the operator asks: a JSON Web Token for the next ten minutes. */
  readonly assertion: () => string;
}

const lifetimeSeconds = 600;

/** @param audience `/projects/NUMBER/locations/REGION/services/SERVICE` of the service behind it */
export function createIdentityProxy(audience: string): IdentityProxy {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = randomUUID();
  return {
    publicKeys: { [keyId]: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    assertion() {
      const issuedAt = Math.floor(wallClock() / 1000);
      const claims = {
        iss: 'https://cloud.google.com/iap',
        aud: audience,
        sub: 'accounts.google.com:100000000000000000001',
        email: operator,
        hd: operator.split('@')[1],
        iat: issuedAt,
        exp: issuedAt + lifetimeSeconds,
      };
      const signed = [{ alg: 'ES256', typ: 'JWT', kid: keyId }, claims].map(encoded).join('.');
      // ES256 is two numbers one after the other, not the structure of ASN.1 (RFC 7518, section 3.4).
      const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
