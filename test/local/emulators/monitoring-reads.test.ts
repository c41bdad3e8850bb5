/** Metric descriptors and lists of the Monitoring emulator, through the real client. */
import { status } from '@grpc/grpc-js';
import type { MetricServiceClient, protos } from '@google-cloud/monitoring';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { errorOf, metricClient } from './google-clients';
import { now, prefix, series, task, time } from './series';
import type { Series } from './series';

const name = 'projects/p';
const type = `${prefix}/probe/latency`;
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

type Descriptor = protos.google.api.IMetricDescriptor;
const write = (...timeSeries: Series[]): Promise<unknown> => client.createTimeSeries({ name, timeSeries });
const label = (key: string, valueType: 'STRING' | 'INT64' = 'STRING'): protos.google.api.ILabelDescriptor => ({
  key,
  valueType,
  description: key,
});
const create = (wish: Descriptor): Promise<Descriptor> =>
  client
    .createMetricDescriptor({ name, metricDescriptor: { type, metricKind: 'GAUGE', valueType: 'DOUBLE', ...wish } })
    .then(([made]) => made);
const descriptor = (): Promise<Descriptor> =>
  client.getMetricDescriptor({ name: `${name}/metricDescriptors/${type}` }).then(([found]) => found);

describe('a metric descriptor', () => {
  test('is made by the first write', async () => {
    await write(series({ value: { int64Value: 1 }, labels: { kind: 'http', target: 't' } }));
    expect(await descriptor()).toMatchObject({
      type,
      metricKind: 'GAUGE',
      valueType: 'INT64',
      labels: [{ key: 'kind', valueType: 'STRING' }, { key: 'target' }],
    });
  });

  test('is made, then changed, and never loses a label', async () => {
    await create({ unit: 'ms', labels: [label('kind'), label('target')], displayName: 'Latency' });
    await create({ unit: 'ms', labels: [label('target'), label('phase')], displayName: 'Probe latency', description: 'How long.' });
    const found = await descriptor();
    expect(found).toMatchObject({ displayName: 'Probe latency', description: 'How long.', unit: 'ms' });
    expect(found.labels?.map(({ key }) => key)).toEqual(['kind', 'target', 'phase']);
  });

  test('is given the labels of later writes', async () => {
    await create({ labels: [label('kind')] });
    await write(series({ labels: { event: 'e' } }));
    expect((await descriptor()).labels?.map(({ key }) => key)).toEqual(['kind', 'event']);
  });

  test('rules over what is written', async () => {
    await create({ valueType: 'BOOL' });
    expect((await errorOf(write(series()))).details).toContain(`Value type for metric ${type} must be BOOL, but is DOUBLE`);
  });

  test('of another kind or type needs deletion first, which takes the data along', async () => {
    await write(series());
    expect((await errorOf(create({ valueType: 'INT64' }))).code).toBe(status.ALREADY_EXISTS);
    expect((await errorOf(create({ metricKind: 'CUMULATIVE' }))).code).toBe(status.ALREADY_EXISTS);
    await client.deleteMetricDescriptor({ name: `${name}/metricDescriptors/${type}` });
    expect(emulator.series()).toEqual([]);
    expect((await errorOf(descriptor())).code).toBe(status.NOT_FOUND);
    await create({ valueType: 'INT64' });
  });

  test('may be a STRING if it is made by hand', async () => {
    await create({ valueType: 'STRING' });
    await write(series({ value: { stringValue: 'up' } }));
    expect(emulator.series()[0]?.points[0]?.value).toBe('up');
  });

  const faults: [string, Descriptor, string][] = [
    [
      'a label that is no STRING',
      { labels: [label('a', 'INT64')] },
      "Metric labels for this user-defined metric are required to be of type 'STRING'",
    ],
    ['a bad label key', { labels: [label('a-b')] }, 'Label key contains invalid characters.'],
    [
      '31 labels',
      { labels: Array.from({ length: 31 }, (_, index) => label(`l${index}`)) },
      `The new labels would cause the metric ${type} to have over 30 labels.`,
    ],
    ['a DELTA', { metricKind: 'DELTA' }, 'Metric kind'],
    ['a cumulative BOOL', { metricKind: 'CUMULATIVE', valueType: 'BOOL' }, 'Metric kind'],
    ['a cumulative STRING', { metricKind: 'CUMULATIVE', valueType: 'STRING' }, 'Metric kind'],
    ['no value type', { valueType: 'VALUE_TYPE_UNSPECIFIED' }, 'valueType'],
    ['a type without a path', { type: 'custom.googleapis.com' }, 'The metric type must be a URL-formatted string'],
    ['an unknown unit', { unit: 'seconds' }, 'unit'],
  ];
  test.each(faults)('with %s is INVALID_ARGUMENT', async (_, wish, text) => {
    const error = await errorOf(create(wish));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain(text);
  });

  test.each([
    '',
    'ms',
    's',
    'd',
    '1',
    '{check}',
    '10^2.%',
    'By{sent}',
    'kBy/{email}',
    'MiBy/10ms',
    'GBy.d',
    'k{watt}.h',
    '1/s',
    '1000/d',
    '%',
  ])('may have the unit "%s"', async (unit) => {
    expect((await create({ unit })).unit).toBe(unit);
  });

  test.each(['sec', 'ms ', '{two words}', '/s', 'x', 'percent', 'm', '10^'])('may not have the unit "%s"', async (unit) => {
    expect((await errorOf(create({ unit }))).code).toBe(status.INVALID_ARGUMENT);
  });

  test('is listed by the beginning of its type', async () => {
    await create({});
    await create({ type: `${prefix}/probe/success` });
    await create({ type: 'custom.googleapis.com/other' });
    const listed = async (filter: string): Promise<unknown[]> =>
      (await client.listMetricDescriptors({ name, filter }))[0].map((each) => each.type);
    expect(await listed(`metric.type = starts_with("${prefix}/")`)).toEqual([type, `${prefix}/probe/success`]);
    expect(await listed('')).toHaveLength(3);
    expect(await listed(`metric.type = "${type}"`)).toEqual([type]);
    expect((await client.listMetricDescriptors({ name: 'projects/q' }))[0]).toEqual([]);
  });
});

