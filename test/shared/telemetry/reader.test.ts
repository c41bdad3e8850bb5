import { createMonitoring } from '../../../shared/cloud/monitoring';
import type { SeriesQuery } from '../../../shared/telemetry/reader';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import { someTargets, startTelling, times, type Telling } from '../../support/telling';

let telling: Telling;
beforeAll(async () => {
  telling = await startTelling(someTargets);
});
afterAll(() => telling.close());
beforeEach(() => {
  telling.monitoring.heal();
  telling.clear();
  telling.pass(times.hour);
});

const query = (more: Partial<SeriesQuery> = {}): SeriesQuery => ({
  metric: 'probe/success',
  environment: 'test',
  fromMs: telling.now() - times.hour,
  toMs: telling.now(),
  ...more,
});
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

test('points come as they were written, whole numbers as others', async () => {
  await telling.run({ db: 'success', cache: 'failure timeout' }, { durationMs: 12.345 });
  const at = telling.now();
  const success = await telling.client.read(query(), signal());
  expect(success.map(({ labels, points }) => [labels.target, labels.kind, points])).toEqual([
    ['db', 'postgres', [{ at, value: 1 }]],
    ['cache', 'redis', [{ at, value: 0 }]],
  ]);
  const latency = await telling.client.read(query({ metric: 'probe/latency', where: { target: ['db'] } }), signal());
  expect(latency.map(({ points }) => points)).toEqual([[{ at, value: 12.345 }]]);
});

test('only what lies in the time and in the environment is given', async () => {
  await telling.run({ db: 'success' });
  telling.pass(times.minute);
  await telling.run({ db: 'failure timeout' });
  const values = async (more: Partial<SeriesQuery>): Promise<number[]> =>
    (await telling.client.read(query(more), signal())).flatMap(({ points }) => points.map(({ value }) => value));
  expect(await values({})).toEqual([0, 1]);
  expect(await values({ fromMs: telling.now() - times.minute })).toEqual([0]);
  expect(await values({ toMs: telling.now() - 1 })).toEqual([1]);
  expect(await values({ environment: 'another' })).toEqual([]);
});

test('all pages are read, also where a series goes on on the next', async () => {
  const small = await startMonitoringEmulator({ clock: telling.now, limits: { pointsOnPage: 3 } });
  const client = createMonitoring('test-project', small.address);
  try {
    const task = { location: 'l', namespace: 'test', job: 'http' };
    for (let minute = 0; minute < 4; minute += 1) {
      await client.send(
        ['a', 'b'].map((target) => ({
          metric: 'probe/success' as const,
          labels: { kind: 'http', target, severity: 'critical' },
          task: { ...task, task_id: target },
          value: 1,
          at: telling.now() - minute * -1000 * 60 - 5 * times.minute,
        })),
      );
    }
    const series = await client.read(query(), signal());
    expect(small.calls()['ListTimeSeries']).toBe(3);
    const points = ['a', 'b'].map((target) => series.filter(({ labels }) => labels.target === target).flatMap((each) => each.points));
    expect(points.map((each) => new Set(each.map(({ at }) => at)).size)).toEqual([4, 4]);
  } finally {
    await client.close();
    await small.close();
  }
});

test('a metric that nobody has written yet has no series', async () => {
  telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 5, message: 'Cannot find metric(s) that match type = "…".' });
  expect(await telling.client.read(query(), signal())).toEqual([]);
});

test.each([
  [7, 'api_denied'],
  [16, 'api_denied'],
  [3, 'api_unavailable'],
])('code %d is told as %s', async (code, reason) => {
  telling.monitoring.fault({ methods: ['ListTimeSeries'], code, message: 'no' });
  await expect(telling.client.read(query(), signal())).rejects.toMatchObject({
    name: 'Fault',
    reason,
    message: expect.stringContaining('Cloud Monitoring'),
  });
});

test('what is unavailable for a moment is asked again', async () => {
  await telling.run({ db: 'success' });
  telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 14, message: 'later', times: 2 });
  expect(await telling.client.read(query(), signal())).toHaveLength(1);
});

test('who gives up waits no longer', async () => {
  telling.monitoring.fault({ methods: ['ListTimeSeries'], blackHole: true });
  const begun = performance.now();
  await expect(telling.client.read(query(), AbortSignal.timeout(300))).rejects.toMatchObject({ reason: 'api_unavailable' });
  expect(performance.now() - begun).toBeLessThan(3000);
});
