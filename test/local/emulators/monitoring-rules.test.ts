/** Each rule of CreateTimeSeries, told by the emulator to the real client. */
import { status } from '@grpc/grpc-js';
import type { MetricServiceClient } from '@google-cloud/monitoring';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { errorOf, metricClient } from './google-clients';
import { now, point, prefix, series, task } from './series';
import type { Series, SeriesWish } from './series';

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

const cumulative = (start: number, end: number): Promise<unknown> => write(series({ kind: 'CUMULATIVE', start, end }));

const without = (label: string): Series['resource'] => ({
  type: 'generic_task',
  labels: Object.fromEntries(Object.entries(task('x').labels ?? {}).filter(([key]) => key !== label)),
});
const manyLabels = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, '']));
const explicit = (count: number, bucketCounts: number[], bounds: number[], mean = 1): SeriesWish => ({
  value: { distributionValue: { count, mean, bucketCounts, bucketOptions: { explicitBuckets: { bounds } } } },
});

describe('a refused series', () => {
  const tooOften = 'One or more points were written more frequently than the maximum sampling period configured for the metric.';
  const rules: [string, SeriesWish, string][] = [
    ['without a point', { points: [] }, 'Only one point can be written per TimeSeries per request.'],
    [
      'with two points',
      { points: [point(-20, { doubleValue: 1 }), point(0, { doubleValue: 1 })] },
      'Only one point can be written per TimeSeries per request.',
    ],
    ['older than 25 hours', { end: -25 * 3600 - 1 }, 'Data points cannot be written more than approximately 24 hours in the past'],
    ['more than 5 minutes ahead', { end: 301 }, 'timeSeries[0].points[0].interval.end_time'],
    ['without an end time', { points: [{ value: { doubleValue: 1 } }] }, 'timeSeries[0].points[0].interval.end_time'],
    ['a gauge with a start before its end', { start: -1 }, 'The start time must be equal to the end time'],
    ['cumulative without a start', { kind: 'CUMULATIVE' }, 'The start time must be before the end time'],
    ['cumulative with a start at its end', { kind: 'CUMULATIVE', start: 0 }, 'The start time must be before the end time'],
    ['a cumulative BOOL', { kind: 'CUMULATIVE', start: -1, value: { boolValue: true } }, 'must be GAUGE, but is CUMULATIVE'],
    ['a DELTA', { kind: 'DELTA', start: -1 }, 'Metric kind for metric'],
    [
      'with another value type than its point',
      { valueType: 'INT64' },
      `Value type for metric ${prefix}/probe/latency must be INT64, but is DOUBLE`,
    ],
    ['a STRING whose descriptor would be automatic', { value: { stringValue: 'up' } }, 'Value type for metric'],
    ['without a value', { points: [point(0, {})] }, 'timeSeries[0].points[0].value'],
    [
      'a metric type without a path',
      { type: 'custom.googleapis.com/' },
      'The metric type must be a URL-formatted string with a domain and non-empty path.',
    ],
    [
      'a metric type without a domain',
      { type: 'latency' },
      'The metric type must be a URL-formatted string with a domain and non-empty path.',
    ],
    ['a label key with a hyphen', { labels: { 'a-b': '' } }, 'Label key contains invalid characters.'],
    ['a label key with a leading digit', { labels: { '1a': '' } }, 'Label key contains invalid characters.'],
    ['a label key of 101 characters', { labels: { ['a'.repeat(101)]: '' } }, 'longer than 100 characters'],
    ['a label value of 1025 characters', { labels: { a: 'x'.repeat(1025) } }, 'longer than 1024 characters'],
    ['31 labels', { labels: manyLabels(31) }, `The new labels would cause the metric ${prefix}/probe/latency to have over 30 labels.`],
    ['on cloud_run_revision', { resource: { type: 'cloud_run_revision', labels: {} } }, 'Metrics cannot be written to cloud_run_revision.'],
    ['on no resource', { resource: {} }, 'Metrics cannot be written to'],
    ['without task_id', { resource: without('task_id') }, 'The set of resource labels is incomplete. Missing labels: (task_id)'],
    [
      'without location and the rest',
      { resource: { type: 'generic_task', labels: {} } },
      'Missing labels: (location namespace job task_id)',
    ],
    [
      'with a label that its resource does not have',
      { resource: { type: 'global', labels: { zone: '' } } },
      'Unrecognized resource labels: (zone)',
    ],
    ['a distribution whose buckets miss its count', explicit(3, [1, 1], [5]), 'points[0].distributionValue'],
    ['a distribution with too many buckets', explicit(3, [1, 1, 1], [5]), 'points[0].distributionValue'],
    ['a distribution with falling bounds', explicit(2, [1, 1], [5, 4]), 'points[0].distributionValue'],
    ['a distribution with equal bounds', explicit(2, [1, 1], [5, 5]), 'points[0].distributionValue'],
    ['a distribution with a bound that is no number', explicit(2, [1, 1], [Number.NaN]), 'points[0].distributionValue'],
    ['a distribution with a mean that is no number', explicit(2, [1, 1], [5], Number.NaN), 'points[0].distributionValue'],
    [
      'a distribution without buckets for its counts',
      { value: { distributionValue: { count: 1, mean: 1, bucketCounts: [1] } } },
      'points[0].distributionValue',
    ],
  ];

  test.each(rules)('%s is INVALID_ARGUMENT', async (_, wish, text) => {
    const error = await errorOf(write(series(wish)));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain(text);
    expect(emulator.series()).toEqual([]);
    expect(emulator.descriptors()).toEqual([]);
  });

  test.each(['compute.googleapis.com/instance/uptime', 'example.com/probe'])('of %s is PERMISSION_DENIED', async (type) => {
    expect((await errorOf(write(series({ type })))).code).toBe(status.PERMISSION_DENIED);
  });

  test.each([
    ['at the same time as the last', 0, 'Points must be written in order.'],
    ['before the last', -1, 'Points must be written in order.'],
    ['a millisecond after the last', 0.001, tooOften],
    ['4.999 seconds after the last', 4.999, tooOften],
  ])('%s is INVALID_ARGUMENT', async (_, end, text) => {
    await write(series());
    const error = await errorOf(write(series({ end })));
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.details).toContain(text);
    expect(emulator.series()[0]?.points).toHaveLength(1);
  });

  test.each([
    ['kind', { kind: 'CUMULATIVE', start: -1 }, 'must be GAUGE, but is CUMULATIVE'],
    ['value type', { value: { int64Value: 1 } }, 'must be DOUBLE, but is INT64'],
  ] as const)('of another %s than its descriptor is INVALID_ARGUMENT', async (_, wish, text) => {
    await write(series());
    expect((await errorOf(write(series({ ...wish, resource: task('other') })))).details).toContain(text);
  });

  test('of a metric that has 30 labels already must not bring another', async () => {
    await write(series({ labels: manyLabels(30) }));
    const error = await errorOf(write(series({ labels: { another: '' } })));
    expect(error.details).toContain('to have over 30 labels.');
  });

  test('after a reset that overlaps the last interval is out of order', async () => {
    await cumulative(-100, -50);
    await cumulative(-100, -40);
    expect((await errorOf(cumulative(-40, -30))).details).toContain('Points must be written in order.');
    expect((await errorOf(cumulative(-101, -30))).details).toContain('Points must be written in order.');
    await cumulative(-39.999, -30);
    expect(emulator.series()[0]?.points).toHaveLength(3);
  });
});

