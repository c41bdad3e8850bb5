import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import type { FaultState } from '../../local/stack/switchboard';
import type { RunReport } from '../../shared/result';
import { infrastructure } from '../support/status-shapes';
import { type StackProgram, startProgram } from '../support/stack-program';

jest.setTimeout(60_000);

const names = [...kinds, ...services]
  .map(({ name }) => name)
  .toSorted()
  .join(', ');
let program: StackProgram;
let base: string;

beforeAll(async () => {
  program = startProgram(['--port', '0']);
  base = (await program.printed(/http:\/\/localhost:\d+/))[0];
}, 60_000);
afterAll(() => program.clear());

async function errorOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error?: unknown }).error;
}

test('the table shows every target once each has been looked at', async () => {
  for (const { name } of kinds) await program.printed(new RegExp(`${name}/\\S+ {2}SUCCESS`));
  const response = await fetch(`${base}/table`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toMatch(/^KIND +TARGET +OUTCOME +REASON +OWNER +LATENCY +SINCE/);
  expect(text).toContain('Overall Status: HEALTHY, Critical Failures: 0');
});

test('a function is reached with its method, query, body and status', async () => {
  const report = (await (await fetch(`${base}/functions/redis`)).json()) as RunReport;
  expect(report.function).toBe('redis');
  expect(report.trigger).toBe('manual');

  const text = await fetch(`${base}/functions/redis?format=text&record=0`);
  expect(await text.text()).toContain('Overall Status: HEALTHY');

  const body = JSON.stringify({ targets: ['cache'], record: false });
  const asked = (await (await fetch(`${base}/functions/redis`, { method: 'POST', body })).json()) as RunReport;
  expect(asked.telemetry).toEqual({ written: 0, superseded: 0, unwritten: 0 });

  const wrong = await fetch(`${base}/functions/redis/any/path`, { method: 'POST', body: '{"targets":["nobody"]}' });
  expect(wrong.status).toBe(400);
  expect(await errorOf(wrong)).toEqual({ code: 'bad_request', message: 'unknown target "nobody"; allowed: cache' });

  const deleted = await fetch(`${base}/functions/redis`, { method: 'DELETE' });
  expect(deleted.status).toBe(405);
  expect(deleted.headers.get('allow')).toBe('GET, POST');
});

test('a function that serves people is reached with its path', async () => {
  const overview = await fetch(`${base}/functions/status`);
  expect([overview.status, await overview.text()]).toEqual([200, expect.stringContaining('<title>vpc-synthetics</title>')]);
  const health = await fetch(`${base}/functions/status/health/infrastructure`);
  expect(health.status).toBe(200);
  expect(infrastructure.safeParse({ ...((await health.json()) as object), environment: 'test' }).error).toBeUndefined();
  const nothing = await fetch(`${base}/functions/status/any/path?q=1`);
  expect([nothing.status, await errorOf(nothing)]).toEqual([
    404,
    { code: 'not_found', message: expect.stringContaining('nothing at /any/path') },
  ]);
  const posted = await fetch(`${base}/functions/status`, { method: 'POST', body: '{}' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('the top of the port is the page', async () => {
  const health = await fetch(`${base}/health/ready`);
  expect([health.status, health.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const targets = (await (await fetch(`${base}/api/targets`)).json()) as { environment?: unknown };
  expect(targets.environment).toBe('local');
  const nothing = await fetch(`${base}/nothing`);
  expect([nothing.status, await errorOf(nothing)]).toEqual([
    404,
    { code: 'not_found', message: expect.stringContaining('nothing at /nothing') },
  ]);
  expect(program.stdout()).toContain('The status page: http://localhost:');
});

test('headers reach the function', async () => {
  const body = JSON.stringify({ shard: 3, record: false });
  const response = await fetch(`${base}/functions/secrets`, { method: 'POST', headers: { 'X-CloudScheduler': 'true' }, body });
  expect((await response.json()) as RunReport).toMatchObject({ trigger: 'schedule', shard: 3 });
});

test.each(['/functions/nothing', '/functions', '/faults/redis-down/more'])('%s is not found, and what there is named', async (path) => {
  const response = await fetch(base + path);
  expect(response.status).toBe(404);
  expect(JSON.stringify(await response.json())).toContain(names);
});

test('faults are listed, and all are off', async () => {
  const list = (await (await fetch(`${base}/faults`)).json()) as FaultState[];
  expect(list.find(({ name }) => name === 'redis-down')).toEqual({
    name: 'redis-down',
    title: 'Redis is stopped',
    on: false,
    expects: [{ kind: 'redis', target: 'cache', outcome: 'failure', reason: 'connect_refused', owner: 'infrastructure' }],
  });
  expect(list.filter(({ on }) => on)).toEqual([]);
});

test.each(['', 'on', '{}', '{"on":1}', '{"on":true,"more":1}', '[true]', 'null'])('a switch does not take the body %j', async (body) => {
  const response = await fetch(`${base}/faults/redis-down`, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toEqual({ code: 'bad_request', message: 'the body must be {"on":true} or {"on":false}' });
});

test.each(['nothing', '%zz', '%', 'redis-down%00'])('the fault %s is not found, and those that are are named', async (name) => {
  for (const asked of [{ method: 'POST', body: '{"on":true}' }, { method: 'GET' }]) {
    const response = await fetch(`${base}/faults/${name}`, asked);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'not_found', message: expect.stringContaining('redis-down') });
  }
});

test.each(['//', '///faults', '/%zz', '/functions/%zz'])('the path %s breaks nothing, and everything goes on', async (path) => {
  const asked = request({ port: new URL(base).port, path }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  expect([400, 404]).toContain(response.statusCode);
  expect((await fetch(base)).status).toBe(200);
});

test('other methods are refused', async () => {
  expect((await fetch(`${base}/faults/redis-down`)).status).toBe(405);
  expect((await fetch(`${base}/faults`, { method: 'POST', body: '{}' })).status).toBe(405);
  expect((await fetch(base, { method: 'DELETE' })).status).toBe(405);
});

test('the table follows a fault without waiting for the schedule', async () => {
  await fetch(`${base}/faults/secret-missing`, { method: 'POST', body: '{"on":true}' });
  await program.printed(/secrets\/app {2}FAILURE {2}secret_missing/);
  expect(await (await fetch(`${base}/table`)).text()).toMatch(/^secrets +app +FAILURE +secret_missing/m);
  await fetch(`${base}/faults/secret-missing`, { method: 'POST', body: '{"on":false}' });
  await program.printed(/secrets\/app {2}FAILURE[^]*secrets\/app {2}SUCCESS/);
  expect(await (await fetch(`${base}/table`)).text()).toMatch(/^secrets +app +SUCCESS/m);
});
