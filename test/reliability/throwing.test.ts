/** Whatever a probe throws, and wherever: its target alone bears it, and the run answers. */
import { echoServer, type RawServer } from '../support/raw-server';
import { watchLeaks } from '../support/leaks';
import type { Members } from './company';
import { throwables } from './hostile-throwables';
import { configFor, runMixed } from './mixed-run';
import { places, waits } from './wild-kind';

let echo: RawServer;
beforeAll(async () => {
  echo = await echoServer();
});
afterAll(() => echo.close());

/** A target that works beside others that don't. */
const beside = (others: Members): Members => ({
  well: { kind: 'line', isWell: true, spec: { host: '127.0.0.1', port: echo.port } },
  ...others,
});
const ownFault = { outcome: 'unknown', reason: 'internal', owner: 'monitor' };

test.each(Object.entries(throwables))('%s can be thrown', (_, make) => {
  // One that could not be made would be an ordinary error in its place.
  expect(make).not.toThrow();
});

test.each(Object.keys(throwables))('%s is borne wherever it is thrown', async (thrown) => {
  const others = Object.fromEntries(
    places.map((at) => [
      at,
      {
        kind: 'wild',
        isWell: false,
        spec: { port: echo.port, throws: thrown, at, ...(at === 'judge' ? { expect: { throws: thrown } } : {}) },
      },
    ]),
  );
  const leaks = await watchLeaks();
  const { report, points, logged } = await runMixed(configFor(beside(others), { timeout: '5s', confirm: { attempts: 1 } }));
  await leaks.assertNothingLeft();
  const by = new Map(report.results.map((result) => [result.target, result]));
  expect([...by.keys()].toSorted()).toEqual(['well', ...places].toSorted());
  expect(by.get('well')).toMatchObject({ outcome: 'success', attempts: 1 });
  for (const at of places) {
    const result = by.get(at);
    // What a fault says counts wherever it was thrown; anything else is the target's inside of a phase, and ours outside.
    const isInside = ['phase-at-once', 'phase-later', 'within', 'part', 'aside'].includes(at);
    const expected =
      thrown === 'frozen-fault'
        ? { outcome: 'failure', reason: 'timeout' }
        : isInside
          ? { outcome: 'failure', reason: 'protocol_error' }
          : ownFault;
    expect({ at, ...result }).toMatchObject({ at, ...expected });
    expect(typeof result?.message).toBe('string');
  }
  expect(points.filter(({ metric }) => metric === 'probe/success').filter(({ value }) => value === 1)).toHaveLength(1);
  expect(JSON.parse(JSON.stringify({ report, logged }))).toMatchObject({ report: { verdict: expect.any(String) } });
});

test('what never settles ends with its time, wherever it waits', async () => {
  const others = Object.fromEntries(waits.map((wait) => [wait, { kind: 'wild', isWell: false, spec: { port: echo.port, waits: wait } }]));
  const leaks = await watchLeaks();
  const { report, points, tookMs } = await runMixed(configFor(beside(others), { timeout: '1s', confirm: { attempts: 1 } }));
  const told = JSON.stringify(report);
  expect(tookMs).toBeLessThan(3000);
  for (const { target, outcome, reason, durationMs } of report.results) {
    // On a busy machine a deadline may rightly be told as ours.
    const isRight = target === 'well' ? outcome === 'success' : outcome === 'failure' || reason === 'prober_exhausted';
    expect([target, outcome, reason, isRight]).toEqual([target, outcome, reason, true]);
    expect(durationMs).toBeLessThan(1500);
  }
  expect(points.filter(({ metric, value }) => metric === 'probe/success' && value === 1)).toHaveLength(1);
  await leaks.assertNothingLeft();
  // What a deaf probe says after its time changes nothing of what was told.
  expect(JSON.stringify(report)).toBe(told);
});
