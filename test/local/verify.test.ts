/** The sign-off on the embedded stack: the function `verify` as it is deployed, against everything as it runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type StackProgram, startProgram } from '../support/stack-program';
import { askVerify, processOf, switchFault } from '../support/verify-stack';

jest.setTimeout(90_000);

let program: StackProgram;
let base: string;
const logged: string[] = [];
beforeAll(async () => {
  program = startProgram(['--port', '0', '--logs']);
  if (program.child.stderr) createInterface({ input: program.child.stderr }).on('line', (line) => logged.push(line));
  base = (await program.printed(/http:\/\/localhost:\d+/))[0];
  await program.printed(/journey\/golden-path {2}SUCCESS/);
}, 90_000);
afterAll(() => program.clear());

const broken = ['vpc-connector-down', 'cloud-sql-suspended', 'postgres-frozen', 'backend-without-database'];

test('when connector and database break at once both are named, and the rest is blocked; mended, it is signed off', async () => {
  for (const name of broken) await switchFault(base, name, true);
  const bad = await askVerify(base, { rounds: 2, interval: '0s' });
  for (const name of broken) await switchFault(base, name, false);
  expect(bad).toMatchObject({ verdict: 'not_signed_off', overallStatus: 'UNHEALTHY', criticalFailures: 7, rounds: 1 });
  const causes = new Map(bad.causes.map((cause) => [cause.cause, cause]));
  expect([...causes.keys()].toSorted()).toEqual(['cloud-sql/staging-db', 'vpc-connector']);
  expect(causes.get('vpc-connector')).toMatchObject({
    owner: 'infrastructure',
    blocks: expect.arrayContaining(['cache', 'clickhouse', 'orders-db']),
  });
  expect(causes.get('cloud-sql/staging-db')).toMatchObject({
    owner: 'infrastructure',
    blocks: expect.arrayContaining(['backend-ready', 'orders-db', 'orders-db-socket']),
  });
  const failed = bad.targets.filter(({ outcomes }) => outcomes.includes('failure'));
  expect(failed.filter(({ blockedBy }) => blockedBy === null).map(({ target }) => target)).toEqual(['cloud-sql', 'vpc-connector']);
  expect(bad.categories.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['connectivity', 'database', 'startup']);

  const good = await askVerify(base, { rounds: 2, interval: '0s', baseline: bad });
  expect(good).toMatchObject({ verdict: 'signed_off', overallStatus: 'HEALTHY', criticalFailures: 0, rounds: 2, passRate: 1, causes: [] });
  expect(good.changes).toEqual(
    expect.arrayContaining(['verdict: not signed off → signed off', 'orders-db: failure → success', 'vpc-connector: failure → success']),
  );
  expect(good.runIds).toHaveLength(16);
});

test('agents that are not ready are told, and no reason not to sign off: their category is not critical', async () => {
  await switchFault(base, 'agents-not-ready', true);
  const answer = await askVerify(base, { rounds: 1 });
  await switchFault(base, 'agents-not-ready', false);
  expect(answer).toMatchObject({ verdict: 'signed_off', overallStatus: 'DEGRADED', criticalFailures: 0 });
  expect(answer.causes).toMatchObject([{ cause: 'target/backend-agents', owner: 'application' }]);
  expect(answer.categories.filter(({ ok }) => !ok)).toMatchObject([{ name: 'agents', critical: false }]);
});

test('what passes two of three rounds is not signed off', async () => {
  const verifying = askVerify(base, { rounds: 3, interval: '3s', targets: ['cache', 'clickhouse'] });
  const done = (round: number): boolean => logged.some((line) => line.includes(`verify: round ${round} of 3: done`));
  while (!done(1)) await delay(10);
  await switchFault(base, 'redis-down', true);
  const answer = await verifying;
  await switchFault(base, 'redis-down', false);
  expect(answer).toMatchObject({ verdict: 'not_signed_off', criticalFailures: 1 });
  expect(answer.targets.find(({ target }) => target === 'cache')?.outcomes).toEqual(['success', 'failure']);
});

test('a function that is killed makes it inconclusive, and is named', async () => {
  process.kill(await processOf(program.child.pid ?? 0, 'redis'), 'SIGKILL');
  const answer = await askVerify(base, { rounds: 1 });
  expect(answer).toMatchObject({ verdict: 'inconclusive', overallStatus: 'UNKNOWN', criticalFailures: 0 });
  expect(answer.causes).toMatchObject([{ cause: 'function/redis', owner: 'monitor', blocks: ['cache'] }]);
  expect(answer.nextActions[0]).toMatch(/^monitor: The function redis gave no whole answer/);
  await program.printed(/redis runs again/);
  expect(await askVerify(base, { rounds: 1 })).toMatchObject({ verdict: 'signed_off' });
});

test('three rounds over everything take no longer than three times the slowest function, the pauses, and a second', async () => {
  logged.length = 0;
  const begun = performance.now();
  await askVerify(base, { rounds: 3, interval: '1s' });
  const took = performance.now() - begun;
  const calls = logged
    .filter((line) => line.startsWith('verify: {'))
    .map((line) => JSON.parse(line.slice('verify: '.length)) as { function?: string; durationMs?: number });
  const slowest = Math.max(...calls.filter((call) => call.function !== undefined).map(({ durationMs = 0 }) => durationMs));
  expect(calls.filter((call) => call.function !== undefined)).toHaveLength(24);
  expect(took).toBeLessThan(3 * slowest + 2 * 1000 + 1000);
});

test.each([
  ['text', 'text/plain; charset=utf-8', /^Verification of local for #7\n[^]*Overall Status: HEALTHY\nCritical Failures: 0\n$/],
  [
    'markdown',
    'text/markdown; charset=utf-8',
    /^# SIGNED OFF: verification of local for #7\n[^]*- \[x\] VPC connector staging-connector: \*\*READY\*\*/,
  ],
  ['html', 'text/html; charset=utf-8', /^<!doctype html>[^]*SIGNED OFF[^]*<\/html>\n$/],
  ['json', 'application/json; charset=utf-8', /^\{"verdict":"signed_off"/],
])('it answers as %s', async (format, type, expected) => {
  const body = JSON.stringify({ rounds: 1, format, issue: '#7' });
  const response = await fetch(`${base}/functions/verify`, { method: 'POST', body });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  expect(await response.text()).toMatch(expected);
});

