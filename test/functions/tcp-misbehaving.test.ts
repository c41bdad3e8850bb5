/** The tcp kind's dialogue with servers that fall silent, go away, or talk too much, over plain TCP and over TLS. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createAuthority } from '../../local/services/certificates';
import { probeOne } from '../support/probing';
import {
  closingServer,
  endlessServer,
  garbageServer,
  resettingServer,
  serveRaw,
  silentServer,
  trickleServer,
  type RawOptions,
} from '../support/raw-server';
import { probedTcp, tcp } from '../support/tcp-probing';

let secured: RawOptions;
let ca: string;
beforeAll(async () => {
  const authority = await createAuthority();
  secured = { tls: await authority.issue() };
  ca = authority.certificate;
});

const waiting = { timeout: '500ms', steps: [{ expect: '^ready$' }] };
const reset = { outcome: 'failure', reason: 'connection_reset', domain: 'network', owner: 'infrastructure', phase: 'exchange' };
const late = { outcome: 'failure', reason: 'timeout', domain: 'service', owner: 'infrastructure', phase: 'exchange' };
const flooded = { outcome: 'failure', reason: 'body_too_large', domain: 'service', owner: 'infrastructure', phase: 'exchange' };

describe.each([
  ['plain', () => ({ options: {}, tls: {} })],
  ['TLS', () => ({ options: secured, tls: { tls: { ca } } })],
] as const)('over %s a server', (_, given) => {
  test('that is silent is late', async () => {
    const { options, tls } = given();
    const result = await probedTcp(silentServer(options), { ...tls, ...waiting });
    expect(result).toMatchObject({
      ...late,
      message: expect.stringMatching(/^steps\[0\]: no line matched \/\^ready\$\/ .* nothing was received$/),
    });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('that closes at once is told at once', async () => {
    const { options, tls } = given();
    const result = await probedTcp(closingServer(options), { ...tls, ...waiting });
    expect(result).toMatchObject(reset);
    expect(result.message).toBe('steps[0]: the server closed the connection before a line matched /^ready$/; nothing was received');
    expect(result.durationMs).toBeLessThan(400);
  });

  test('that closes after another line is told with it', async () => {
    const { options, tls } = given();
    const result = await probedTcp(closingServer({ ...options, text: 'too many connections\r\n' }), { ...tls, ...waiting });
    expect(result).toMatchObject({ ...reset, message: expect.stringMatching(/; the last received is "too many connections"$/) });
  });

  test('that closes after all that was expected is fine, also where the last line has no end', async () => {
    const { options, tls } = given();
    const steps = [{ expect: '^one$' }, { expect: '^two$' }, { expect: '^ready$' }];
    expect(await probedTcp(closingServer({ ...options, text: 'one\ntwo\nready' }), { ...tls, steps })).toMatchObject({
      outcome: 'success',
    });
  });

  test('that closes before it is spoken to is told at the step that speaks', async () => {
    const { options, tls } = given();
    const steps = [{ expect: 'bye' }, { expect: '.*', within: '300ms' }];
    const gone = await probedTcp(closingServer({ ...options, text: 'bye\n' }), { ...tls, steps });
    expect(gone).toMatchObject({ ...reset, message: expect.stringMatching(/^steps\[1\]: the server closed the connection/) });
    const spoken = await probedTcp(closingServer({ ...options, text: 'bye\n' }), {
      ...tls,
      steps: [...steps.slice(0, 1), { send: 'a' }, waiting.steps[0]],
    });
    expect(spoken).toMatchObject(reset);
  });

  test('that resets, at once or once it is spoken to, is told', async () => {
    const { options, tls } = given();
    const steps = [{ send: 'hello\n' }, ...waiting.steps];
    const answered = await probedTcp(resettingServer({ ...options, afterData: true }), { ...tls, steps });
    expect(answered).toMatchObject({ ...reset, code: 'ECONNRESET' });
    expect(answered.durationMs).toBeLessThan(400);
    const atOnce = await probedTcp(resettingServer(options), { ...tls, ...waiting });
    expect(atOnce).toMatchObject({ outcome: 'failure', reason: 'connection_reset' });
  });

  test('that sends garbage is late, and what it sent is shown on one line', async () => {
    const { options, tls } = given();
    const result = await probedTcp(garbageServer(options), { ...tls, ...waiting });
    expect(result).toMatchObject(late);
    expect(result.message).not.toMatch(/\p{Cc}/u);
    expect(result.message.length).toBeLessThan(400);
  });

  test('that never ends its line has said too much', async () => {
    const { options, tls } = given();
    const result = await probedTcp(endlessServer(options), { ...tls, ...waiting, timeout: '5s' });
    expect(result).toMatchObject({ ...flooded, message: expect.stringMatching(/^steps\[0\]: a line is longer than 65536 bytes before/) });
    expect(result.message.length).toBeLessThan(300);
  });

  test('that never ends its lines has said too much', async () => {
    const { options, tls } = given();
    const result = await probedTcp(endlessServer({ ...options, chunk: 'not yet\n'.repeat(4096) }), { ...tls, ...waiting, timeout: '5s' });
    expect(result).toMatchObject({ ...flooded, message: expect.stringMatching(/^steps\[0\]: more than 1048576 bytes came before/) });
    expect(result.observed['tcp.bytesReceived']).toBeLessThan(1_200_000);
  });

  test('that sends byte by byte is waited for, but not for ever', async () => {
    const { options, tls } = given();
    const text = 'welcome\r\nready\r\n';
    expect(await probedTcp(trickleServer({ ...options, text }), { ...tls, ...waiting })).toMatchObject({ outcome: 'success' });
    const slow = await probedTcp(trickleServer({ ...options, text, everyMs: 100 }), { ...tls, ...waiting });
    expect(slow).toMatchObject({ ...late, message: expect.stringMatching(/the last received is "wel/) });
    expect(slow.durationMs).toBeLessThan(600);
  });

  test('that reads nothing is late where much is sent', async () => {
    const { options, tls } = given();
    const send = 'x'.repeat(24 * 1024 * 1024);
    const result = await probedTcp(
      serveRaw((socket) => socket.pause(), options),
      { ...tls, steps: [{ send }], timeout: '1s' },
    );
    expect(result).toMatchObject({ ...late, message: expect.stringMatching(/^steps\[0\]: the text could not be sent within/) });
  });
});

test('what came before too much came still counts', async () => {
  const text = `ready\n${'x'.repeat(70_000)}`;
  const steps = [{ expect: '^ready$' }, { expect: 'x', within: '300ms' }];
  const result = await probedTcp(closingServer({ text }), { steps });
  expect(result).toMatchObject(flooded);
  expect(result.findings.map(({ outcome }) => outcome)).toEqual(['success', 'failure']);
});

test('a line may be as long as is allowed, and many may come', async () => {
  const text = `${'é'.repeat(32_768)}\n${'a\n'.repeat(400_000)}ready\n`;
  expect(await probedTcp(closingServer({ text }), { steps: waiting.steps })).toMatchObject({ outcome: 'success' });
});

const listener = `
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}).on('data', () => socket.write('ready\\n')));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
`;

test('a server that is frozen is late, and is fine when it goes on', async () => {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  const probed = (more: object = {}) =>
    probeOne(tcp, { host: '127.0.0.1', port, timeout: '500ms', steps: [{ send: 'hello\n' }, ...waiting.steps], ...more });
  const before = await probed();
  child.kill('SIGSTOP');
  const frozen = [await probed(), await probed({ tls: { mode: 'require' } })];
  child.kill('SIGCONT');
  const after = await probed();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  expect(before).toMatchObject({ outcome: 'success' });
  // The system still takes the connection, and what is sent.
  expect(frozen[0]).toMatchObject({ ...late, message: expect.stringMatching(/^steps\[1\]: /) });
  expect(frozen[1]).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'tls' });
  expect(after).toMatchObject({ outcome: 'success' });
});
