/** The switches that make the gRPC emulators fail. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { MetricServiceClient } from '@google-cloud/monitoring';
import { startMonitoringEmulator } from '../../../local/emulators/monitoring';
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { errorOf, metricClient } from './google-clients';
import { now, series } from './series';

const name = 'projects/p';
let emulator: MonitoringEmulator;
let client: MetricServiceClient;

beforeEach(async () => {
  emulator = await startMonitoringEmulator({ clock: () => now * 1000 });
  client = metricClient(emulator.address);
});
afterEach(async () => {
  await client.close();
  await emulator.close();
});

const write = (end = 0, timeout = 10_000): Promise<unknown> =>
  client.createTimeSeries({ name, timeSeries: [series({ end })] }, { timeout });

test.each([status.UNAVAILABLE, status.PERMISSION_DENIED, status.RESOURCE_EXHAUSTED, status.INTERNAL])(
  'code %i is answered as long as it is on',
  async (code) => {
    const heal = emulator.fault({ code, message: 'as told' });
    for (let call = 0; call < 2; call += 1) {
      expect(await errorOf(write())).toMatchObject({ code, details: 'as told' });
    }
    heal();
    await write();
    expect(emulator.requests()).toEqual(Array.from({ length: 3 }, () => ({ atMs: now * 1000, series: 1 })));
  },
);

test('a code is answered the next two times', async () => {
  emulator.fault({ code: status.UNAVAILABLE, times: 2 });
  expect((await errorOf(write())).code).toBe(status.UNAVAILABLE);
  expect((await errorOf(write())).code).toBe(status.UNAVAILABLE);
  await write();
});

test('a delay comes before the answer', async () => {
  emulator.fault({ delayMs: 300 });
  const start = performance.now();
  await write();
  expect(performance.now() - start).toBeGreaterThan(290);
});

test('a caller that gives up during a delay leaves nothing behind', async () => {
  emulator.fault({ delayMs: 400 });
  expect((await errorOf(write(0, 100))).code).toBe(status.DEADLINE_EXCEEDED);
  await client.listMetricDescriptors({ name });
  expect(emulator.series()).toEqual([]);
});

test('a black hole never answers', async () => {
  emulator.fault({ blackHole: true });
  expect((await errorOf(write(0, 300))).code).toBe(status.DEADLINE_EXCEEDED);
  expect(emulator.series()).toEqual([]);
  emulator.heal();
  await write();
});

test('an answer can be lost after the write', async () => {
  emulator.fault({ code: status.UNAVAILABLE, afterwards: true, times: 1 });
  expect((await errorOf(write())).code).toBe(status.UNAVAILABLE);
  expect(emulator.series()).toHaveLength(1);
  expect((await errorOf(write())).details).toContain('Points must be written in order.');
});

test('a fault can be kept to methods and resources', async () => {
  emulator.fault({ code: status.UNAVAILABLE, methods: ['CreateTimeSeries'], resource: 'projects/p' });
  await client.listMetricDescriptors({ name });
  await client.createTimeSeries({ name: 'projects/q', timeSeries: [series()] });
  expect((await errorOf(write())).code).toBe(status.UNAVAILABLE);
  expect(emulator.calls()).toEqual({ CreateTimeSeries: 2, ListMetricDescriptors: 1 });
});

test('a method that the emulator does not have is UNIMPLEMENTED', async () => {
  expect((await errorOf(client.createServiceTimeSeries({ name, timeSeries: [series()] }))).code).toBe(status.UNIMPLEMENTED);
});

test('closing ends calls that wait, and connections', async () => {
  emulator.fault({ blackHole: true });
  const waiting = errorOf(write());
  await client.listMetricDescriptors({ name }, { timeout: 100, retry: { retryCodes: [] } }).catch(() => undefined);
  await emulator.close();
  expect((await waiting).code).not.toBe(status.OK);
});

test('a plain process that starts and closes all of them ends by itself', () => {
  const script = `
    const { startMonitoringEmulator } = require('./monitoring.js');
    const { startSecretManagerEmulator } = require('./secret-manager.js');
    const { startPlatformStandIn } = require('./platform.js');
    (async () => {
      const all = await Promise.all([startMonitoringEmulator(), startSecretManagerEmulator(), startPlatformStandIn()]);
      await Promise.all(all.map((each) => each.close()));
      process.stdout.write('closed');
    })();`;
  const cwd = join(__dirname, '../../../local/emulators');
  const run = spawnSync(process.execPath, ['-e', script], { cwd, timeout: 20_000, encoding: 'utf8' });
  expect([run.status, run.stdout, run.stderr]).toEqual([0, 'closed', '']);
});
