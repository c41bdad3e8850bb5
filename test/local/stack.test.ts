import { createServer } from 'node:http';
import { once } from 'node:events';
import { type StackProgram, startProgram } from '../support/stack-program';

jest.setTimeout(60_000);

const programs: StackProgram[] = [];
function start(...args: readonly string[]): StackProgram {
  const program = startProgram(args);
  programs.push(program);
  return program;
}
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.clear()));
});

// What every kind writes when all is well.
const metrics = [
  'journey/step_latency',
  'postgres/connection_utilization',
  'probe/first_success',
  'probe/latency',
  'probe/phase_latency',
  'probe/success',
  'prober/event_loop_delay',
  'prober/healthy',
  'prober/run_duration',
  'redis/memory_utilization',
  'secrets/age',
  'secrets/valid',
  'tls/days_until_expiry',
  'websocket/event_latency',
  'websocket/ping_rtt',
];

test('one round of everything is healthy, writes every metric and leaves nothing behind', async () => {
  const program = start('--once');
  const code = await program.ended;
  expect(program.stdout()).toContain('Overall Status: HEALTHY, Critical Failures: 0');
  expect(program.stdout()).toMatch(/^Causes: none$/m);
  expect(code).toBe(0);
  for (const row of [/^secrets +app +SUCCESS/m, /^postgres +orders-db +SUCCESS/m, /^redis +cache +SUCCESS/m, /^websocket +chat +SUCCESS/m])
    expect(program.stdout()).toMatch(row);
  const written = [...program.stdout().matchAll(/^ {2}(\S+) (\d+)$/gm)].map(([, name]) => name);
  expect(written).toEqual(metrics);
  expect(await program.leftBehind(5000)).toEqual([]);
});

test('one round with a fault on names it and ends with 1', async () => {
  const program = start('--once', '--break', 'redis-down', '--break', 'secret-revoked');
  expect(await program.ended).toBe(1);
  expect(program.stdout()).toMatch(/^redis +cache +FAILURE +connect_refused \(connect\) +infrastructure/m);
  expect(program.stdout()).toMatch(/^secrets +app +FAILURE +secret_disabled/m);
  expect(program.stdout()).toMatch(/^postgres +orders-db +SUCCESS/m);
  expect(program.stdout()).toContain('Overall Status: UNHEALTHY, Critical Failures: 2');
  expect(program.stdout()).toMatch(/^ {2}target\/cache \(infrastructure\): /m);
  expect(program.stdout()).toMatch(/^ {2}secret\/\S+ \(operator\): /m);
});

test('one round that can not tell ends with 3', async () => {
  const program = start('--once', '--break', 'secret-manager-down');
  expect(await program.ended).toBe(3);
  expect(program.stdout()).toContain('Overall Status: UNKNOWN, Critical Failures: 0');
});

test('one round whose points can not be written says how many', async () => {
  const program = start('--once', '--break', 'monitoring-down');
  expect(await program.ended).toBe(0);
  expect(program.stdout()).toMatch(/^[1-9]\d* points were not written \(see the functions' log\)$/m);
  expect(program.stdout()).toContain('Cloud Monitoring (emulated) holds 0 points of 0 metrics');
  expect(program.stdout()).toMatch(/^Causes: unknown, api_unavailable: /m);
});

test('the table, too, says how many points could not be written', async () => {
  const program = start('--port', '0', '--break', 'monitoring-down');
  const [base] = await program.printed(/http:\/\/localhost:\d+/);
  const line = /[1-9]\d* points were not written \(see the functions' log\)/;
  await program.printed(line);
  expect(await (await fetch(`${base}/table`)).text()).toMatch(line);
});

test('faults that exclude each other are refused before anything starts', async () => {
  const program = start('--once', '--break', 'redis-full', '--break', 'redis-full', '--break', 'redis-down');
  expect(await program.ended).toBe(2);
  expect(program.stderr()).toContain("redis-down can't be on together with redis-full: both break redis; switch redis-full off first");
  expect(program.stderr()).not.toContain('Starting');
});

test('an unknown fault is refused with the names of those that there are', async () => {
  const program = start('--break', 'nonsense');
  expect(await program.ended).toBe(2);
  expect(program.stderr()).toMatch(/--break nonsense: no such fault; there are: .*redis-down/);
});

test('an unknown flag and a port that is none are refused', async () => {
  const [flag, port] = [start('--nonsense'), start('--port', '99999')];
  expect(await flag.ended).toBe(2);
  expect(flag.stderr()).toContain("Unknown option '--nonsense'");
  expect(await port.ended).toBe(2);
  expect(port.stderr()).toContain('--port 99999 is no port; allowed: 0 to 65535');
});

test('a taken port is refused at once, and the way out named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' ? address?.port : undefined;
  try {
    const program = start('--port', String(taken));
    expect(await program.ended).toBe(2);
    expect(program.stderr()).toContain(`port ${taken} is taken; choose another with --port N`);
  } finally {
    server.close();
  }
});