const targets = (found: Series[]): unknown[] => found.map(({ resource }) => resource?.labels?.['task_id']);

const wide = { startTime: time(-3600), endTime: time(60) };
const ofType = `metric.type = "${type}"`;
const page = async (pageToken: string): Promise<[Series[], string]> => {
  const request = { name, filter: ofType, interval: wide, view: 'FULL', pageSize: 1, pageToken } as const;
  const [found, , response] = await client.listTimeSeries(request, { autoPaginate: false });
  return [found, response?.nextPageToken ?? ''];
};

const list = async (filter: string, more: object = {}): Promise<Series[]> =>
  (await client.listTimeSeries({ name, filter, interval: wide, view: 'FULL', ...more }))[0];

describe('a list of time series', () => {
  beforeEach(async () => {
    await create({ unit: 'ms' });
    await write(series({ end: -60 }), series({ end: -60, resource: task('front"end'), labels: { kind: 'tcp', phase: 'dns' } }));
    await write(series(), series({ type: `${prefix}/probe/success`, value: { int64Value: 1 } }));
  });

  test('holds points newest first, with kind, type and unit', async () => {
    const [found] = await list(`${ofType} AND resource.labels.task_id = "backend"`);
    expect(found).toMatchObject({
      metric: { type, labels: { kind: 'http' } },
      resource: task('backend'),
      metricKind: 'GAUGE',
      valueType: 'DOUBLE',
      unit: 'ms',
    });
    expect(found?.points?.map(({ interval, value }) => [Number(interval?.endTime?.seconds) - now, value?.doubleValue])).toEqual([
      [0, 12.5],
      [-60, 12.5],
    ]);
  });

  test.each([
    [ofType, ['backend', 'front"end']],
    [`${ofType} AND metric.labels.kind = "tcp"`, ['front"end']],
    [`${ofType} metric.label.kind = "tcp"`, ['front"end']],
    [`${ofType} AND metric.labels.kind != "tcp"`, ['backend']],
    [`${ofType} AND resource.labels.task_id = starts_with("back")`, ['backend']],
    [`${ofType} AND resource.labels.task_id = "front\\"end"`, ['front"end']],
    [`${ofType} AND metric.labels.phase = one_of("dns", "tls")`, ['front"end']],
    [`resource.type = "generic_task" AND ${ofType} AND resource.labels.namespace = ends_with("ing")`, ['backend', 'front"end']],
    [`${ofType} AND resource.type = "global"`, []],
    [`metric.type = "${prefix}/none"`, []],
  ])('of %s', async (filter, expected) => {
    expect(targets(await list(filter))).toEqual(expected);
  });

  test('leaves out points at the start of its interval, and series without points in it', async () => {
    expect(targets(await list(ofType, { interval: { startTime: time(-60), endTime: time(0) } }))).toEqual(['backend']);
    expect(targets(await list(ofType, { interval: { startTime: time(-61), endTime: time(-60) } }))).toEqual(['backend', 'front"end']);
  });

  test('holds no points in the view HEADERS', async () => {
    expect((await list(ofType, { view: 'HEADERS' })).map(({ points }) => points)).toEqual([[], []]);
  });

  test('comes in pages of points, so that a series may go on on the next', async () => {
    const [first, token] = await page('');
    const [second, more] = await page(token);
    const [third, end] = await page(more);
    expect([first, second, third].map(targets)).toEqual([['backend'], ['backend'], ['front"end']]);
    expect([first, second, third].map(([only]) => only?.points?.length)).toEqual([1, 1, 1]);
    expect(end).toBe('');
    expect((await errorOf(page('nonsense'))).code).toBe(status.INVALID_ARGUMENT);
  });

  test.each([
    ['no filter', '', {}],
    ['no metric type', 'resource.type = "generic_task"', {}],
    ['several metric types', `metric.type = starts_with("${prefix}")`, {}],
    ['an unknown field', `${ofType} AND task = "x"`, {}],
    ['OR', `${ofType} OR ${ofType}`, {}],
    ['an unquoted value', `metric.type = latency`, {}],
    ['no interval', ofType, { interval: null }],
    ['no start', ofType, { interval: { endTime: time(0) } }],
    ['an empty interval', ofType, { interval: { startTime: time(0), endTime: time(0) } }],
  ])('with %s is INVALID_ARGUMENT', async (_, filter, more) => {
    expect((await errorOf(list(filter, more))).code).toBe(status.INVALID_ARGUMENT);
  });

  test('with an aggregation is UNIMPLEMENTED', async () => {
    expect((await errorOf(list(ofType, { aggregation: { alignmentPeriod: { seconds: 60 } } }))).code).toBe(status.UNIMPLEMENTED);
  });
});
