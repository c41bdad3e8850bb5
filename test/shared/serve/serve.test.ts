import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startMonitoringEmulator, type MonitoringEmulator } from '../../../local/emulators/monitoring';
import { temporaryFolder } from '../../../local/services/temporary-folder';
import type { Environment } from '../../../shared/environment';
import type { RunReport } from '../../../shared/result';
import { serve } from '../../../shared/serve/serve';
import { host, type Hosted } from '../../support/framework';
import { line } from '../../support/line-kind';
import { closingServer, echoServer, type RawServer } from '../../support/raw-server';

let monitoring: MonitoringEmulator;
let echo: RawServer;
let closing: RawServer;
let folder: string;
let hosted: Hosted;
let names = 0;

const logged: Record<string, unknown>[] = [];
const targetAt = ({ host: name, port }: RawServer, more: object = {}): object => ({ host: name, port, confirm: { attempts: 1 }, ...more });
const unique = (): string => `line${(names += 1)}`;

function start(more: Partial<Environment>): Promise<Hosted> {
  const environment: Environment = { logLevel: 'info', monitoringEmulator: monitoring.address, ...more };
  const write = (text: string): void => void logged.push(JSON.parse(text) as Record<string, unknown>);
  return host(unique(), serve(line, [line.kind], folder, { environment, write }));
}

beforeAll(async () => {
  monitoring = await startMonitoringEmulator();
  echo = await echoServer();
  closing = await closingServer();
  folder = await temporaryFolder('vpc-synthetics-serve-');
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      environment: 'test',
      project: 'test-project',
      region: 'europe-west1',
      line: { good: targetAt(echo), bad: targetAt(closing), strange: targetAt(echo, { behave: 'throw' }) },
    }),
  );
  hosted = await start({});
});
afterAll(async () => {
  await hosted.close();
  await monitoring.close();
  await echo.close();
  await closing.close();
  await rm(folder, { recursive: true });
});

async function ask(
  query: string,
  init: RequestInit = {},
): Promise<{ status: number; body: RunReport & { error?: { code: string; message: string } } }> {
  const response = await fetch(hosted.url + query, init);
  return { status: response.status, body: (await response.json()) as never };
}
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body, headers });

