/** Signs tokens as Google and Identity-Aware Proxy do, with keys of its own; and as those do who would like to be taken for them. */
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A JSON object in base64url. */
export const encoded = (document: object): string => Buffer.from(JSON.stringify(document)).toString('base64url');

/** Signs tokens. */
export interface Signer {
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
  /** @param header replaces fields of the token's header, not the way it is signed. */
  sign(claims: object, header?: object): string;
}

function signerOf(keyId: string, alg: string, keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): Signer {
  return {
    keyId,
    publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign(claims, header = {}) {
      const text = `${encoded({ alg, typ: 'JWT', kid: keyId, ...header })}.${encoded(claims)}`;
      const signature = sign('sha256', Buffer.from(text), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

/** Signs as IAP does. */
export function ecSigner(keyId: string): Signer {
  return signerOf(keyId, 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }));
}

/** Signs as Google does. */
export function rsaSigner(keyId: string): Signer {
  return signerOf(keyId, 'RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

/** @returns a token signed with a public key as if that were a secret. */
export function confusedToken({ keyId, publicKey }: Signer, claims: object): string {
  const text = `${encoded({ alg: 'HS256', typ: 'JWT', kid: keyId })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', publicKey).update(text).digest('base64url')}`;
}

/** @returns the token as Cloud Run passes it on once it has looked at it. */
export function stripped(token: string): string {
  return `${token.split('.').slice(0, 2).join('.')}.SIGNATURE_REMOVED_BY_GOOGLE`;
}
