import { setTimeout as delay } from 'node:timers/promises';
import type { DiagnoseReport } from '../../functions/diagnose/report';
import { kinds } from '../../functions/kinds';
import { ask, callFunction } from '../../local/stack/call';
import { type Stack, startStack } from '../../local/stack/stack';

jest.setTimeout(120_000);
jest.retryTimes(0);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ kinds, say: () => undefined });
});
afterAll(() => stack.stop());

const scheduled = { 'X-CloudScheduler': 'true' };
/** Cloud Monitoring takes no two points of a series within 5 s. */
const samplingMs = 5500;

/** What a minute brings: a run of every kind, then the diagnosis. */
async function tick(): Promise<DiagnoseReport> {
  await Promise.all(kinds.map(({ name }) => callFunction(stack.url(name), { body: {}, headers: scheduled, deadlineMs: 60_000 })));
  const { status, document } = await ask(stack.url('diagnose'), { body: {}, headers: scheduled, deadlineMs: 60_000 });
  expect(status).toBe(200);
  await delay(samplingMs);
  return document as DiagnoseReport;
}

/** Points of a metric, newest last, by a label. */
function points(metric: string, label: string): Record<string, number> {
  const series = stack.services.monitoring.series().filter((each) => each.metric.type === `custom.googleapis.com/synthetic/${metric}`);
  return Object.fromEntries(series.map((each) => [each.metric.labels[label] ?? '', each.points.length]));
}

test('nothing is blocked, and no cause active, while all is well', async () => {
  const report = await tick();
  expect([report.causes, report.blocked]).toEqual([[], []]);
  expect(report.trigger).toBe('schedule');
});

test('a broken VPC connector is the one active cause within two ticks, and everything inside is blocked by it', async () => {
  await stack.faults.set('vpc-connector-down', true);
  const first = await tick();
  expect(first.causes).toMatchObject([{ cause: 'vpc-connector', owner: 'infrastructure', active: false }]);
  expect(points('cause/active', 'cause')).toEqual({});
  const second = await tick();
  expect(second.causes).toMatchObject([
    { cause: 'vpc-connector', active: true, targets: ['vpc-connector'], blocks: ['cache', 'clickhouse', 'orders-db'] },
  ]);
  expect(points('cause/active', 'cause')).toEqual({ 'vpc-connector': 1 });
  expect(points('probe/blocked', 'target')).toEqual({ 'vpc-connector': 2, 'orders-db': 2, cache: 2, clickhouse: 2 });

  const health = await fetch(`${stack.url('status')}/health/infrastructure`);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ status: 'unhealthy', vpc_connectivity: { overall: false, degraded_count: 4 } });
});

test('what the logs hold of a chat that closes is its echo: one cause', async () => {
  await stack.faults.set('vpc-connector-down', false);
  for (const name of ['websocket-1011', 'log-1011']) await stack.faults.set(name, true);
  const report = await tick();
  for (const name of ['websocket-1011', 'log-1011']) await stack.faults.set(name, false);
  expect(report.causes).toMatchObject([
    { cause: 'target/chat', owner: 'application', blocks: expect.arrayContaining(['no-1011']) as unknown },
  ]);
});

test('once it is mended nothing is written of it any more', async () => {
  await stack.faults.set('vpc-connector-down', false);
  const report = await tick();
  expect([report.causes, report.blocked]).toEqual([[], []]);
  expect(points('cause/active', 'cause')).toEqual({ 'vpc-connector': 1 });
});
