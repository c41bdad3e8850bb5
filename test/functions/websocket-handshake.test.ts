/** The websocket kind up to the upgrade: whom it can't reach, who refuses it, and who speaks something else. */
import { kind, probe } from '../../functions/websocket';
import { createAuthority, createSelfSigned, type Authority } from '../../local/services/certificates';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { watchLeaks } from '../support/leaks';
import { configOf, probeOne } from '../support/probing';
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
import { answeringServer, closeFrame, upgradingServer } from '../support/upgrading-server';

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

describe('the handshake', () => {
  test('says what the target says, and follows no redirect', async () => {
    const heads: string[] = [];
    const server = await answeringServer((socket, head) => {
      heads.push(head);
      socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n');
    });
    await probeOne(websocket, {
      url: `ws://user:pa%20ss@127.0.0.1:${server.port}/a%20b?c=d`,
      headers: { 'X-Tenant': 'one' },
      subprotocols: ['v2', 'v1'],
      origin: 'https://app.example.com',
    });
    await server.close();
    expect(heads).toHaveLength(1);
    const [first, ...lines] = (heads[0] ?? '').trim().split('\r\n');
    expect(first).toBe('GET /a%20b?c=d HTTP/1.1');
    expect(lines).toEqual(
      expect.arrayContaining([
        `Host: 127.0.0.1:${server.port}`,
        'X-Tenant: one',
        'Sec-WebSocket-Protocol: v2,v1',
        'Sec-WebSocket-Version: 13',
        'Origin: https://app.example.com',
        `Authorization: Basic ${Buffer.from('user:pa ss').toString('base64')}`,
      ]),
    );
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'a header of its own',
      { headers: { 'sec-websocket-protocol': 'v1' } },
      'headers.sec-websocket-protocol: is set by the handshake itself',
    ],
    ['a subprotocol twice', { subprotocols: ['v1', 'v1'] }, 'subprotocols[1]: stands there twice'],
    ['a subprotocol with a blank', { subprotocols: ['v 1'] }, 'subprotocols[0]: is not a subprotocol'],
  ])('can not be given %s', (_, target, problem) => {
    expect(() => configOf({ websocket: { target: { url: 'ws://a/', ...target } } })).toThrow(problem);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a header of two lines', { headers: { 'X-Key': '${secret:given}' } }],
    ['no subprotocol', { subprotocols: ['${secret:given}'] }],
    ['no URL', { url: '${secret:given}' }],
  ])('is our own fault where a secret makes it %s', async (_, target) => {
    const emulator = await startSecretManagerEmulator();
    emulator.put('given', { value: 'first line\nsecond line' });
    const server = await silentServer();
    const result = await probeOne(
      websocket,
      { url: `ws://127.0.0.1:${server.port}/`, timeout, ...target },
      { secretManager: emulator.address },
    );
    await server.close();
    await emulator.close();
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
    expect(JSON.stringify(result)).not.toContain('second line');
  });
});

test('a few interim answers may come before the consent, and no more', async () => {
  const before = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
  const echo = (times: number): Promise<RawServer> =>
    upgradingServer((socket) => socket.end(closeFrame(1000)), { before: before.repeat(times) });
  expect(await tried(echo(8), { ping: false })).toMatchObject({ outcome: 'success' });
  const more = await tried(echo(9), { ping: false });
  expect(more).toMatchObject({ outcome: 'failure', reason: 'protocol_error', phase: 'upgrade' });
  expect(more.message).toBe('the server sent more than 16 interim answers before its answer');
});

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
    [
      'and says 100 without end',
      () => endlessServer({ chunk: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(2000) }),
      'protocol_error',
      'application',
    ],
    ['and sends empty lines without end', () => endlessServer({ chunk: '\r\n'.repeat(20_000) }), 'protocol_error', 'application'],
    [
      'and says much with each 1xx',
      () => endlessServer({ chunk: `HTTP/1.1 103 Early Hints\r\nLink: <${'x'.repeat(12_000)}>\r\n\r\n` }),
      'protocol_error',
      'application',
    ],
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
