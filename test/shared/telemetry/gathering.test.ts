/** How the points of a run are gathered into requests, counted, and printed where they are lost. */
import { watchLeaks } from '../../support/leaks';
import type { LogEntry } from '../../../shared/telemetry/log';
import { printedPoint, type Point } from '../../../shared/telemetry/points';
import { createPointWriter, noPoints, seriesPerRequest, type Sent } from '../../../shared/telemetry/writer';

const point = (target: string, metric: Point['metric'] = 'probe/success', value = 1): Point => ({
  metric,
  labels: { kind: 'redis', target, severity: 'critical' },
  task: { location: 'l', namespace: 'n', job: 'redis', task_id: target },
  value,
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
});
const points = (count: number): Point[] => Array.from({ length: count }, (_, index) => point(`t${index}`));

/** A client that answers as it is told, and remembers what it was given. */
function clientThat(answer: (given: readonly Point[]) => Partial<Sent>): {
  requests: Point[][];
  send: (p: readonly Point[]) => Promise<Sent>;
} {
  const requests: Point[][] = [];
  const send = async (given: readonly Point[]): Promise<Sent> => {
    requests.push([...given]);
    return { written: 0, superseded: 0, unwritten: [], ...answer(given) };
  };
  return { requests, send };
}

test('a request holds 200 points, is sent as soon as it is full, and the rest at the end', async () => {
  const { requests, send } = clientThat((given) => ({ written: given.length }));
  const writer = createPointWriter(send, () => {}, 'p');
  writer.add(points(199));
  expect(requests).toHaveLength(0);
  writer.add([point('a'), point('b')]);
  expect(requests.map(({ length }) => length)).toEqual([200]);
  expect(requests[0]?.at(-1)?.labels.target).toBe('a');
  expect(await writer.finish()).toEqual({ written: 201, superseded: 0, unwritten: 0 });
  expect(requests.map((each) => each.map(({ labels }) => labels.target).slice(-1))).toEqual([['a'], ['b']]);
  expect(seriesPerRequest).toBe(200);
});

test('a run that has finished leaves no timer behind', async () => {
  const leaks = await watchLeaks({ settleMs: 500 });
  const { requests, send } = clientThat((given) => ({ written: given.length }));
  const writer = createPointWriter(send, () => {}, 'p');
  writer.add(points(1));
  await writer.finish();
  writer.add(points(200));
  await writer.finish();
  await leaks.assertNothingLeft();
  expect(requests.map(({ length }) => length)).toEqual([1, 200]);
});

test('nothing gathered is no request', async () => {
  const { requests, send } = clientThat(() => ({}));
  const writer = createPointWriter(send, () => {}, 'p');
  writer.add([]);
  expect(await writer.finish()).toEqual({ written: 0, superseded: 0, unwritten: 0 });
  const full = createPointWriter(send, () => {}, 'p');
  full.add(points(200));
  await full.finish();
  expect(requests.map(({ length }) => length)).toEqual([200]);
});

test('what each request says adds up; each lost point is printed whole, and why', async () => {
  const { send } = clientThat((given) =>
    given.length === 200 ? { written: 150, superseded: 48, unwritten: given.slice(0, 2), problem: 'denied' } : { unwritten: given },
  );
  const logged: LogEntry[] = [];
  const writer = createPointWriter(send, (entry) => logged.push(entry), 'my-project');
  const all = points(201);
  writer.add(all);
  expect(await writer.finish()).toEqual({ written: 150, superseded: 48, unwritten: 3 });
  const expected = (lost: Point | undefined, why: string): unknown => ({
    severity: 'WARNING',
    event: 'point_unwritten',
    message: `a point was not written: ${why}`,
    point: lost && printedPoint(lost, 'my-project'),
  });
  expect(logged).toEqual([expected(all[0], 'denied'), expected(all[1], 'denied'), expected(all[200], 'for no known reason')]);
});

test('points wait less than 5 s for others; those that come later make a request of their own', async () => {
  const { requests, send } = clientThat((given) => ({ written: given.length }));
  const writer = createPointWriter(send, () => {}, 'p');
  writer.add([point('a')]);
  await new Promise((resolve) => setTimeout(resolve, 3500));
  writer.add([point('b')]);
  expect(requests).toHaveLength(0);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(requests.map(({ length }) => length)).toEqual([2]);
  writer.add([point('c')]);
  expect(await writer.finish()).toEqual({ written: 3, superseded: 0, unwritten: 0 });
  expect(requests.map(({ length }) => length)).toEqual([2, 1]);
});

test('a printed point is the series that would have been written, with the time as people read it', () => {
  expect(printedPoint(point('a', 'probe/latency', 1.5), 'my-project')).toEqual({
    metric: { type: 'custom.googleapis.com/synthetic/probe/latency', labels: { kind: 'redis', target: 'a', severity: 'critical' } },
    resource: {
      type: 'generic_task',
      labels: { project_id: 'my-project', location: 'l', namespace: 'n', job: 'redis', task_id: 'a' },
    },
    metricKind: 'GAUGE',
    valueType: 'DOUBLE',
    points: [{ interval: { endTime: '2026-01-02T03:04:05.678Z' }, value: { doubleValue: 1.5 } }],
  });
});

test('a run that writes none counts none', async () => {
  noPoints.add(points(1));
  expect(await noPoints.finish()).toEqual({ written: 0, superseded: 0, unwritten: 0 });
});
