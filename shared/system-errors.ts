/** What the system's and OpenSSL's error codes mean (errno(3), getaddrinfo(3), Node's error codes), whoever throws them. */
import type { Reason } from './reasons';

const reasonsByCode: Readonly<Record<string, Reason>> = {
  ENOTFOUND: 'dns_not_found',
  ENODATA: 'dns_not_found',
  EAI_NONAME: 'dns_not_found',
  EAI_NODATA: 'dns_not_found',
  EAI_AGAIN: 'dns_unavailable',
  EAI_FAIL: 'dns_unavailable',
  EAI_SYSTEM: 'dns_unavailable',
  ESERVFAIL: 'dns_unavailable',
  ETIMEOUT: 'dns_unavailable',
  ECONNREFUSED: 'connect_refused',
  ETIMEDOUT: 'connect_timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  // A socket file that is not there, is no socket, or may not be opened.
  ENOENT: 'unreachable',
  ENOTSOCK: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'connection_reset',
  ECONNABORTED: 'connection_reset',
  EPIPE: 'connection_reset',
  ERR_STREAM_PREMATURE_CLOSE: 'connection_reset',
  EMFILE: 'prober_exhausted',
  ENFILE: 'prober_exhausted',
  ENOMEM: 'prober_exhausted',
  ENOBUFS: 'prober_exhausted',
  EAI_MEMORY: 'prober_exhausted',
  // Every local port towards this address is in use.
  EADDRNOTAVAIL: 'prober_exhausted',
};

/** @returns the reason that a system's code stands for, or undefined. */
export function reasonOfCode(code: string): Reason | undefined {
  const known = Object.hasOwn(reasonsByCode, code) ? reasonsByCode[code] : undefined;
  if (known) return known;
  // What OpenSSL says of a certificate or key of our own that it can't use.
  if (code.startsWith('ERR_OSSL_')) return 'config_invalid';
  // Alerts of TLS 1.3 about our certificate come after the handshake, in whatever phase reads next (RFC 8446, 4.4.2).
  return code.startsWith('ERR_SSL_') || code === 'EPROTO' ? 'tls_handshake' : undefined;
}

/** @returns what the end of a connection means: TLS refused to go on with it, or else its peer ended or reset it. */
export function reasonOfLoss(code: string | undefined): 'tls_handshake' | 'connection_reset' {
  return code !== undefined && reasonOfCode(code) === 'tls_handshake' ? 'tls_handshake' : 'connection_reset';
}