describe('an accepted series', () => {
  const accepted: [string, SeriesWish][] = [
    ['a gauge with its start at its end', { start: 0 }],
    ['just younger than 25 hours', { end: -25 * 3600 + 1 }],
    ['5 minutes ahead', { end: 300 }],
    ['cumulative', { kind: 'CUMULATIVE', start: -60 }],
    ['a BOOL', { value: { boolValue: false } }],
    ['an INT64', { value: { int64Value: 1 } }],
    ['a DISTRIBUTION', explicit(3, [1, 2], [5])],
    [
      'a DISTRIBUTION of linear buckets',
      {
        value: {
          distributionValue: {
            count: 1,
            mean: 1,
            bucketCounts: [0, 1],
            bucketOptions: { linearBuckets: { numFiniteBuckets: 2, width: 1 } },
          },
        },
      },
    ],
    ['external', { type: 'external.googleapis.com/x' }],
    ['workload', { type: 'workload.googleapis.com/x' }],
    ['30 labels', { labels: manyLabels(30) }],
    ['a label value of 1024 characters', { labels: { ['a'.repeat(100)]: 'x'.repeat(1024) } }],
    ['an empty resource label', { resource: { type: 'generic_task', labels: { location: '', namespace: '', job: '', task_id: '' } } }],
    ['on global', { resource: { type: 'global', labels: {} } }],
    ['on generic_node', { resource: { type: 'generic_node', labels: { location: '', namespace: '', node_id: '' } } }],
    ['on k8s_cluster', { resource: { type: 'k8s_cluster', labels: { location: '', cluster_name: '' } } }],
  ];

  test.each(accepted)('%s', async (_, wish) => {
    await write(series(wish));
    expect(emulator.series()).toHaveLength(1);
  });

  test('is stored with its metric, resource and point', async () => {
    await write(series());
    expect(emulator.series()).toEqual([
      {
        project: 'p',
        metric: { type: `${prefix}/probe/latency`, labels: { kind: 'http' } },
        resource: task('backend'),
        kind: 'GAUGE',
        valueType: 'DOUBLE',
        points: [{ startMs: now * 1000, endMs: now * 1000, value: 12.5 }],
      },
    ]);
  });

  test('takes a further point 5 seconds later', async () => {
    await write(series());
    await write(series({ end: 5 }));
    expect(emulator.series()[0]?.points.map(({ endMs }) => endMs)).toEqual([now * 1000, (now + 5) * 1000]);
  });

  test('is the same series with and without the project of its resource', async () => {
    await write(series());
    const { project_id: _, ...labels } = task('backend').labels ?? {};
    const error = await errorOf(write(series({ resource: { type: 'generic_task', labels } })));
    expect(error.details).toContain('Points must be written in order.');
  });
});
