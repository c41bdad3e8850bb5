/** How CreateTimeSeries refuses whole requests and parts of them. */
import { status } from '@grpc/grpc-js';
import type { MetricServiceClient } from '@google-cloud/monitoring';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { errorOf, metricClient, summaryOf } from './google-clients';
import { now, point, prefix, series, task, time } from './series';
import type { Series } from './series';

const name = 'projects/p';
let emulator: MonitoringEmulator;
let client: MetricServiceClient;

beforeAll(async () => {
  emulator = await startMonitoringEmulator({ clock: () => now * 1000 });
  client = metricClient(emulator.address);
});
beforeEach(() => emulator.clear());
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const write = (...timeSeries: Series[]): Promise<unknown> => client.createTimeSeries({ name, timeSeries });
const seriesOf = (type: string): number => emulator.series().filter(({ metric }) => metric.type === type).length;

const duplicate = (index: number): string =>
  `Field timeSeries[${index}] had an invalid value: Duplicate TimeSeries encountered. Only one point can be written per TimeSeries per request.`;

describe('a refused request', () => {
  test('without series', async () => {
    const error = await errorOf(write());
    expect([error.code, error.details]).toEqual([status.INVALID_ARGUMENT, 'Request was missing field timeSeries.']);
  });

  test('with 201 series writes none of them', async () => {
    const many = Array.from({ length: 201 }, (_, index) => series({ resource: task(`t${index}`) }));
    const error = await errorOf(write(...many));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain('A maximum of 200 TimeSeries can be written in a single request.');
    expect(error.metadata.get('grpc-status-details-bin')).toEqual([]);
    await write(...many.slice(1));
    expect(emulator.series()).toHaveLength(200);
    expect(emulator.requests().map((request) => request.series)).toEqual([201, 200]);
  });

  test('with a name that is no project', async () => {
    expect((await errorOf(client.createTimeSeries({ name: 'folders/1', timeSeries: [series()] }))).code).toBe(status.INVALID_ARGUMENT);
  });
});

describe('a request of which a part is refused', () => {
  const later = `${prefix}/later`;

  test('writes the rest and says what failed', async () => {
    const foreign = series({ resource: { type: 'cloud_run_revision' } });
    const error = await errorOf(write(foreign, series({ type: later }), series(), series({ type: later }), foreign));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toMatch(/^One or more TimeSeries could not be written: /);
    expect(error.details).toContain('Metrics cannot be written to cloud_run_revision.: timeSeries[0]');
    expect(error.details).toContain(`${duplicate(3)}: timeSeries[3]`);
    expect(seriesOf(later)).toBe(1);
    expect(emulator.series()).toHaveLength(2);
    expect(summaryOf(error).toJSON()).toEqual({
      totalPointCount: 5,
      successPointCount: 2,
      errors: [
        { status: { code: 3, message: 'Metrics cannot be written to cloud_run_revision.' }, pointCount: 1 },
        { status: { code: 3, message: duplicate(3) }, pointCount: 1 },
        { status: { code: 3, message: duplicate(4) }, pointCount: 1 },
      ],
    });
  });

  test('counts points, not series', async () => {
    const error = await errorOf(
      write(
        series({ type: later, points: [] }),
        series({ points: [point(-20, { doubleValue: 1 }), point(0, { doubleValue: 1 })] }),
        series({ resource: task('b') }),
      ),
    );
    expect(summaryOf(error)).toMatchObject({ totalPointCount: 3, successPointCount: 1 });
  });

  test('is INTERNAL where a series failed internally', async () => {
    const heal = emulator.fault({ refuse: ({ metric }) => metric.type === later });
    const error = await errorOf(write(series({ type: later }), series(), series({ resource: {} })));
    heal();
    expect(error.code).toBe(status.INTERNAL);
    expect(summaryOf(error).errors.map((each) => each.status?.code)).toEqual([status.INTERNAL, status.INVALID_ARGUMENT]);
    expect(emulator.series()).toHaveLength(1);
    await write(series({ type: later }));
  });

  test('names its series by numbers and ranges, with descriptions, or not at all', async () => {
    const many = Array.from({ length: 8 }, (_, index) => series({ resource: task(`t${index}`), end: 10 }));
    const heal = emulator.fault({ refuse: ({ resource }) => !['t1', 't7'].includes(resource.labels['task_id'] ?? ''), message: 'No.' });
    expect((await errorOf(write(...many))).details).toBe('One or more TimeSeries could not be written: No.: timeSeries[0,2-6]');
    const hide = emulator.fault({ indices: 'none' });
    expect((await errorOf(write(...many.slice(2)))).details).toContain(
      'One or more TimeSeries could not be written: No.; Points must be written in order.',
    );
    hide();
    emulator.fault({ indices: 'described', times: 1 });
    expect((await errorOf(write(...many.slice(0, 1)))).details).toContain(
      'task_id:t0} timeSeries[0]: custom.googleapis.com/synthetic/probe/latency{kind:http}',
    );
    heal();
  });
});

describe('limits', () => {
  test('of series on a resource and of descriptors are RESOURCE_EXHAUSTED', async () => {
    const small = await startMonitoringEmulator({ clock: () => now * 1000, limits: { seriesPerResource: 2, descriptors: 3 } });
    const writer = metricClient(small.address);
    const put = (...timeSeries: Series[]): Promise<unknown> => writer.createTimeSeries({ name, timeSeries });
    await put(series({ type: `${prefix}/a` }), series({ type: `${prefix}/b` }));
    expect((await errorOf(put(series({ type: `${prefix}/c` })))).code).toBe(status.RESOURCE_EXHAUSTED);
    await put(series({ type: `${prefix}/c`, resource: task('other') }));
    expect((await errorOf(put(series({ type: `${prefix}/d`, resource: task('other') })))).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(
      (
        await errorOf(
          writer.createMetricDescriptor({ name, metricDescriptor: { type: `${prefix}/d`, metricKind: 'GAUGE', valueType: 'BOOL' } }),
        )
      ).code,
    ).toBe(status.RESOURCE_EXHAUSTED);
    await writer.close();
    await small.close();
  });

  test('times are exact to the nanosecond', async () => {
    await write(series());
    const end = { ...time(5), nanos: 0 };
    const early = { seconds: end.seconds - 1, nanos: 999_999_999 };
    const at = (endTime: typeof end): Series => series({ points: [{ interval: { endTime }, value: { doubleValue: 1 } }] });
    expect((await errorOf(write(at(early)))).details).toContain('more frequently');
    await write(at(end));
  });
});
