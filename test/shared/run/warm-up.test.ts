import { createWarmUp } from '../../../shared/run/warm-up';
import { blackHole } from '../../../local/services/black-hole';
import { watchLeaks } from '../../support/leaks';
import { line } from '../../support/line-kind';
import { probeOne } from '../../support/probing';
import { echoServer, refusingPort } from '../../support/raw-server';

const took = async (work: Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
};

describe('a new instance', () => {
  test('waits until its network answers, once', async () => {
    const [hole, api] = await Promise.all([blackHole(), echoServer()]);
    const leaks = await watchLeaks();
    const warmUp = createWarmUp(20_000, { host: api.host, port: api.port });
    await warmUp.api();
    const waiting = took(warmUp.network([hole]));
    setTimeout(() => hole.open(), 1200);
    expect(await waiting).toBeGreaterThanOrEqual(1100);
    await hole.close();
    expect(await took(warmUp.network([hole]))).toBeLessThan(500);
    await leaks.assertNothingLeft();
    await api.close();
  });

  test('takes a refusal for an answer', async () => {
    const port = await refusingPort();
    expect(await took(createWarmUp(20_000, port).network([port]))).toBeLessThan(5000);
    await port.close();
  });

  test('waits no longer than it may, for both together', async () => {
    const hole = await blackHole();
    const warmUp = createWarmUp(1500, hole);
    const first = await took(warmUp.api());
    const second = await took(warmUp.network([hole]));
    expect(first).toBeGreaterThanOrEqual(1400);
    expect(first).toBeLessThan(2500);
    expect(second).toBeLessThan(500);
    await hole.close();
  });
});

test('a connection attempt that nobody answers costs the timeout', async () => {
  const hole = await blackHole();
  const result = await probeOne(line, { host: hole.host, port: hole.port, timeout: '400ms' });
  await hole.close();
  expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_timeout', phase: 'connect', owner: 'infrastructure' });
  expect(result.durationMs).toBeLessThan(500);
  expect(result.hint).toContain('error -3');
});
