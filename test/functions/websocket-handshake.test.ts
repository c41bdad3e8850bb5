/** The websocket kind up to the upgrade: whom it can't reach, who refuses it, and who speaks something else. */
import { kind, probe } from '../../functions/websocket';
import { createAuthority, createSelfSigned, type Authority } from '../../local/services/certificates';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import {
  closingServer,
  echoServer,
  endlessServer,
  garbageServer,
  refusingPort,
  resettingServer,
  serveRaw,
  silentServer,
  trickleServer,
  type RawServer,
} from '../support/raw-server';
import { answeringServer, upgradingServer } from '../support/upgrading-server';

const websocket = { kind, probe };
const timeout = '400ms';

/** Probes a server that is ended afterwards, and looks whether anything stays open. */
async function tried(starting: Promise<RawServer>, target: Readonly<Record<string, unknown>> = {}, scheme = 'ws') {
  const server = await starting;
  const leaks = await watchLeaks();
  try {
    return await probeOne(websocket, { url: `${scheme}://127.0.0.1:${server.port}/chat`, timeout, ...target });
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

const answering = (text: string): Promise<RawServer> => answeringServer((socket) => socket.end(text));

describe('a server that is not there', () => {
  test('refuses', async () => {
    expect(await tried(refusingPort())).toMatchObject({
      outcome: 'failure',
      reason: 'connect_refused',
      phase: 'connect',
      code: 'ECONNREFUSED',
      owner: 'infrastructure',
    });
  });

  test('has no address', async () => {
    const result = await probeOne(websocket, { url: 'ws://name.invalid/', timeout: '3s' });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'dns', domain: 'network' });
  });
});

