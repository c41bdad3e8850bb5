/** What Cloud Monitoring holds, as Prometheus reads it. */
import { createPages, startExposition } from '../../local/stack/exposition';
import type { StoredPoint, StoredSeries } from '../../local/emulators/monitoring/types';

const place = { project_id: 'p', location: 'us-central1', namespace: 'staging', job: 'redis', task_id: 'cache' };

function seriesOf(points: readonly StoredPoint[], labels: Readonly<Record<string, string>> = {}): StoredSeries {
  return {
    project: 'p',
    metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels: { kind: 'redis', target: 'cache', ...labels } },
    resource: { type: 'generic_task', labels: place },
    kind: 'GAUGE',
    valueType: 'INT64',
    points,
  };
}

const at = (endMs: number, value: StoredPoint['value'] = 1): StoredPoint => ({ startMs: endMs, endMs, value });
const name =
  'custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task",project_id="p",location="us-central1",namespace="staging",job="redis",task_id="cache",kind="redis",target="cache"}';

test('a series has the name and the labels that it has in the PromQL of Cloud Monitoring, a point its own time', () => {
  expect(createPages(() => [seriesOf([at(1000.4), at(61_000, 0)])])().text).toBe(`${name} 1 1000\n${name} 0 61000\n`);
});

test("where metric and resource have a label of the same name, the metric's says so", () => {
  expect(createPages(() => [seriesOf([at(1)], { job: 'other' })])().text).toContain(
    'job="redis",task_id="cache",kind="redis",target="cache",metric_job="other"}',
  );
});

test('what is no number is left out, and true is 1', () => {
  const { text } = createPages(() => [seriesOf([at(1, 'text'), at(2, { count: 1 }), at(3, true)])])();
  expect(text).toBe(`${name} 1 3\n`);
});

test('a point is told until two answers that hold it have gone out whole', () => {
  const points = [at(1000)];
  const page = createPages(() => [seriesOf([...points])]);
  const lost = page();
  expect(lost.text).toContain(' 1000\n');
  const first = page();
  expect(first.text).toContain(' 1000\n');
  first.delivered();
  points.push(at(2000));
  const second = page();
  expect(second.text).toBe(`${name} 1 1000\n${name} 1 2000\n`);
  second.delivered();
  const third = page();
  expect(third.text).toBe(`${name} 1 2000\n`);
  third.delivered();
  expect(page().text).toBe('');
});

test('what was forgotten and written anew is told anew', () => {
  let points = [at(1000), at(2000)];
  const page = createPages(() => [seriesOf(points)]);
  for (const answer of [page(), page()]) answer.delivered();
  expect(page().text).toBe('');
  points = [at(3000)];
  expect(page().text).toBe(`${name} 1 3000\n`);
});

test('an answer that goes out counts as one', async () => {
  const exposition = await startExposition(() => [seriesOf([at(1000)])]);
  try {
    const read = async (): Promise<string> => (await fetch(`http://${exposition.address}/metrics`)).text();
    expect(await read()).toContain(' 1000\n');
    for (let left = 50; left > 0 && (await read()) !== ''; left -= 1) await new Promise((fulfil) => setTimeout(fulfil, 20));
    expect(await read()).toBe('');
  } finally {
    await exposition.stop();
  }
});
