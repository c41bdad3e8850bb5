/** The websocket kind after the upgrade: scripted servers, in good order and out of it. */
import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { kind, probe } from '../../functions/websocket';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import type { RawServer } from '../support/raw-server';
import { closeFrame, frame, textFrame, upgradingServer } from '../support/upgrading-server';

const websocket = { kind, probe };

async function tried(starting: Promise<RawServer>, target: Readonly<Record<string, unknown>>) {
  const server = await starting;
  const leaks = await watchLeaks();
  try {
    return await probeOne(websocket, { url: `ws://127.0.0.1:${server.port}/`, timeout: '1s', ping: false, ...target });
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

/** Probes a server that does `behave` with each connection; tells also how the connections ended there. */
async function conversed(behave: (socket: WebSocket) => void, target: Readonly<Record<string, unknown>>) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const closes: number[] = [];
  server.on('connection', (socket) => {
    socket.on('close', (code) => closes.push(code));
    behave(socket);
  });
  try {
    const { port } = server.address() as { port: number };
    return { result: await probeOne(websocket, { url: `ws://127.0.0.1:${port}/`, timeout: '1s', ping: false, ...target }), closes };
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  }
}

const saying =
  (...messages: readonly unknown[]) =>
  (socket: WebSocket): void => {
    for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };

describe('what is expected', () => {
  test('may have come before it was waited for; nothing is lost, and the order is kept', async () => {
    const steps = [
      { expect: 'n == `1`', name: 'one' },
      { send: 'on' },
      { expect: 'n == `2`', name: 'two' },
      { expect: 'n == `3`', name: 'three' },
    ];
    const { result, closes } = await conversed(saying({ n: 1 }, { n: 2 }, { n: 3 }), { steps, ping: true });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.findings.map(({ subject, message }) => [subject, message])).toEqual([
      ['one', 'matched'],
      ['steps[1]', 'sent'],
      ['two', 'matched'],
      ['three', 'matched'],
    ]);
    expect(closes).toEqual([1000]);
    const backwards = await conversed(saying({ n: 1 }, { n: 2 }), {
      steps: [{ expect: 'n == `2`' }, { expect: 'n == `1`', within: '100ms' }],
    });
    expect(backwards.result).toMatchObject({ outcome: 'failure', reason: 'timeout' });
  });

  test('is looked for past what does not match, is no JSON, or is binary', async () => {
    const { result } = await conversed(saying('no JSON', '{"n":', 7, null, Buffer.from([0, 255]).toString('latin1'), { n: 2 }, { n: 1 }), {
      steps: [{ expect: 'n == `1`' }],
    });
    expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'success', message: 'matched; 6 skipped' }]);
  });

  test('and does not come in its time is a timeout that names the step and what was skipped', async () => {
    const { result } = await conversed(saying({ n: 1 }, { n: 2 }), { steps: [{ expect: 'n == `3`', within: '150ms', name: 'third' }] });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'timeout',
      phase: 'message',
      owner: 'application',
      message: 'third: no message matched within 150 ms; 2 skipped',
    });
    expect(result.findings).toMatchObject([{ subject: 'third', outcome: 'failure', reason: 'timeout' }]);
    expect(result.observed).not.toHaveProperty(['websocket.eventLatencyMs']);
    expect(result.durationMs).toBeGreaterThanOrEqual(145);
  });

  test('has, without a time of its own, what is left of the attempt', async () => {
    const { result } = await conversed(saying({ n: 1 }), {
      steps: [{ expect: 'n == `1`', name: 'first' }, { expect: 'n == `3`' }],
      timeout: '500ms',
    });
    expect(result).toMatchObject({ reason: 'timeout', phase: 'message', message: expect.stringMatching(/^steps\[1\]: .* 0 skipped$/) });
    expect(result.findings).toMatchObject([{ outcome: 'success' }, { outcome: 'failure' }]);
    expect(result.observed['websocket.eventLatencyMs']).toEqual({ first: expect.any(Number) });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('but can not be captured fails the step', async () => {
    for (const capture of [{ id: 'session.id' }, { id: 'max(n)' }]) {
      const { result } = await conversed(saying({ n: 1 }), { steps: [{ expect: 'n == `1`', capture }] });
      expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', phase: 'message' });
      expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'failure', reason: 'assertion_failed' }]);
    }
  });

  test('is captured as text, and shown by no text afterwards', async () => {
    const heard: string[] = [];
    const { result } = await conversed(
      (socket) => {
        socket.send(JSON.stringify({ id: { key: 'value-of-session' }, word: 'captured-word' }));
        socket.on('message', (data: Buffer) => {
          heard.push(data.toString());
          socket.close(1011, 'captured-word');
        });
      },
      {
        steps: [
          { expect: 'word', capture: { id: 'id', word: 'word' } },
          { expect: 'word != `null`', capture: { word: 'word' } },
        ],
      },
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    const second = await conversed(
      (socket) => {
        socket.send(JSON.stringify({ id: { key: 'value-of-session' }, word: 'captured-word' }));
        socket.on('message', (data: Buffer) => {
          heard.push(data.toString());
          socket.close(1011, 'captured-word');
        });
      },
      {
        steps: [
          { expect: 'word != `null`', capture: { id: 'id', word: 'word' } },
          { send: { id: '${id}', word: '${word}' } },
          { expect: 'end' },
        ],
      },
    );
    expect(heard).toEqual([JSON.stringify({ id: '{"key":"value-of-session"}', word: 'captured-word' })]);
    expect(second.result).toMatchObject({
      reason: 'unexpected_close',
      message: 'steps[2]: the server closed the connection with 1011: [redacted]',
    });
  });
});