describe('a request', () => {
  test('runs every target, and answers with the whole report', async () => {
    const { status, body } = await ask('?target=good&target=bad');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      function: 'line',
      version: '0.1.0',
      environment: 'test',
      trigger: 'manual',
      shard: 0,
      coldStart: true,
      verdict: 'unhealthy',
      counts: { success: 1, degraded: 0, failure: 1, unknown: 0 },
      telemetry: { superseded: 0, unwritten: 0 },
    });
    expect(body.runId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(body.configHash).toMatch(/^[0-9a-f]{16}$/);
    expect(body.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(body.telemetry.written).toBe(monitoring.series().length);
    expect(monitoring.requests()).toHaveLength(1);
  });

  test('selects by body whatever its type, and the second run is no cold start', async () => {
    for (const headers of [
      { 'content-type': 'application/octet-stream' },
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    ]) {
      const { status, body } = await ask('', post('{"targets":["good"],"record":false,"shard":7}', headers));
      expect([status, body.results.map(({ target }) => target), body.shard, body.coldStart, body.telemetry]).toEqual([
        200,
        ['good'],
        7,
        false,
        { written: 0, superseded: 0, unwritten: 0 },
      ]);
    }
  });

  test('is 503 when strict and unhealthy, 200 when strict and healthy', async () => {
    expect((await ask('?target=bad&strict=1&record=0')).status).toBe(503);
    expect((await ask('?target=good&strict=true&record=false')).status).toBe(200);
  });

  test('is 500 with the whole answer when something is unknown, before strict counts', async () => {
    const { status, body } = await ask('?strict=1&record=0');
    expect(status).toBe(500);
    expect(body.counts).toEqual({ success: 1, degraded: 0, failure: 1, unknown: 1 });
  });

  test.each([
    ['?target=none', undefined, 'unknown target "none"; allowed: bad, good, strange'],
    ['?nonsense=1', undefined, 'unknown query parameter "nonsense"; allowed: target, trigger, strict, shard, attempts, record, format'],
    ['?shard=1&shard=2', undefined, 'query parameter "shard" is given 2 times; allowed: once'],
    ['?strict=maybe', undefined, 'query parameter "strict" is wrong; allowed: true or false'],
    ['?format=xml', undefined, 'query parameter "format" is wrong; allowed: json or text'],
    ['', '{"shard":10000}', 'field "shard" is wrong; allowed: a whole number from 0 to 9999'],
    ['', '{"shard":"1"}', 'field "shard" is wrong; allowed: a whole number from 0 to 9999'],
    ['', '{"targets":"good"}', 'field "targets" is wrong; allowed: a list of names of targets, not empty'],
    ['', '{"attempts":0}', 'field "attempts" is wrong; allowed: a whole number from 1 to 100'],
    ['', '{"host":"10.0.0.1"}', 'unknown field "host"; allowed: targets, trigger, strict, shard, attempts, record, format'],
    ['', '{"__proto__":{"strict":true}}', 'unknown field "__proto__"; allowed: targets, trigger, strict, shard, attempts, record, format'],
    ['', '[1]', 'the body is not a JSON object'],
    ['', 'nonsense', 'the body is not JSON'],
  ])('is 400 for %s %s', async (query, body, message) => {
    const answer = await ask(query, body === undefined ? {} : post(body));
    expect(answer).toEqual({ status: 400, body: { error: { code: 'bad_request', message } } });
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is 405 with %s', async (method) => {
    expect((await ask('?target=none', { method })).status).toBe(405);
  });

  test('by the Scheduler is a scheduled one', async () => {
    const { body } = await ask(
      '',
      post('{"targets":["good"],"record":false}', { 'x-cloudscheduler': 'true', 'content-type': 'application/octet-stream' }),
    );
    expect(body.trigger).toBe('schedule');
  });

  test('for text gets a table that ends in the overall status', async () => {
    const response = await fetch(`${hosted.url}?target=good&target=bad&format=text&record=0`);
    const lines = (await response.text()).trimEnd().split('\n');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(lines[0]).toMatch(/^KIND +TARGET +OUTCOME/);
    expect(lines.at(-1)).toBe('Overall Status: UNHEALTHY, Critical Failures: 1');
  });

  test('by a native synthetic monitor gets its shape, and 200 whatever the verdict', async () => {
    const response = await fetch(hosted.url, { headers: { 'synthetic-execution-id': 'x' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      synthetic_test_framework_result_v1: {
        suite_count: 1,
        test_count: 3,
        passing_test_count: 1,
        failing_test_count: 2,
        pending_test_count: 0,
      },
      runtime_metadata: { K_SERVICE: '' },
    });
  });
});

describe('the log', () => {
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const trace = {
    'logging.googleapis.com/trace': 'projects/test-project/traces/0af7651916cd43dd8448eb211c80319c',
    'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    'logging.googleapis.com/trace_sampled': true,
  };

  test('holds an error report of a failure, the same for the same kind, target and reason, and the run, joined to the trace', async () => {
    const reports: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      logged.length = 0;
      await ask('?target=bad&record=0', { headers });
      const [report, run] = logged;
      expect(report).toMatchObject({
        severity: 'ERROR',
        event: 'result',
        '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
        serviceContext: { service: 'line', version: '0.1.0' },
        result: { target: 'bad', outcome: 'failure' },
        ...trace,
      });
      expect(run).toMatchObject({ severity: 'WARNING', event: 'run', verdict: 'unhealthy', ...trace });
      reports.push([String(report?.['message']).split('\n')[0], report?.['context']]);
    }
    expect(reports[0]).toEqual(reports[1]);
  });

  test('reads the trace from the header of Google, too', async () => {
    logged.length = 0;
    await ask('?target=good&record=0', { headers: { 'x-cloud-trace-context': '0af7651916cd43dd8448eb211c80319c/255;o=0' } });
    expect(logged).toMatchObject([
      {
        event: 'run',
        severity: 'INFO',
        'logging.googleapis.com/spanId': '00000000000000ff',
        'logging.googleapis.com/trace_sampled': false,
      },
    ]);
  });
});

describe('telemetry that can not be written', () => {
  test('is 500 with the whole answer and the number of points, each of which is printed', async () => {
    logged.length = 0;
    const heal = monitoring.fault({ code: 7, message: 'denied' });
    const { status, body } = await ask('?target=good');
    heal();
    expect(status).toBe(500);
    expect(body.verdict).toBe('healthy');
    expect(body.telemetry).toEqual({ written: 0, superseded: 0, unwritten: 9 });
    const printed = logged.filter(({ event }) => event === 'point_unwritten');
    expect(printed).toHaveLength(9);
    expect(printed[0]).toMatchObject({
      severity: 'WARNING',
      point: {
        metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels: { kind: 'line', target: 'good', severity: 'critical' } },
        resource: { type: 'generic_task', labels: { location: 'europe-west1', namespace: 'test', job: 'line', task_id: 'good' } },
        points: [{ interval: { endTime: expect.stringMatching(/^\d{4}-.*Z$/) }, value: { int64Value: 1 } }],
      },
    });
  });
});

describe('a wrong configuration', () => {
  test('is 500 with the place, for every request but a wrong method', async () => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, 'environment: test\nproject: p\nregionn: r\n');
    const wrong = await start({ configPath: path });
    const response = await fetch(`${wrong.url}?target=none`);
    const put = await fetch(wrong.url, { method: 'PUT' });
    await wrong.close();
    expect([response.status, put.status]).toEqual([500, 405]);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain('wrong.yaml:3:1 regionn: ');
  });
});
