import { watchLeaks } from '../../support/leaks';
import { line } from '../../support/line-kind';
import { probeAll, probeOne } from '../../support/probing';
import { echoServer, serveRaw, silentServer, type RawServer } from '../../support/raw-server';

let echo: RawServer;
let silent: RawServer;
beforeAll(async () => {
  echo = await echoServer();
  silent = await silentServer();
});
afterAll(async () => {
  await echo.close();
  await silent.close();
});

const at = ({ host, port }: RawServer): { host: string; port: number } => ({ host, port });

describe('an attempt', () => {
  test('ends with its timeout when the probe is deaf, and leaves nothing open', async () => {
    const leaks = await watchLeaks();
    const result = await probeOne(line, { ...at(echo), behave: 'hang', timeout: '300ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'exchange', owner: 'application' });
    expect(result.durationMs).toBeGreaterThanOrEqual(299);
    expect(result.durationMs).toBeLessThan(400);
    await leaks.assertNothingLeft();
  });

  test.each([
    ['throws outside of its phases', 'throw', 'thrown outside of a phase'],
    ['throws a text', 'throw-text', 'a text'],
    ['hangs outside of its phases', 'hang-outside', 'the probe did nothing within 300 ms'],
  ])('is unknown and internal when the probe %s', async (_, behave, message) => {
    const result = await probeOne(line, { ...at(echo), behave, timeout: '300ms' });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'internal', owner: 'monitor', domain: 'monitor', message });
  });

  test("whose time ran out while our own loop was blocked is not the target's fault", async () => {
    const result = await probeOne(line, { ...at(silent), behave: 'block', timeout: '400ms' });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'prober_exhausted', phase: 'exchange', owner: 'monitor' });
  });

  test('that connected but did not ask leaves no connection behind', async () => {
    const leaks = await watchLeaks();
    expect(await probeOne(line, { ...at(echo), behave: 'nothing' })).toMatchObject({ outcome: 'success' });
    await leaks.assertNothingLeft();
  });
});

describe('conditions', () => {
  test('unmet in expect fail, with the last phase', async () => {
    expect(await probeOne(line, { ...at(echo), expect: { answer: 'else' } })).toMatchObject({
      outcome: 'failure',
      reason: 'assertion_failed',
      phase: 'exchange',
      message: 'line.answer is "hello", expected "else"',
    });
  });

  test('unmet in warn degrade', async () => {
    const result = await probeOne(line, { ...at(echo), warn: { answer: 'else', maxLatency: '500ms' } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'assertion_failed', firstOutcome: 'degraded', attempts: 1 });
    expect(result.warnings).toEqual([
      {
        subject: 'answer',
        outcome: 'degraded',
        reason: 'assertion_failed',
        message: 'line.answer is "hello", expected "else"',
        durationMs: null,
      },
    ]);
  });

  test('on the latency are judged', async () => {
    const slow = await serveRaw((socket) => socket.on('data', (data) => setTimeout(() => socket.write(data), 60)));
    try {
      expect(await probeOne(line, { ...at(slow), expect: { maxLatency: '50ms' } })).toMatchObject({
        outcome: 'failure',
        reason: 'too_slow',
      });
      expect(await probeOne(line, { ...at(slow), warn: { maxLatency: '900ms' } })).toMatchObject({ outcome: 'success' });
    } finally {
      await slow.close();
    }
  });
});

/** Answers the first `failing` connections with a close. */
const failingFirst = (failing: number): Promise<RawServer> => {
  let seen = 0;
  return serveRaw((socket) => {
    seen += 1;
    if (seen <= failing) socket.end();
    else socket.pipe(socket);
  });
};

describe('confirmation', () => {
  const confirm = { attempts: 3, interval: '10ms' };

  test('turns a failure that passes when tried again into degraded, and says why', async () => {
    const server = await failingFirst(1);
    const result = await probeOne(line, { ...at(server), confirm });
    await server.close();
    expect(result).toMatchObject({
      outcome: 'degraded',
      firstOutcome: 'failure',
      attempts: 2,
      reason: 'connection_reset',
      owner: 'infrastructure',
    });
    expect(result.warnings).toMatchObject([{ subject: 'attempt 1', reason: 'connection_reset' }]);
  });

  test('keeps a failure that stays, after all its attempts', async () => {
    const server = await failingFirst(9);
    const result = await probeOne(line, { ...at(server), confirm });
    await server.close();
    expect(result).toMatchObject({ outcome: 'failure', attempts: 3, firstOutcome: 'failure' });
    expect(server.accepted()).toBe(3);
  });

  test('does not try again what could not be told', async () => {
    expect(await probeOne(line, { ...at(echo), behave: 'throw', confirm })).toMatchObject({ outcome: 'unknown', attempts: 1 });
  });
});

describe('a run', () => {
  test('keeps its targets apart: a healthy one stays so in the company of failing ones', async () => {
    const targets = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `t${index}`,
        { ...at(index === 17 ? echo : silent), timeout: '500ms', confirm: { attempts: 1 } },
      ]),
    );
    const results = await probeAll(line, targets, { config: { concurrency: 40 } });
    expect(results.map(({ target }) => target).toSorted()).toEqual(Object.keys(targets).toSorted());
    expect(results.filter(({ outcome }) => outcome === 'success').map(({ target }) => target)).toEqual(['t17']);
    expect(new Set(results.filter(({ outcome }) => outcome !== 'success').map(({ reason }) => reason))).toEqual(new Set(['timeout']));
  });

  test('probes no more targets at once than it may', async () => {
    let now = 0;
    let most = 0;
    const server = await serveRaw((socket) => {
      now += 1;
      most = Math.max(most, now);
      socket.on('data', (data) => setTimeout(() => socket.write(data), 20));
      socket.once('close', () => (now -= 1));
    });
    const targets = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`t${index}`, at(server)]));
    const results = await probeAll(line, targets, { config: { concurrency: 3 } });
    await server.close();
    expect(results.every(({ outcome }) => outcome === 'success')).toBe(true);
    expect(most).toBeLessThanOrEqual(4);
    expect(server.accepted()).toBe(12);
  });
});
