import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { startRedis, type RedisServer } from '../../local/services/redis';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startFunction, type FunctionProcess } from '../../local/stack/function-process';
import type { RunReport } from '../../shared/result';

const password = 'pa%55/wörd "quoted"';

let monitoring: MonitoringEmulator;
let secrets: SecretManagerEmulator;
let redis: RedisServer;
let folder: string;
let started: FunctionProcess | undefined;
const lines: string[] = [];

beforeAll(async () => {
  [monitoring, secrets, redis, folder] = await Promise.all([
    startMonitoringEmulator(),
    startSecretManagerEmulator(),
    startRedis({ password }),
    temporaryFolder('vpc-synthetics-e2e-'),
  ]);
  secrets.put('redis-password', { value: password });
  const target = { host: redis.host, port: redis.port, password: { secret: 'redis-password' }, confirm: { attempts: 1 } };
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ environment: 'test', project: 'file-project', region: 'us-central1', redis: { cache: target } }),
  );
  started = await startFunction({
    kind: 'redis',
    source: resolve(__dirname, '../../../dist/functions/redis'),
    environment: {
      PATH: process.env['PATH'] ?? '',
      SYNTHETICS_CONFIG: join(folder, 'config.json'),
      GOOGLE_CLOUD_PROJECT: 'test-project',
      MONITORING_EMULATOR_HOST: monitoring.address,
      SECRET_MANAGER_EMULATOR_HOST: secrets.address,
      NODE_OPTIONS: `--require ${resolve(__dirname, '../support/record-loads.js')}`,
      RECORD_LOADS: join(folder, 'loads'),
    },
    logFile: join(folder, 'log'),
    onLine: (line) => lines.push(line),
    onChange: (sentence) => lines.push(sentence),
  });
});
afterAll(async () => {
  await started?.stop();
  await redis.stop();
  await secrets.close();
  await monitoring.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => {
  monitoring.heal();
  secrets.heal();
  lines.length = 0;
});

const url = (): string => started?.url() ?? '';

async function run(): Promise<{ status: number; report: RunReport; tookMs: number }> {
  const begun = performance.now();
  const response = await fetch(url());
  return { status: response.status, report: (await response.json()) as RunReport, tookMs: performance.now() - begun };
}

const unwritten = (): number => lines.filter((line) => line.includes('"event":"point_unwritten"')).length;

interface Load {
  readonly at: number;
  readonly module: string;
}
const loads = (): readonly Load[] =>
  readFileSync(join(folder, 'loads'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ at: Number(line.split(' ')[0]), module: line.slice(line.indexOf(' ') + 1) }));

test('a request that is refused loads no client; the first run loads what it needs before it probes', async () => {
  expect((await fetch(`${url()}?target=none`)).status).toBe(400);
  const before = loads();
  expect(before.map(({ module }) => module)).not.toContain('http2');
  const { status, report } = await run();
  expect([status, report.verdict, report.coldStart]).toEqual([200, 'healthy', true]);
  const during = loads().slice(before.length);
  expect(during.map(({ module }) => module)).toContain('http2');
  expect(during.length).toBeLessThan(40);
  expect(during.filter(({ at }) => at > Date.parse(report.results[0]?.startedAt ?? ''))).toEqual([]);
  expect(report.results[0]?.observed).toMatchObject({ 'secret.versions': { 'redis-password': '1' }, 'redis.role': 'master' });
});

test('its points are those of the catalogue, in the project that the environment names', () => {
  const found = monitoring
    .series()
    .map(({ project, metric }) => `${project} ${metric.type.replace('custom.googleapis.com/synthetic/', '')}`);
  expect([...new Set(found)].toSorted()).toEqual(
    [
      'probe/first_success',
      'probe/latency',
      'probe/phase_latency',
      'probe/success',
      'prober/event_loop_delay',
      'prober/healthy',
      'prober/run_duration',
      'redis/memory_utilization',
    ].map((metric) => `test-project ${metric}`),
  );
});

describe('Secret Manager', () => {
  test.each([
    ['refuses', { code: 7, message: 'denied' }, 'api_denied'],
    ['is unavailable', { code: 14, message: 'down' }, 'api_unavailable'],
    ['is over quota', { code: 8, message: 'quota' }, 'api_unavailable'],
    ['never answers', { blackHole: true }, 'api_unavailable'],
  ])('that %s makes the target unknown, never down', async (_, fault, reason) => {
    secrets.fault(fault);
    const { status, report, tookMs } = await run();
    expect(status).toBe(500);
    expect(report).toMatchObject({ verdict: 'unknown', results: [{ outcome: 'unknown', reason, owner: 'monitor', phases: {} }] });
    expect(tookMs).toBeLessThan(12_000);
  });

  test('without the secret makes the target unknown', async () => {
    secrets.remove('redis-password');
    const { report } = await run();
    secrets.put('redis-password', { value: password });
    expect(report.results).toMatchObject([{ outcome: 'unknown', reason: 'secret_unavailable', domain: 'monitor' }]);
  });
});

describe('Cloud Monitoring', () => {
  test.each([
    ['refuses', { code: 7, message: 'denied' }],
    ['is unavailable', { code: 14, message: 'down' }],
    ['never answers', { blackHole: true }],
  ])('that %s does not keep the answer, and every point is printed', async (_, fault) => {
    monitoring.fault(fault);
    const { status, report, tookMs } = await run();
    expect(status).toBe(500);
    expect(report.verdict).toBe('healthy');
    expect(report.telemetry).toMatchObject({ written: 0, superseded: 0 });
    expect(report.telemetry.unwritten).toBeGreaterThan(8);
    expect(unwritten()).toBe(report.telemetry.unwritten);
    expect(tookMs).toBeLessThan(12_000);
  });

  test('that is slow gets the points all the same', async () => {
    monitoring.clear();
    monitoring.fault({ delayMs: 1500 });
    const { status, report } = await run();
    expect(status).toBe(200);
    expect(report.telemetry.unwritten).toBe(0);
    expect(monitoring.series()).toHaveLength(report.telemetry.written);
  });
});

describe('a password that was changed', () => {
  test('at the server alone is rejected', async () => {
    await redis.restart({ password: 'the-new-one' });
    const { report } = await run();
    expect(report.results).toMatchObject([{ outcome: 'failure', reason: 'credentials_rejected', owner: 'operator', attempts: 1 }]);
  });

  test('after the run had fetched it is fetched afresh, and one more attempt is made', async () => {
    secrets.fault({ methods: ['AccessSecretVersion'], afterwards: true, delayMs: 700, times: 1 });
    const running = run();
    await new Promise((resolve_) => setTimeout(resolve_, 350));
    secrets.addVersion('redis-password', 'the-new-one');
    const { report } = await running;
    expect(report.results).toMatchObject([
      {
        outcome: 'degraded',
        reason: 'credentials_rejected',
        attempts: 2,
        firstOutcome: 'failure',
        observed: { 'secret.versions': { 'redis-password': '2' } },
      },
    ]);
  });
});
