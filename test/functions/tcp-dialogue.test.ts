/** The tcp kind's dialogue: lines wherever the chunks end, what is expected of them, and what flows from one step into the next. */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { echoServer, serveRaw } from '../support/raw-server';
import { probedTcp } from '../support/tcp-probing';

/** Sends the chunks one after the other, `everyMs` apart. */
const saying = (chunks: readonly (string | Uint8Array)[], everyMs = 15) =>
  serveRaw((socket: Socket) => {
    socket.setNoDelay(true).resume();
    void (async () => {
      for (const chunk of chunks) {
        socket.write(chunk);
        await delay(everyMs);
      }
    })();
  });

describe('a line', () => {
  test.each([
    ['ends with CR LF', ['220 ready\r\n']],
    ['ends with LF', ['220 ready\n']],
    ['comes in pieces', ['22', '0 re', 'ady', '\r', '\n']],
    ['is not the first', ['one\ntwo\r\n\n22', '0 ready\nfour\n']],
    ['has no end, as a prompt', ['220 ready']],
    ['is the last one of many, and has no end', ['one\ntwo\n', '220 ready']],
  ])('that %s is matched without its end', async (_, chunks) => {
    expect(await probedTcp(saying(chunks), { steps: [{ expect: '^220 ready$' }] })).toMatchObject({ outcome: 'success' });
  });

  test('that is still being sent is not taken for a prompt', async () => {
    const result = await probedTcp(saying(['id 12', '34\nagain\n']), {
      steps: [
        { expect: '^id (\\d+)', capture: 'id' },
        { expect: '^${id.1}$', within: '300ms' },
      ],
    });
    expect(result.message).toMatch(/^steps\[1\]: /);
    const told = await probedTcp(saying(['id 12', '34\n', '1234\n']), {
      steps: [{ expect: '^id (\\d+)', capture: 'id' }, { expect: '^${id.1}$' }],
    });
    expect(told).toMatchObject({ outcome: 'success' });
  });

  test('that has no end is consumed as far as it came: what follows belongs to the next', async () => {
    const server = serveRaw((socket) => {
      socket.write('login: ');
      socket.once('data', () => {
        socket.write('password: ');
        socket.once('data', (word: Buffer) => void socket.write(`welcome ${word.toString().trim()}\n$ `));
      });
    });
    const steps = [
      { expect: '^login: $' },
      { send: 'me\n' },
      { expect: '^password: $' },
      { send: 'guess\n' },
      { expect: '^welcome guess$' },
      { expect: '^\\$ $' },
    ];
    expect(await probedTcp(server, { steps })).toMatchObject({ outcome: 'success' });
  });

  test('is UTF-8, also where a character comes in two chunks', async () => {
    const bytes = Buffer.from('grüße 日本 😀\n');
    const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    expect(await probedTcp(saying(chunks, 2), { steps: [{ expect: '^grüße 日本 😀$' }] })).toMatchObject({ outcome: 'success' });
  });

  test('is consumed with all before it, and nothing after it', async () => {
    const lines = () => saying(['a\nb\nc\nb\nd\n']);
    expect(await probedTcp(lines(), { steps: [{ expect: 'b' }, { expect: 'b' }, { expect: 'd' }] })).toMatchObject({ outcome: 'success' });
    const result = await probedTcp(lines(), { steps: [{ expect: 'c' }, { expect: 'a', within: '300ms' }] });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'exchange' });
  });

  test('may be empty, but nothing is not a line', async () => {
    expect(await probedTcp(saying(['a\n\n']), { steps: [{ expect: '^$' }] })).toMatchObject({ outcome: 'success' });
    const result = await probedTcp(saying([]), { steps: [{ expect: '', within: '300ms' }] });
    expect(result).toMatchObject({ reason: 'timeout', message: 'steps[0]: no line matched // within 300 ms; nothing was received' });
  });
});