test.each([
  ['', '{"rounds":0}', 'field "rounds" is wrong; allowed: a whole number from 1 to 100'],
  ['', '{"rounds":"3"}', 'field "rounds" is wrong; allowed: a whole number from 1 to 100'],
  ['', '{"interval":10}', 'field "interval" is wrong; allowed: a duration, e.g. 500ms, 10s, 2m'],
  ['', '{"targets":[]}', 'field "targets" is wrong; allowed: a list of names of targets, not empty'],
  ['', '{"targets":["nobody"]}', expect.stringMatching(/^unknown target "nobody"; allowed: app, orders-db, /) as string],
  ['', '{"issue":""}', 'field "issue" is wrong; allowed: a text of 1 to 200 characters'],
  ['', '{"format":"pdf"}', 'field "format" is wrong; allowed: json, text, markdown, html'],
  ['', '{"baseline":{"verdict":"signed_off"}}', 'field "baseline" is wrong; allowed: an earlier answer of verify, in the body'],
  ['', '{"url":"http://10.0.0.1"}', 'unknown field "url"; allowed: rounds, interval, targets, issue, format, baseline'],
  ['', 'rounds=3', 'the body is not JSON'],
  ['?rounds=x', '', 'query parameter "rounds" is wrong; allowed: a whole number from 1 to 100'],
])('the request %s %s is refused', async (query, body, message) => {
  const response = await fetch(`${base}/functions/verify${query}`, { method: 'POST', body });
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: unknown };
  expect(error).toEqual({ code: 'bad_request', message });
});

test('the command line signs off, or does not, without any file: it takes the configuration that the port tells', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'synthetics-verify-'));
  const verify = async (...more: string[]): Promise<{ readonly code: number; readonly stdout: string }> => {
    const args = [
      resolve(__dirname, '../../../cli/synthetics.js'),
      'verify',
      '--url',
      base,
      '--rounds',
      '2',
      '--interval',
      '100ms',
      ...more,
    ];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env: { ...process.env, SYNTHETICS_CONFIG: '' } });
      return { code: 0, stdout };
    } catch (error) {
      return error as { code: number; stdout: string };
    }
  };
  try {
    const good = await verify();
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('\nOverall Status: HEALTHY\nCritical Failures: 0\n') });
    await switchFault(base, 'redis-down', true);
    const bad = await verify();
    await switchFault(base, 'redis-down', false);
    expect(bad).toMatchObject({ code: 1, stdout: expect.stringMatching(/infrastructure: [^]*Verdict: NOT SIGNED OFF\n/) });

    const told = (await (await fetch(`${base}/configuration`)).json()) as { readonly redis: { readonly cache: object } };
    const files = {
      same: told,
      production: { ...told, environment: 'production' },
      newer: { ...told, redis: { cache: { ...told.redis.cache, severity: 'error' } } },
    };
    for (const [name, file] of Object.entries(files)) await writeFile(join(folder, `${name}.json`), JSON.stringify(file));
    expect(await verify('--config', 'same.json')).toMatchObject({ code: 0 });
    expect(await verify('--config', 'production.json')).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('the functions are those of local, not of production'),
    });
    expect(await verify('--config', 'newer.json')).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/ ran with the configuration \w+, this one is /),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('only POST runs anything', async () => {
  const response = await fetch(`${base}/functions/verify`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

test('the port tells the configuration that the functions run with', async () => {
  const response = await fetch(`${base}/configuration`);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({ environment: 'local', verify: { rounds: 3 } });
  expect((await fetch(`${base}/configuration`, { method: 'POST' })).status).toBe(405);
});
