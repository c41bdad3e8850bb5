/** `synthetics run` from outside: one round against real servers and emulators. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { startRedis, type RedisServer } from '../../local/services/redis';
import type { RunReport } from '../../shared/result';
import { ownFolder } from '../config/written';
import { refusingPort, type RawServer } from '../support/raw-server';

const program = join(__dirname, '..', '..', '..', 'cli', 'synthetics.js');
const folder = ownFolder();
let monitoring: MonitoringEmulator;
let secrets: SecretManagerEmulator;
let redis: RedisServer;
let refusing: RawServer;

beforeAll(async () => {
  [monitoring, secrets, redis, refusing] = await Promise.all([
    startMonitoringEmulator(),
    startSecretManagerEmulator(),
    startRedis({ password: 'the-password' }),
    refusingPort(),
  ]);
  secrets.put('redis-password', { value: 'the-password' });
  writeFileSync(
    join(folder.path, 'synthetics.yaml'),
    `environment: test
project: test-project
region: us-central1
defaults: { confirm: { attempts: 1 } }
secrets: { app: { require: [{ secret: redis-password, minLength: 8 }] } }
redis:
  cache: { host: ${redis.host}, port: ${redis.port}, password: { secret: redis-password } }
  down: { host: ${refusing.host}, port: ${refusing.port} }
  lost: { host: ${redis.host}, port: ${redis.port}, password: { secret: none } }
`,
  );
});
afterAll(async () => {
  await refusing.close();
  await redis.stop();
  await secrets.close();
  await monitoring.close();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: string[]): Promise<Ended> {
  const env = { ...process.env, MONITORING_EMULATOR_HOST: monitoring.address, SECRET_MANAGER_EMULATOR_HOST: secrets.address };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, 'run', ...args], { cwd: folder.path, env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

test('runs every kind, and writes nothing', async () => {
  const { code, stdout } = await run('secrets', 'cache');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^KIND +TARGET +OUTCOME/);
  expect(stdout).toMatch(/\nsecrets +app +SUCCESS/);
  expect(stdout).toMatch(/\nredis +cache +SUCCESS/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('Overall Status: HEALTHY, Critical Failures: 0');
  expect(monitoring.series()).toEqual([]);
});

test('ends with 1 where a critical target failed', async () => {
  const { code, stdout } = await run('redis');
  expect(code).toBe(1);
  expect(stdout).toContain('connect_refused (connect)');
  expect(stdout).toContain('Overall Status: UNHEALTHY, Critical Failures: 1');
});

test('ends with 3 where it could not tell', async () => {
  const { code, stdout } = await run('cache', 'lost');
  expect(code).toBe(3);
  expect(stdout).toContain('secret_unavailable');
});

test('gives the whole answer as JSON, and with --record writes the points', async () => {
  const { code, stdout } = await run('cache', '--json', '--record');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as RunReport;
  expect(report).toMatchObject({ function: 'run', verdict: 'healthy', counts: { success: 1 }, telemetry: { superseded: 0, unwritten: 0 } });
  expect(report.telemetry.written).toBe(monitoring.series().length);
  expect(report.telemetry.written).toBeGreaterThan(8);
});

test('says how many points were not written; that is no verdict', async () => {
  const heal = monitoring.fault({ refuse: () => true });
  const { code, stdout, stderr } = await run('cache', '--record');
  heal();
  const lost = stderr.trimEnd().split('\n').length;
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
    `Points not written: ${lost} of ${lost}`,
    'Overall Status: HEALTHY, Critical Failures: 0',
  ]);
  expect((await run('cache', '--record')).stdout).not.toContain('not written');
});

test.each([
  [['nonsense'], '"nonsense" is neither a kind with targets nor a target; allowed: secrets, redis, app, cache, down, lost'],
  [['--config', 'none.yaml'], 'none.yaml:1:1'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('ends with 2 for %p', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
