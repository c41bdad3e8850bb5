/** Judges the certificate chain that a server presented, after the handshake and before anything is sent over it. */
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { wallClock } from '../clock';
import { describe, Fault } from '../fault';
import type { Observed } from '../result';
import type { TlsSettings } from './connection';

const dayMs = 86_400_000;

/** The certificates that a server presented, from the leaf to the last issuer that is known; empty where it presented none. */
export type Chain = readonly DetailedPeerCertificate[];

/**
 * Reads the chain of a session. To be called once a socket: Node 24 answers nonsense, or crashes, when the peer's certificate is asked
 * for again in its other form (`getPeerX509Certificate`).
 */
export function chainOf(socket: TLSSocket): Chain {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && !chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** @returns a distinguished name on one line: `CN=db, O=Example`. */
function nameOf(name: object): string {
  return Object.entries(name)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

const expiryOf = ({ valid_to }: DetailedPeerCertificate): number => Date.parse(valid_to);

/** @returns the facts of a session; those of the certificate only where the server sent one. */
export function certificateFacts(socket: TLSSocket, chain: Chain): Observed {
  const protocol = socket.getProtocol();
  const [leaf] = chain;
  if (!leaf) return { 'tls.protocol': protocol };
  const expiresAt = Math.min(...chain.map(expiryOf));
  return {
    'tls.protocol': protocol,
    'tls.daysUntilExpiry': Math.round(((expiresAt - wallClock()) / dayMs) * 100) / 100,
    'tls.subject': nameOf(leaf.subject),
    'tls.issuer': nameOf(leaf.issuer),
  };
}

/**
 * Refuses a chain by the first that applies: expired, not yet valid, untrusted, other name (RFC 5280, 6; RFC 9525).
 * @param name the name or address that the certificate has to be for.
 * @throws Fault with the reason of a bad certificate.
 */
export function verifyCertificate(socket: TLSSocket, chain: Chain, mode: TlsSettings['mode'], name: string): void {
  if (mode === 'require') return;
  const [leaf] = chain;
  if (!leaf) throw new Fault('certificate_untrusted', 'the server presented no certificate');
  const now = wallClock();
  const code = socket.authorizationError ? describe(socket.authorizationError).message : undefined;
  const expired = chain.find((certificate) => expiryOf(certificate) < now);
  if (expired) {
    throw new Fault('certificate_expired', `the certificate ${nameOf(expired.subject)} expired on ${expired.valid_to}`, {
      code: 'CERT_HAS_EXPIRED',
    });
  }
  const early = chain.find(({ valid_from }) => Date.parse(valid_from) > now);
  if (early) {
    throw new Fault('certificate_not_yet_valid', `the certificate ${nameOf(early.subject)} is valid from ${early.valid_from} only`, {
      code: 'CERT_NOT_YET_VALID',
    });
  }
  if (code === 'CERT_HAS_EXPIRED') throw new Fault('certificate_expired', 'a certificate of the chain has expired', { code });
  if (code === 'CERT_NOT_YET_VALID') throw new Fault('certificate_not_yet_valid', 'a certificate of the chain is not yet valid', { code });
  if (code !== undefined) {
    throw new Fault(
      'certificate_untrusted',
      `the certificate ${nameOf(leaf.subject)}, issued by ${nameOf(leaf.issuer)}, is not trusted: ${code}`,
      { code },
    );
  }
  const mismatch = mode === 'verify-full' ? checkServerIdentity(name, leaf) : undefined;
  if (mismatch) {
    const others = leaf.subjectaltname === undefined ? 'it names no other' : `it is for ${leaf.subjectaltname}`;
    throw new Fault(
      'certificate_name_mismatch',
      `the certificate ${nameOf(leaf.subject)}, issued by ${nameOf(leaf.issuer)}, is not for ${name}; ${others}`,
      { code: describe(mismatch).code },
    );
  }
}
