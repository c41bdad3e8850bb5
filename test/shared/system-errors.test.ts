/** What the codes of the system, the resolver and OpenSSL are told as: errno(3), getaddrinfo(3), Node's error codes. */
import { reasonOfCode } from '../../shared/system-errors';

test.each([
  ['dns_not_found', 'ENOTFOUND ENODATA EAI_NONAME EAI_NODATA'],
  ['dns_unavailable', 'EAI_AGAIN EAI_FAIL EAI_SYSTEM ESERVFAIL ETIMEOUT'],
  ['connect_refused', 'ECONNREFUSED'],
  ['connect_timeout', 'ETIMEDOUT'],
  ['unreachable', 'EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN'],
  ['unreachable', 'ENOENT ENOTSOCK EACCES EPERM'],
  ['connection_reset', 'ECONNRESET ECONNABORTED EPIPE ERR_STREAM_PREMATURE_CLOSE'],
  ['tls_handshake', 'EPROTO ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
])('%s is what %s mean', (reason, codes) => {
  expect(codes.split(' ').map(reasonOfCode)).toEqual(codes.split(' ').map(() => reason));
});

test.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAI_MEMORY', 'EADDRNOTAVAIL'])(
  '%s is want of our own means, and not the target',
  (code) => expect(reasonOfCode(code)).toBe('prober_exhausted'),
);

test.each(['ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'ERR_OSSL_BAD_DECRYPT'])(
  '%s is a key or certificate of our own that can not be used',
  (code) => expect(reasonOfCode(code)).toBe('config_invalid'),
);

test.each(['', '28P01', 'HPE_INVALID_CONSTANT', 'EPROTONOSUPPORT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'NOT_ERR_SSL_', 'NOT_ERR_OSSL_'])(
  '%j says nothing by itself',
  (code) => expect(reasonOfCode(code)).toBeUndefined(),
);

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s, which a server may choose as its code, is none', (code) =>
  expect(reasonOfCode(code)).toBeUndefined(),
);
