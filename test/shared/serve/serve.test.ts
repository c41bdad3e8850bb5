import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { serveLine, type ServedLine } from '../../support/served-line';

let served: ServedLine;
beforeAll(async () => {
  served = await serveLine();
});
afterAll(() => served.close());

/** Sends a POST as it stands, with a content type or, where it is empty, without one. */
async function raw(url: string, type: string, body: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const header = type ? `Content-Type: ${type}\r\n` : '';
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}Content-Length: ${body.length}\r\n\r\n${body}`);
  return readText(socket);
}

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body, headers });

describe('a request', () => {
  test('runs every target, and answers with the whole report', async () => {
    const { status, body } = await served.ask('?target=good&target=bad');
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
    expect(body.telemetry.written).toBe(served.monitoring.series().length);
    expect(served.monitoring.requests()).toHaveLength(1);
  });

  test('selects by body whatever its type, and the second run is no cold start', async () => {
    for (const headers of [
      { 'content-type': 'application/octet-stream' },
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    ]) {
      const { status, body } = await served.ask('', post('{"targets":["good"],"record":false,"shard":7}', headers));
      expect([status, body.results.map(({ target }) => target), body.shard, body.coldStart, body.telemetry]).toEqual([
        200,
        ['good'],
        7,
        false,
        { written: 0, superseded: 0, unwritten: 0 },
      ]);
    }
  });

  test('has its body read also where the framework can make nothing of its type', async () => {
    for (const type of ['', 'garbage', 'application/octet-stream']) {
      const answer = await raw(served.url, type, '{"targets":["nope"]}');
      expect(answer).toContain('HTTP/1.1 400');
      expect(answer).toContain('unknown target \\"nope\\"');
    }
  });

  test('is 503 when strict and unhealthy, 200 when strict and healthy', async () => {
    expect((await served.ask('?target=bad&strict=1&record=0')).status).toBe(503);
    expect((await served.ask('?target=good&strict=true&record=false')).status).toBe(200);
  });

  test('is 500 with the whole answer when something is unknown, before strict counts', async () => {
    const { status, body } = await served.ask('?strict=1&record=0');
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
    const answer = await served.ask(query, body === undefined ? {} : post(body));
    expect(answer).toEqual({ status: 400, body: { error: { code: 'bad_request', message } } });
  });

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is 405 with %s', async (method) => {
    expect((await served.ask('?target=none', { method })).status).toBe(405);
  });

  test('by the Scheduler is a scheduled one', async () => {
    const { body } = await served.ask(
      '',
      post('{"targets":["good"],"record":false}', { 'x-cloudscheduler': 'true', 'content-type': 'application/octet-stream' }),
    );
    expect(body.trigger).toBe('schedule');
  });

  test('for text gets a table that ends in the overall status', async () => {
    const response = await fetch(`${served.url}?target=good&target=bad&format=text&record=0`);
    const lines = (await response.text()).trimEnd().split('\n');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(lines[0]).toMatch(/^KIND +TARGET +OUTCOME/);
    expect(lines.at(-1)).toBe('Overall Status: UNHEALTHY, Critical Failures: 1');
  });

  test('by a native synthetic monitor gets its shape, and 200 whatever the verdict', async () => {
    const response = await fetch(served.url, { headers: { 'synthetic-execution-id': 'x' } });
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
