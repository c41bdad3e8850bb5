/** The websocket kind after the upgrade: closes, asked for or not, and servers that fall out of the protocol. */
import type { WebSocket } from 'ws';
import { conversed, probedRaw } from '../support/conversing';
import type { RawServer } from '../support/raw-server';
import { closeFrame, frame, textFrame, upgradingServer } from '../support/upgrading-server';

describe('a close', () => {
  const step = { expect: 'never' };
  const unasked = { outcome: 'failure', phase: 'message', domain: 'service', owner: 'application' };

  test.each([[1000], [1001], [1011], [4001]])('with %i that nobody asked for is unexpected', async (code) => {
    const { result } = await conversed((socket) => socket.close(code, 'so long'), { steps: [step] });
    expect(result).toMatchObject({ ...unasked, reason: 'unexpected_close', code: String(code) });
    expect(result.message).toBe(`steps[0]: the server closed the connection with ${code}: so long`);
    expect(result.findings).toMatchObject([{ subject: 'steps[0]', outcome: 'failure', reason: 'unexpected_close' }]);
  });

  test('with 1008 in the middle of a script fails the step that waits, and says what was reached', async () => {
    const ending = (socket: WebSocket): void => {
      socket.send(JSON.stringify({ n: 1 }));
      socket.once('message', () => socket.close(1008, 'policy'));
    };
    const steps = [{ expect: 'n == `1`', name: 'first' }, { send: 'go on' }, { expect: 'n == `2`', name: 'second' }];
    const { result } = await conversed(ending, { steps });
    expect(result).toMatchObject({ ...unasked, reason: 'unexpected_close', code: '1008' });
    expect(result.findings).toMatchObject([{ outcome: 'success' }, { outcome: 'success' }, { subject: 'second', outcome: 'failure' }]);
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
        await probedRaw(
          upgradingServer((socket) => socket.end()),
          target,
        ),
      ).toMatchObject(lost);
      expect(
        await probedRaw(
          upgradingServer((_, below) => below.resetAndDestroy()),
          target,
        ),
      ).toMatchObject(lost);
      const late = upgradingServer((_, below) => setTimeout(() => below.resetAndDestroy(), 50));
      expect(await probedRaw(late, { steps: [step] })).toMatchObject(lost);
    }
  });

  test('is told at once by a server that leaves the connection open afterwards', async () => {
    const result = await probedRaw(
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
    const never = await conversed(() => {}, { steps: [{ expectClose: 1000, within: '400ms' }] });
    expect(never.result).toMatchObject({
      ...unasked,
      reason: 'timeout',
      message: expect.stringContaining('steps[0]: the server did not close'),
    });
  });

  test('of ours needs no answer', async () => {
    const result = await probedRaw(
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
    const result = await probedRaw(start(), { steps, timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'failure', phase: 'message', owner: 'application', ...expected });
    expect(result.durationMs).toBeLessThan(500);
  });

  test('answers the ping with something else has not answered it', async () => {
    const result = await probedRaw(
      upgradingServer((socket) => socket.write(frame(10, 'something'))),
      { ping: true, timeout: '300ms' },
    );
    expect(result).toMatchObject({ reason: 'timeout', phase: 'message', message: expect.stringMatching(/^no pong within \d+ ms$/) });
    expect(result.observed).not.toHaveProperty(['websocket.pingMs']);
  });
});
