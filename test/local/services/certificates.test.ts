/** Certificates are judged by Node's own TLS, as the probes will meet them. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Server, type Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { type Authority, createAuthority, createSelfSigned, type CertificatePair } from '../../../local/services/certificates';
import { errorCode } from '../../../local/services/error-code';

const dayMs = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);

describe('certificates', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority();
  });

  test('a certificate of a trusted authority is accepted', async () => {
    expect(await verdict(await authority.issue(), authority)).toBe('accepted');
    expect(await verdict(await authority.issue({ dns: ['db.internal'] }), authority, 'db.internal')).toBe('accepted');
    expect(await verdict(await authority.issue({ ip: ['10.0.0.5'] }), authority, '10.0.0.5')).toBe('accepted');
  });

  test('an authority that is not trusted is refused', async () => {
    expect(await verdict(await authority.issue(), await createAuthority('Another'))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    const namesake = await createAuthority();
    expect(await verdict(await authority.issue(), namesake)).not.toBe('accepted');
  });

  test('an expired certificate and one of the future are refused', async () => {
    expect(await verdict(await authority.issue({ notAfter: inDays(-1) }), authority)).toBe('CERT_HAS_EXPIRED');
    expect(await verdict(await authority.issue({ notBefore: inDays(1) }), authority)).toBe('CERT_NOT_YET_VALID');
  });

  test('a wrong name is refused', async () => {
    expect(await verdict(await authority.issue({ dns: ['other.internal'] }), authority)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('a self-signed certificate is refused unless it is trusted itself', async () => {
    const pair = await createSelfSigned();
    expect(await verdict(pair, authority)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('an intermediate authority needs its certificate in the chain', async () => {
    const intermediate = await authority.intermediate();
    expect(await verdict(await intermediate.issue(), authority)).toBe('accepted');
    expect(await verdict(await intermediate.issue({ chain: false }), authority)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  test('an intermediate authority can itself have expired', async () => {
    const intermediate = await authority.intermediate('Old Intermediate', { notAfter: inDays(-1) });
    expect(await verdict(await intermediate.issue(), authority)).toBe('CERT_HAS_EXPIRED');
  });

  test('dates and names are those asked for', async () => {
    const notBefore = new Date('2026-01-01T00:00:00Z');
    const notAfter = new Date('2026-03-01T00:00:00Z');
    const { cert } = await authority.issue({
      commonName: 'chat',
      dns: ['a.test', 'b.test'],
      ip: ['127.0.0.1', '::1'],
      notBefore,
      notAfter,
    });
    const parsed = new X509Certificate(cert);
    expect(parsed.subject).toBe('CN=chat');
    expect(parsed.issuer).toBe('CN=Test Authority');
    expect(parsed.subjectAltName).toBe('DNS:a.test, DNS:b.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(parsed.validFromDate).toEqual(notBefore);
    expect(parsed.validToDate).toEqual(notAfter);
  });

  test('a client certificate identifies a client, and no server', async () => {
    const client = await authority.issue({ commonName: 'probe', client: true });
    const pair = await authority.issue();
    const { authorized, subject } = await meetClient(pair, client, authority);
    expect(authorized).toBe(true);
    expect(subject).toBe('probe');
    expect(await verdict(client, authority)).toBe('INVALID_PURPOSE');
  });
});

async function verdict(pair: CertificatePair, trusted: Authority, name = 'localhost'): Promise<string> {
  const server = createServer(pair).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ socket: connectTo(server), host: name, servername: isIP(name) ? '' : name, ca: trusted.certificate });
  try {
    await once(socket, 'secureConnect');
    return 'accepted';
  } catch (error) {
    return String(errorCode(error));
  } finally {
    socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

async function meetClient(
  pair: CertificatePair,
  client: CertificatePair,
  trusted: Authority,
): Promise<{ authorized: boolean; subject: string }> {
  const server = createServer({ ...pair, ca: trusted.certificate, requestCert: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ socket: connectTo(server), host: 'localhost', ca: trusted.certificate, ...client });
  const [met]: TLSSocket[] = await once(server, 'secureConnection');
  if (!met) throw new Error('nobody connected');
  const seen = { authorized: met.authorized, subject: String(met.getPeerCertificate().subject.CN) };
  socket.destroy();
  met.destroy();
  server.close();
  await once(server, 'close');
  return seen;
}

function connectTo(server: Server): Socket {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return connectTcp(address.port, '127.0.0.1');
}