describe('a close', () => {
  const step = { expect: 'never' };
  const unasked = { outcome: 'failure', phase: 'message', domain: 'service', owner: 'application' };

  test.each([[1000], [1001], [1011], [4001]])('with %i that nobody asked for is unexpected', async (code) => {
    const { result } = await conversed((socket) => socket.close(code, 'so long'), { steps: [step] });
    expect(result).toMatchObject({ ...unasked, reason: 'unexpected_close', code: String(code) });
    expect(result.message).toBe(`steps[0]: the server closed the connection with ${code}: so long`);
    expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'failure', reason: 'unexpected_close' }]);
  });

  test('with 1013 means overload, also before the ping is answered and when nothing is asked', async () => {
    for (const target of [{ steps: [step] }, { ping: true }, {}]) {
      const { result } = await conversed((socket) => socket.close(1013), target);
      expect(result).toMatchObject({ outcome: 'failure', reason: 'overloaded', code: '1013', owner: 'infrastructure' });
    }
  });

  test('without a frame has the code 1006, be it an end or a reset', async () => {
    for (const target of [{ steps: [step] }, { ping: true }]) {
      const lost = { ...unasked, reason: 'unexpected_close', code: '1006' };
      expect(
        await tried(
          upgradingServer((socket) => socket.end()),
          target,
        ),
      ).toMatchObject(lost);
      expect(
        await tried(
          upgradingServer((_, below) => below.resetAndDestroy()),
          target,
        ),
      ).toMatchObject(lost);
      const late = upgradingServer((_, below) => setTimeout(() => below.resetAndDestroy(), 50));
      expect(await tried(late, { steps: [step] })).toMatchObject(lost);
    }
  });

  test('is told at once by a server that leaves the connection open afterwards', async () => {
    const result = await tried(
      upgradingServer((socket) => socket.write(closeFrame(1011, 'broken'))),
      { steps: [step], timeout: '3s' },
    );
    expect(result).toMatchObject({ reason: 'unexpected_close', code: '1011' });
    expect(result.durationMs).toBeLessThan(1000);
  });

  test('that is expected passes, whatever is said before it', async () => {
    const ending = (socket: WebSocket): void => {
      socket.on('message', () => {
        socket.send('{}');
        socket.close(4000);
      });
    };
    const steps = [{ send: 'bye' }, { expectClose: 4000 }];
    const { result } = await conversed(ending, { steps });
    expect(result).toMatchObject({
      outcome: 'success',
      findings: [{ message: 'sent' }, { subject: 'steps[1]', message: 'closed with 4000' }],
    });
    const other = await conversed(ending, { steps: [{ send: 'bye' }, { expectClose: 1000 }] });
    expect(other.result).toMatchObject({ ...unasked, reason: 'unexpected_close', code: '4000' });
    const never = await conversed(() => {}, { steps: [{ expectClose: 1000, within: '100ms' }] });
    expect(never.result).toMatchObject({
      ...unasked,
      reason: 'timeout',
      message: expect.stringContaining('steps[0]: the server did not close'),
    });
  });

  test('of ours needs no answer', async () => {
    const result = await tried(
      upgradingServer((socket) => socket.write(textFrame('{"n":1}'))),
      { steps: [{ expect: 'n == `1`' }] },
    );
    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.durationMs).toBeLessThan(1000);
  });
});

describe('a server that', () => {
  const steps = [{ expect: 'never' }];
  test.each<[string, () => Promise<RawServer>, Record<string, unknown>]>([
    ['is silent', () => upgradingServer(() => {}), { reason: 'timeout' }],
    ['sends what are no frames', () => upgradingServer((socket) => socket.write('no frames')), { reason: 'protocol_error' }],
    [
      'announces a message that is too long',
      () => upgradingServer((socket) => socket.write(Buffer.from([0x81, 127, 0, 0, 0, 0, 0x7f, 0, 0, 0]))),
      { reason: 'body_too_large' },
    ],
    [
      'floods',
      () => upgradingServer((socket) => void setInterval(() => socket.writable && socket.write(textFrame('{}')), 1).unref()),
      { reason: 'timeout', message: expect.stringMatching(/[1-9]\d* skipped$/) },
    ],
  ])('%s', async (_, start, expected) => {
    const result = await tried(start(), { steps, timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'message', owner: 'application', ...expected });
    expect(result.durationMs).toBeLessThan(500);
  });

  test('answers the ping with something else has not answered it', async () => {
    const result = await tried(
      upgradingServer((socket) => socket.write(frame(10, 'something'))),
      { ping: true, timeout: '300ms' },
    );
    expect(result).toMatchObject({ reason: 'timeout', phase: 'message', message: expect.stringMatching(/^no pong within \d+ ms$/) });
    expect(result.observed).not.toHaveProperty(['websocket.pingMs']);
  });
});
