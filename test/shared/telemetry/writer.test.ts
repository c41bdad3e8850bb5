import { startMonitoringEmulator, type MonitoringEmulator } from '../../../local/emulators/monitoring';
import { freePort } from '../../../local/services/free-port';
import { createMonitoring } from '../../../shared/cloud/monitoring';
import type { TelemetryCounts } from '../../../shared/result';
import type { LogEntry } from '../../../shared/telemetry/log';
import type { Point } from '../../../shared/telemetry/points';
import { createPointWriter } from '../../../shared/telemetry/writer';

let emulator: MonitoringEmulator;
let monitoring: ReturnType<typeof createMonitoring>;
beforeAll(async () => {
  emulator = await startMonitoringEmulator();
  monitoring = createMonitoring('test-project', emulator.address);
});
afterAll(async () => {
  await monitoring.close();
  await emulator.close();
});
afterEach(() => {
  emulator.heal();
  emulator.clear();
});

/** Points of as many targets, stamped now or so many milliseconds earlier. */
function points(count: number, agoMs = 0, first = 0): Point[] {
  const at = Date.now() - agoMs;
  return Array.from({ length: count }, (_, index) => {
    const target = `t${first + index}`;
    const task = { location: 'europe-west1', namespace: 'test', job: 'redis', task_id: target };
    return { metric: 'probe/success', labels: { kind: 'redis', target, severity: 'critical' }, task, value: 1, at };
  });
}

interface Told {
  readonly counts: TelemetryCounts;
  /** The targets of the points that were printed. */
  readonly printed: readonly string[];
}

async function write(batches: readonly Point[][], send = monitoring.send): Promise<Told> {
  const logged: LogEntry[] = [];
  const writer = createPointWriter(send, (entry) => logged.push(entry), 'test-project');
  for (const batch of batches) writer.add(batch);
  const counts = await writer.finish();
  const printed = logged.map(({ event, point }) => {
    expect(event).toBe('point_unwritten');
    return (point as { resource: { labels: { task_id: string } } }).resource.labels.task_id;
  });
  expect(printed).toHaveLength(counts.unwritten);
  return { counts, printed };
}

describe('points', () => {
  test('go out in as few requests as the limit of 200 series needs', async () => {
    const { counts } = await write([points(150), points(150, 0, 150), points(101, 0, 300)]);
    expect(counts).toEqual({ written: 401, superseded: 0, unwritten: 0 });
    // They are under way at once, so that any may come first.
    expect(
      emulator
        .requests()
        .map(({ series }) => series)
        .toSorted((a, b) => b - a),
    ).toEqual([200, 200, 1]);
    expect(emulator.series()).toHaveLength(401);
  });

  test('that come too soon after others of their series are superseded, not lost', async () => {
    await write([points(5)]);
    const { counts, printed } = await write([[...points(5), ...points(3, 0, 5)]]);
    expect(counts).toEqual({ written: 3, superseded: 5, unwritten: 0 });
    expect(printed).toEqual([]);
  });

  test('that come out of order are superseded', async () => {
    await write([points(2)]);
    expect((await write([points(2, 60_000)])).counts).toEqual({ written: 0, superseded: 2, unwritten: 0 });
  });

  test('without any are no request', async () => {
    expect((await write([])).counts).toEqual({ written: 0, superseded: 0, unwritten: 0 });
    expect(emulator.requests()).toHaveLength(0);
  });
});

describe('a request that fails in part', () => {
  const refuse = (series: { metric: { labels: Readonly<Record<string, string>> } }): boolean =>
    ['t1', 't3'].includes(series.metric.labels['target'] ?? '');

  test('loses only the series that the server names', async () => {
    emulator.fault({ refuse, code: 3, message: 'refused', indices: 'plain' });
    const { counts, printed } = await write([points(5)]);
    expect(counts).toEqual({ written: 3, superseded: 0, unwritten: 2 });
    expect(printed).toEqual(['t1', 't3']);
  });

  test('prints every point of the request where the server does not say which series failed', async () => {
    emulator.fault({ refuse, code: 3, message: 'refused', indices: 'none' });
    const { counts, printed } = await write([points(5)]);
    expect(counts).toEqual({ written: 0, superseded: 0, unwritten: 5 });
    expect(printed).toEqual(['t0', 't1', 't2', 't3', 't4']);
  });

  test('is not tried again', async () => {
    emulator.fault({ refuse, code: 13, message: 'refused', indices: 'none' });
    await write([points(5)]);
    expect(emulator.requests()).toHaveLength(1);
  });
});

describe('Cloud Monitoring', () => {
  test.each([
    ['unavailable', 14],
    ['internal error', 13],
    ['exhausted', 8],
    ['aborted', 10],
  ])('that answers %s for a moment gets the points all the same', async (_, code) => {
    emulator.fault({ code, message: 'for a moment', times: 2 });
    expect((await write([points(3)])).counts).toEqual({ written: 3, superseded: 0, unwritten: 0 });
    expect(emulator.requests()).toHaveLength(3);
  });

  test('that refuses is not asked again', async () => {
    emulator.fault({ code: 7, message: 'denied' });
    expect((await write([points(3)])).counts).toEqual({ written: 0, superseded: 0, unwritten: 3 });
    expect(emulator.requests()).toHaveLength(1);
  });

  test('that never answers costs less than ten seconds', async () => {
    emulator.fault({ blackHole: true });
    const begun = performance.now();
    expect((await write([points(3)])).counts).toEqual({ written: 0, superseded: 0, unwritten: 3 });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('that is not there loses nothing either', async () => {
    const nowhere = createMonitoring('test-project', `127.0.0.1:${await freePort()}`);
    const { counts, printed } = await write([points(201)], nowhere.send);
    await nowhere.close();
    expect(counts).toEqual({ written: 0, superseded: 0, unwritten: 201 });
    expect(new Set(printed).size).toBe(201);
  });
});

describe('a long run', () => {
  test('does not hold points back for more than 5 s', async () => {
    const writer = createPointWriter(monitoring.send, () => {}, 'test-project');
    const first = points(1);
    writer.add(first);
    await new Promise((resolve) => setTimeout(resolve, 5500));
    const [request] = emulator.requests();
    expect((request?.atMs ?? Infinity) - (first[0]?.at ?? 0)).toBeLessThan(5500);
    writer.add(points(1, 0, 1));
    expect(await writer.finish()).toEqual({ written: 2, superseded: 0, unwritten: 0 });
    expect(emulator.requests()).toHaveLength(2);
  });
});