describe('a step', () => {
  test('is told by a finding each, under its name or its place', async () => {
    const result = await probedTcp(echoServer(), {
      steps: [{ send: 'Ä\n' }, { expect: '^Ä$', name: 'echoed', within: '1s' }],
    });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'tcp.bytesReceived': 3 } });
    expect(result.findings).toEqual([
      { subject: 'steps[0]', outcome: 'success', reason: null, message: 'sent', durationMs: expect.any(Number) },
      { subject: 'echoed', outcome: 'success', reason: null, message: 'matched', durationMs: expect.any(Number) },
    ]);
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'exchange']);
  });

  test('that fails says what was expected, and what came instead', async () => {
    const result = await probedTcp(saying(['SSH-2.0-OpenSSH\t9.9\r\n', 'more']), {
      steps: [{ expect: '^220 ', name: 'greeting', within: '400ms' }],
    });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      domain: 'service',
      owner: 'infrastructure',
      phase: 'exchange',
      message: 'greeting: no line matched /^220 / within 400 ms; the last received is "more"',
      hint: expect.stringMatching(/answers, but not what this step expects/),
    });
    expect(result.findings).toMatchObject([{ subject: 'greeting', outcome: 'failure', reason: 'timeout' }]);
  });

  test('that hears nothing after what was sent tells the last that came before', async () => {
    const result = await probedTcp(saying(['220 hello\n']), {
      steps: [{ expect: '^220' }, { send: 'EHLO a\r\n' }, { expect: '^250', within: '300ms' }],
    });
    expect(result.message).toBe('steps[2]: no line matched /^250/ within 300 ms; nothing came after "220 hello"');
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'failure']);
    expect(result.hint).toMatch(/did not answer in time/);
  });

  test('has, without a time of its own, what is left of the attempt', async () => {
    const result = await probedTcp(saying(['a\n']), { timeout: '500ms', steps: [{ expect: 'a' }, { expect: 'b' }] });
    expect(result).toMatchObject({
      reason: 'timeout',
      message: expect.stringMatching(/^steps\[1\]: no line matched \/b\/ within 4\d\d ms/),
    });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('shows of a long or wild line its beginning, on one line', async () => {
    const result = await probedTcp(saying([`\u0007${'long '.repeat(100)}\n`]), { steps: [{ expect: 'b', within: '300ms' }] });
    expect(result.message).toMatch(/the last received is "(long )+lo?n?g?…"$/);
    expect(result.message.length).toBeLessThan(220);
  });
});

describe('what is captured', () => {
  test('flows into later steps: the whole match, its groups, and an empty text for a group that did not match', async () => {
    const heard: string[] = [];
    const server = serveRaw((socket) => {
      socket.write('* OK session 4f-ab.71 of mail\n');
      socket.on('data', (data: Buffer) => {
        heard.push(data.toString());
        socket.write('a1 OK\n');
      });
    });
    const steps = [
      { expect: 'session (\\w+)-(\\w+)(x)?', capture: 'session' },
      { send: '${session}|${session.0}|${session.1}|${session.2}|${session.3}|${session.1|base64url}|$${session}\n' },
      { expect: '^a1 OK' },
    ];
    expect(await probedTcp(server, { steps })).toMatchObject({ outcome: 'success' });
    expect(heard).toEqual(['session 4f-ab|session 4f-ab|4f|ab||NGY|${session}\n']);
  });

  test('is shown by no text afterwards', async () => {
    const result = await probedTcp(saying(['token abcdef-123\n', 'you are abcdef-123, go away\n'], 100), {
      steps: [
        { expect: '^token (.*)$', capture: 'token' },
        { expect: '^welcome ${token.1}', within: '400ms' },
      ],
    });
    expect(result.message).toBe('steps[1]: no line matched /^welcome …/ within 400 ms; the last received is "you are [redacted], go away"');
    expect(JSON.stringify(result)).not.toContain('abcdef-123');
  });
});

test('a secret is sent and expected, but never shown: not whole, not cut, not in what the server makes of it', async () => {
  const secrets = await startSecretManagerEmulator();
  const secret = 'hunter2-(and+more';
  secrets.put('password', { versions: [{ value: secret }] });
  const probed = (target: object) =>
    probedTcp(
      serveRaw((socket) => void socket.on('data', (data: Buffer) => void socket.write(`${'.'.repeat(110)}${data.toString()}`))),
      { timeout: '500ms', ...target },
      { secretManager: secrets.address },
    );
  const send = { send: 'PASS ${secret:password}\r\n' };
  const echoed = await probed({ steps: [send, { expect: '^200' }] });
  const expected = await probed({ steps: [send, { expect: '^200 \\Q${secret:password}\\E' }] });
  const broken = await probed({ steps: [{ expect: '^${secret:password}' }] });
  await secrets.close();
  expect(echoed).toMatchObject({ reason: 'timeout', observed: { 'secret.versions': { password: '1' } } });
  expect(echoed.message).toMatch(/PASS \[/);
  expect(expected).toMatchObject({ reason: 'timeout', message: expect.stringMatching(/no line matched \/\^200 \\Q…\\E\/ /) });
  expect(broken).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
  for (const result of [echoed, expected, broken]) expect(JSON.stringify(result)).not.toMatch(/hunter/);
});