describe('a server that accepts', () => {
  test.each<[string, () => Promise<RawServer>, string, string]>([
    ['and is silent', silentServer, 'timeout', 'application'],
    ['and closes at once', closingServer, 'connection_reset', 'infrastructure'],
    ['and resets when it hears something', () => resettingServer({ afterData: true }), 'connection_reset', 'infrastructure'],
    ['and closes within the header', () => answering('HTTP/1.1 101 Switch'), 'connection_reset', 'infrastructure'],
    ['and sends garbage', garbageServer, 'protocol_error', 'application'],
    ['and speaks SSH', () => closingServer({ text: 'SSH-2.0-OpenSSH_9.6\r\n' }), 'protocol_error', 'application'],
    ['and never stops', endlessServer, 'protocol_error', 'application'],
    ['and echoes', echoServer, 'protocol_error', 'application'],
    ['and trickles', () => trickleServer({ text: 'HTTP/1.1 101 Switching Protocols\r\n', everyMs: 50 }), 'timeout', 'application'],
    ['and says only 100', () => answeringServer((socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')), 'timeout', 'application'],
    ['and names no protocol', () => answering('HTTP/1.1 101 Switching Protocols\r\n\r\n'), 'protocol_error', 'application'],
    [
      'and switches to another protocol',
      () => answering('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'),
      'protocol_error',
      'application',
    ],
    [
      'and does not answer the key',
      () => answering('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
      'protocol_error',
      'application',
    ],
    [
      'and answers another key',
      () => upgradingServer(() => {}, { accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }),
      'protocol_error',
      'application',
    ],
    [
      'and takes an extension that was not offered',
      () => upgradingServer(() => {}, { headers: ['Sec-WebSocket-Extensions: x-other'] }),
      'protocol_error',
      'application',
    ],
  ])('%s', async (_, start, reason, owner) => {
    const result = await tried(start());
    expect(result).toMatchObject({ outcome: 'failure', reason, owner, phase: 'upgrade', findings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'upgrade']);
    expect(result.durationMs).toBeLessThan(500);
  });
});

test('a subprotocol that nobody offered is refused', async () => {
  const result = await tried(upgradingServer(() => {}, { headers: ['Sec-WebSocket-Protocol: other'] }));
  expect(result).toMatchObject({ reason: 'assertion_failed', phase: 'upgrade', observed: { 'websocket.subprotocol': 'other' } });
});

describe('an upgrade that is refused', () => {
  test.each([
    [200, '', 'upgrade_rejected', 'application'],
    [204, '', 'upgrade_rejected', 'application'],
    [302, 'Location: https://login.example.com/\r\n', 'upgrade_rejected', 'application'],
    [400, '', 'upgrade_rejected', 'application'],
    [401, '', 'credentials_rejected', 'operator'],
    [403, '', 'permission_denied', 'operator'],
    [404, '', 'upgrade_rejected', 'application'],
    [429, '', 'overloaded', 'infrastructure'],
    [500, '', 'upgrade_rejected', 'application'],
    [502, '', 'bad_gateway', 'infrastructure'],
    [503, '', 'upgrade_rejected', 'application'],
    [503, 'Retry-After: 5\r\n', 'overloaded', 'infrastructure'],
    [503, 'Server: Google Frontend\r\n', 'overloaded', 'infrastructure'],
    [504, '', 'bad_gateway', 'infrastructure'],
  ])('with %i %s', async (status, header, reason, owner) => {
    const result = await tried(answering(`HTTP/1.1 ${status} Said So\r\n${header}Content-Length: 0\r\n\r\n`));
    expect(result).toMatchObject({ outcome: 'failure', reason, owner, phase: 'upgrade', code: String(status) });
    expect(result.message).toMatch(new RegExp(`^the upgrade was answered with ${status} Said So`));
  });

  test('quotes the beginning of a text, on one line', async () => {
    const result = await tried(
      answering(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\nnot\n\n  for   you ${'x'.repeat(5000)}`),
    );
    expect(result.message).toMatch(/^the upgrade was answered with 403 Forbidden: not for you x+…$/);
    expect(result.message.length).toBeLessThan(250);
  });

  test('does not quote what is no text, nor wait for a body that does not come', async () => {
    const picture = answeringServer((socket) =>
      socket.write('HTTP/1.1 404 Not Found\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\nx'),
    );
    expect((await tried(picture)).message).toBe('the upgrade was answered with 404 Not Found');
    const unfinished = answeringServer((socket) => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\nno'));
    expect(await tried(unfinished)).toMatchObject({
      reason: 'credentials_rejected',
      message: 'the upgrade was answered with 401 Unauthorized: no',
    });
  });

  test('counts even when the connection is reset after it', async () => {
    const resetting = answeringServer((socket, _, below) => {
      socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\n');
      setTimeout(() => below.resetAndDestroy(), 20);
    });
    expect(await tried(resetting)).toMatchObject({ reason: 'credentials_rejected', code: '401' });
  });
});

describe('TLS', () => {
  let authority: Authority;
  beforeAll(async () => {
    authority = await createAuthority();
  });
  const day = 86_400_000;

  test.each<[string, () => Promise<{ cert: string; key: string }>, string]>([
    ['expired', () => authority.issue({ notAfter: new Date(Date.now() - day) }), 'certificate_expired'],
    ['not yet valid', () => authority.issue({ notBefore: new Date(Date.now() + day) }), 'certificate_not_yet_valid'],
    ['untrusted', () => createSelfSigned(), 'certificate_untrusted'],
    ['for another name', () => authority.issue({ dns: ['other.example.com'] }), 'certificate_name_mismatch'],
  ])('refuses a certificate that is %s before anything is sent', async (_, issue, reason) => {
    const heard: Buffer[] = [];
    const server = serveRaw((socket) => socket.on('data', (data: Buffer) => heard.push(data)), { tls: await issue() });
    const result = await tried(
      server,
      { headers: { Authorization: 'Bearer secret-token' }, tls: { ca: authority.certificate }, timeout: '3s' },
      'wss',
    );
    expect(result).toMatchObject({ outcome: 'failure', reason, phase: 'tls', owner: 'infrastructure' });
    expect(result.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3', 'tls.daysUntilExpiry': expect.any(Number) });
    expect(heard).toEqual([]);
  });

  test.each<[string, () => Promise<RawServer>, string]>([
    ['is silent', silentServer, 'timeout'],
    ['closes at once', closingServer, 'connection_reset'],
    ['sends garbage', garbageServer, 'tls_handshake'],
  ])('tells of a server that %s', async (_, start, reason) => {
    expect(await tried(start(), {}, 'wss')).toMatchObject({ outcome: 'failure', reason, phase: 'tls' });
  });

  test('is spoken where tls stands, whatever the scheme says; what fails above it is told as ever', async () => {
    const tls = await authority.issue();
    const given = { tls: { ca: authority.certificate }, timeout: '3s' };
    for (const scheme of ['ws', 'wss']) {
      const result = await tried(closingServer({ tls }), given, scheme);
      expect(result).toMatchObject({ reason: 'connection_reset', phase: 'upgrade' });
      expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'upgrade']);
    }
  });
});
