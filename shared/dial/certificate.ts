/** Judges the certificate chain that a server presented, after the handshake and before anything is sent over it. */
import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { wallClock } from '../clock';
import { describe, Fault } from '../fault';
import type { Observed } from '../result';
import type { TlsSettings } from './connection';

const dayMs = 86_400_000;

/** @returns the certificates from the leaf to the last known issuer. */
function chainOf(leaf: X509Certificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (
    let next: X509Certificate | undefined = leaf;
    next && !chain.some((seen) => seen.fingerprint256 === next?.fingerprint256);
    next = next.issuerCertificate
  ) {
    chain.push(next);
  }
  return chain;
}

const oneLine = (name: string): string => name.split('\n').join(', ');

/** @returns the facts of a session; those of the certificate only where the server sent one. */
export function certificateFacts(socket: TLSSocket): Observed {
  const protocol = socket.getProtocol();
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) return { 'tls.protocol': protocol };
  const expiresAt = Math.min(...chainOf(leaf).map((certificate) => certificate.validToDate.getTime()));
  return {
    'tls.protocol': protocol,
    'tls.daysUntilExpiry': Math.round(((expiresAt - wallClock()) / dayMs) * 100) / 100,
    'tls.subject': oneLine(leaf.subject),
    'tls.issuer': oneLine(leaf.issuer),
  };
}

/**
 * Refuses a chain by the first that applies: expired, not yet valid, untrusted, other name (RFC 5280, 6; RFC 9525).
 * @param name the name or address that the certificate has to be for.
 * @throws Fault with the reason of a bad certificate.
 */
export function verifyCertificate(socket: TLSSocket, mode: TlsSettings['mode'], name: string): void {
  if (mode === 'require') return;
  const leaf = socket.getPeerX509Certificate();
  if (!leaf) throw new Fault('certificate_untrusted', 'the server presented no certificate');
  const now = wallClock();
  const chain = chainOf(leaf);
  const code = socket.authorizationError ? describe(socket.authorizationError).message : undefined;
  const expired = chain.find((certificate) => certificate.validToDate.getTime() < now);
  if (expired)
    throw new Fault('certificate_expired', `the certificate ${oneLine(expired.subject)} expired on ${expired.validTo}`, {
      code: 'CERT_HAS_EXPIRED',
    });
  const early = chain.find((certificate) => certificate.validFromDate.getTime() > now);
  if (early)
    throw new Fault('certificate_not_yet_valid', `the certificate ${oneLine(early.subject)} is valid from ${early.validFrom} only`, {
      code: 'CERT_NOT_YET_VALID',
    });
  if (code === 'CERT_HAS_EXPIRED') throw new Fault('certificate_expired', 'a certificate of the chain has expired', { code });
  if (code === 'CERT_NOT_YET_VALID') throw new Fault('certificate_not_yet_valid', 'a certificate of the chain is not yet valid', { code });
  if (code !== undefined)
    throw new Fault(
      'certificate_untrusted',
      `the certificate ${oneLine(leaf.subject)}, issued by ${oneLine(leaf.issuer)}, is not trusted: ${code}`,
      { code },
    );
  const mismatch = mode === 'verify-full' ? checkServerIdentity(name, socket.getPeerCertificate()) : undefined;
  if (mismatch)
    throw new Fault(
      'certificate_name_mismatch',
      `the certificate is not for ${name}; it is for ${leaf.subjectAltName ?? oneLine(leaf.subject)}`,
      { code: describe(mismatch).code },
    );
}
