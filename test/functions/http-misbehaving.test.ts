/** The http kind against servers that are not there, fall silent, go away, or speak something else. */
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { blackHole } from '../../local/services/black-hole';
import { answering, http, probedAt, saying } from '../support/exchanging';
import { probeOne } from '../support/probing';
import {
  closingServer,
  echoServer,
  endlessServer,
  garbageServer,
  refusingPort,
  resettingServer,
  silentServer,
  trickleServer,
  type RawServer,
} from '../support/raw-server';
import { answeringServer } from '../support/upgrading-server';

describe('a server that is not there', () => {
  test('refuses', async () => {
    const result = await probedAt(refusingPort());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_refused', phase: 'connect', owner: 'infrastructure' });
    expect(result.code).toBe('ECONNREFUSED');
  });

  test('does not answer', async () => {
    const hole = await blackHole();
    const result = await probeOne(http, { url: `http://127.0.0.1:${hole.port}/`, timeout: '400ms' });
    await hole.close();
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_timeout', phase: 'connect', owner: 'infrastructure' });
  });

  test('has no address', async () => {
    const result = await probeOne(http, { url: 'http://name.invalid/', timeout: '3s' });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'dns', domain: 'network' });
  });
});

const header = (...lines: string[]): string => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
/** Sends one header line after the other. */
const endlessHeader = (): Promise<RawServer> =>
  answeringServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write(`X-Line: ${'x'.repeat(4000)}\r\n`), 2);
    socket.once('close', () => clearInterval(timer));
  });

describe('a server that accepts', () => {
  test.each<[string, () => Promise<RawServer>, string, string]>([
    ['and is silent', silentServer, 'timeout', 'application'],
    ['and closes at once', closingServer, 'connection_reset', 'infrastructure'],
    ['and closes when it hears something', () => saying(''), 'connection_reset', 'infrastructure'],
    ['and resets when it hears something', () => resettingServer({ afterData: true }), 'connection_reset', 'infrastructure'],
    ['and closes within the header', () => saying('HTTP/1.1 200 OK\r\nContent-'), 'connection_reset', 'infrastructure'],
    ['and sends garbage', garbageServer, 'protocol_error', 'application'],
    ['and sends garbage and closes', () => saying('garbage'), 'protocol_error', 'application'],
    ['and speaks SSH', () => closingServer({ text: 'SSH-2.0-OpenSSH_9.6\r\n' }), 'protocol_error', 'application'],
    ['and never stops', endlessServer, 'protocol_error', 'application'],
    ['and echoes', echoServer, 'protocol_error', 'application'],
    ['and trickles its header', () => trickleServer({ text: header(), everyMs: 50 }), 'timeout', 'application'],
    ['and never ends its header', endlessHeader, 'protocol_error', 'application'],
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
    ['and says only 100', () => answeringServer((socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n')), 'timeout', 'application'],
    [
      'and switches protocols',
      () => saying('HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'protocol_error',
      'application',
    ],
    ['and names two lengths', () => saying(`${header('Content-Length: 2', 'Content-Length: 2')}ok`), 'protocol_error', 'application'],
    [
      'and differs about its length',
      () => saying(`${header('Content-Length: 2', 'Content-Length: 1')}ok`),
      'protocol_error',
      'application',
    ],
    [
      'and names a length and chunks',
      () => saying(`${header('Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`),
      'protocol_error',
      'application',
    ],
    ['and folds a header into nothing', () => saying('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'), 'protocol_error', 'application'],
  ])('%s', async (_, start, reason, owner) => {
    const result = await probedAt(start(), { timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason, owner, phase: 'request', findings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'request']);
    expect(result.durationMs).toBeLessThan(500);
  });

  test('and resets at once', async () => {
    // Which of both is told depends on what the kernel sees first.
    const result = await probedAt(resettingServer());
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connection_reset', phase: expect.stringMatching(/^connect|request$/) });
  });

  test('and answers more than was asked for has answered', async () => {
    const server = saying(`${header('Content-Length: 2')}okHTTP/1.1 500 No\r\n\r\n`);
    expect(await probedAt(server, { expect: { body: ['^ok$'] } })).toMatchObject({ outcome: 'success', observed: { 'http.bodyBytes': 2 } });
  });
});

test('what a server says of a secret is not told', async () => {
  const emulator = await startSecretManagerEmulator();
  emulator.put('token', { value: 'hunter2-hunter2' });
  const target = { headers: { Authorization: 'Bearer ${secret:token}' } };
  const options = { secretManager: emulator.address };
  const refused = await probedAt(answering(401, 'bad token hunter2-hunter2'), target, options);
  const judged = await probedAt(
    answering(200, '{"token":"hunter2-hunter2"}', 'Server: hunter2-hunter2'),
    { ...target, expect: { json: ["token == 'x'"] } },
    options,
  );
  const torn = [
    await probedAt(answering(500, `${'x'.repeat(195)} hunter2-hunter2`), target, options),
    await probedAt(
      answering(200, `{"token":"${'x'.repeat(92)}hunter2-hunter2"}`),
      { ...target, expect: { json: ["token == 'x'"] } },
      options,
    ),
    await probedAt(answering(200, 'x', `Server: ${'x'.repeat(195)}hunter2-hunter2`), target, options),
  ];
  await emulator.close();
  expect(refused).toMatchObject({ reason: 'credentials_rejected', owner: 'operator', message: 'the status is 401: bad token [redacted]' });
  expect(judged).toMatchObject({ reason: 'assertion_failed', observed: { 'http.server': '[redacted]' } });
  expect(JSON.stringify([refused, judged, torn])).not.toContain('hunt');
});
