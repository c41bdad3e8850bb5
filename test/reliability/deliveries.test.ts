/** The Scheduler delivers at least once: the same job twice at once, twice in a row, or late. No point is lost or doubled, and none lies. */
import { randomInt } from 'node:crypto';
import { serveLine, type Answer, type ServedLine } from '../support/served-line';
import { takeWallClock, type WallClock } from './wall-clock';

const scheduled: RequestInit = { method: 'POST', headers: { 'x-cloudscheduler': 'true' }, body: '{"targets":["good","bad","strange"]}' };
/** The interval below which Cloud Monitoring refuses a further point of a series. */
const samplingMs = 5000;

let served: ServedLine;
let clock: WallClock;
beforeAll(async () => {
  served = await serveLine();
  clock = takeWallClock();
});
afterAll(async () => {
  clock.restore();
  await served.close();
});
beforeEach(() => {
  served.logged.length = 0;
  served.monitoring.clear();
  clock.step(3_600_000);
});

const deliver = (): Promise<Answer> => served.ask('', scheduled);
const printed = (): number => served.logged.filter(({ event }) => event === 'point_unwritten').length;

/** Looks at what is held after so many deliveries: every point is accounted for, and each says what every run said. */
function judge(answers: readonly Answer[]): { readonly held: number; readonly written: number } {
  const points = answers.map(({ body }) => body.telemetry);
  const [each = 0] = points.map(({ written, superseded, unwritten }) => written + superseded + unwritten);
  expect(points.map(({ written, superseded, unwritten }) => written + superseded + unwritten)).toEqual(answers.map(() => each));
  const series = served.monitoring.series();
  const held = series.reduce((sum, { points: stored }) => sum + stored.length, 0);
  const written = points.reduce((sum, { written: count }) => sum + count, 0);
  expect(held).toBe(written);
  expect(printed()).toBe(points.reduce((sum, { unwritten }) => sum + unwritten, 0));
  // One series for each point of a run: none is lost, whichever delivery it came from.
  expect(series).toHaveLength(each);
  for (const { points: stored } of series)
    for (const [index, { endMs }] of stored.entries())
      expect(endMs - (stored[index - 1]?.endMs ?? -Infinity)).toBeGreaterThanOrEqual(samplingMs);
  const success = series.filter(({ metric }) => metric.type.endsWith('probe/success'));
  const told = success.map(
    ({ resource, points: stored }) => `${resource.labels['task_id']} ${[...new Set(stored.map(({ value }) => Number(value)))].join()}`,
  );
  // What could not be told is neither up nor down.
  expect(told.toSorted()).toEqual(['bad 0', 'good 1']);
  for (const { body } of answers)
    expect(body.results.map(({ target, outcome }) => `${target} ${outcome}`).toSorted()).toEqual([
      'bad failure',
      'good success',
      'strange unknown',
    ]);
  return { held, written };
}

test('the same job twice at once, and five times at once', async () => {
  for (const times of [2, 5]) {
    served.monitoring.clear();
    served.logged.length = 0;
    const answers = await Promise.all(Array.from({ length: times }, deliver));
    judge(answers);
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(times);
  }
});

test('the same job again in quick succession', async () => {
  const answers = [await deliver(), await deliver(), await deliver()];
  const { written } = judge(answers);
  const [first] = answers;
  // The first had nothing before it; what came too soon after is told as superseded, and is no failure of the monitor's.
  expect(first?.body.telemetry.superseded).toBe(0);
  expect(written).toBe(first?.body.telemetry.written);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500]));
});

test('jobs that come late, together with the next one, and out of their minute', async () => {
  const answers = [await deliver()];
  for (const gapMs of [58_000, 61_000 + randomInt(1000), 179_000]) {
    clock.step(gapMs);
    answers.push(...(await Promise.all([deliver(), deliver()])));
  }
  const { held } = judge(answers);
  const [first] = answers;
  // Each minute has one point a series, and no minute the point of another.
  expect(held).toBe(4 * (first?.body.telemetry.written ?? 0));
});

test('a job that comes twice while Cloud Monitoring fails once', async () => {
  served.monitoring.fault({ code: 14, times: 1 });
  served.monitoring.fault({ code: 8, times: 1 });
  const { written } = judge(await Promise.all([deliver(), deliver()]));
  expect(written).toBeGreaterThan(0);
});
