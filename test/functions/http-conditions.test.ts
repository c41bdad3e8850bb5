/** What the http kind makes of an answer's status, body and headers. */
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { answering, probedAt, saying } from '../support/exchanging';

describe('a status', () => {
  test.each([
    [400, '', 'unexpected_status', 'application'],
    [401, '', 'credentials_rejected', 'operator'],
    [403, '', 'permission_denied', 'operator'],
    [404, '', 'unexpected_status', 'application'],
    [429, '', 'overloaded', 'infrastructure'],
    [500, '', 'unexpected_status', 'application'],
    [502, '', 'bad_gateway', 'infrastructure'],
    [503, '', 'unexpected_status', 'application'],
    [503, 'Retry-After: 5', 'overloaded', 'infrastructure'],
    [503, 'Server: Google Frontend', 'overloaded', 'infrastructure'],
    [504, '', 'bad_gateway', 'infrastructure'],
    [304, '', 'unexpected_status', 'application'],
  ])('of %i %s fails by itself', async (status, line, reason, owner) => {
    const result = await probedAt(answering(status, '', ...[line].filter(Boolean)));
    expect(result).toMatchObject({ outcome: 'failure', reason, owner, phase: 'transfer', code: String(status) });
    expect(result).toMatchObject({ message: `the status is ${status}`, observed: { 'http.status': status } });
  });

  test.each<[number, readonly (number | string)[], boolean]>([
    [200, [200], true],
    [204, ['2xx'], true],
    [404, ['2xx', 404], true],
    [503, ['5xx'], true],
    [201, [200], false],
    [200, ['3xx', 201], false],
  ])('of %i is judged by %j', async (status, expected, isMet) => {
    const result = await probedAt(answering(status), { expect: { status: expected } });
    expect(result.outcome).toBe(isMet ? 'success' : 'failure');
    expect(result.code).toBe(isMet ? null : String(status));
  });

  test('that is only warned of degrades, with its own reason', async () => {
    const result = await probedAt(answering(429), { expect: { status: [200, 429] }, warn: { status: [200] } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'overloaded', warnings: [{ subject: 'status', reason: 'overloaded' }] });
    expect(result.message).toBe('the status is 429, expected 200');
  });

  test('that is expected opens the body to the other conditions', async () => {
    const server = answering(503, '{"status":"draining"}');
    expect((await probedAt(server, { expect: { status: [503], json: ["status == 'draining'"] } })).outcome).toBe('success');
  });

  test('comes with the beginning of a text, on one line, and no body is waited for', async () => {
    const text = `<h1>not\n\n  for   you</h1> ${'x'.repeat(5000)}`;
    const quoted = await probedAt(answering(403, text, 'Content-Type: text/html'));
    expect(quoted.message).toMatch(/^the status is 403: <h1>not for you<\/h1> x+…$/);
    expect(quoted.message.length).toBeLessThan(250);
    expect((await probedAt(answering(500, 'x', 'Content-Type: image/png'))).message).toBe('the status is 500');
    const unfinished = await probedAt(saying('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 99\r\n\r\nno upstream'));
    expect(unfinished).toMatchObject({ reason: 'bad_gateway', message: 'the status is 502: no upstream' });
  });
});

describe('a body', () => {
  const judged = async (body: string, expect: Record<string, unknown>, ...lines: string[]) =>
    probedAt(answering(200, body, ...lines), { expect });

  test.each<[string, Record<string, unknown>]>([
    ['{"status":"ready","n":3}', { json: ["status == 'ready'", 'n > `2`'] }],
    ['\uFEFF{"a":true}', { json: ['a'] }],
    ['all is well', { body: ['well', '^all'], notBody: ['error'] }],
    ['null', { json: ['@ == null'] }],
  ])('%s meets %j', async (body, expected) => {
    expect(await judged(body, expected)).toMatchObject({ outcome: 'success', message: 'ok' });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['{"status":"starting"}', { json: ["status == 'ready'"] }, 'status == \'ready\' is not true; status is "starting"'],
    ['{"n":1}', { json: ['n'] }, 'n is not true'],
    ['{"n":1}', { json: ['length(n) == `1`'] }, 'length(n) == `1` is not true'],
    ['<html>ready</html>', { json: ['@'] }, 'the body is not JSON'],
    ['{"status":"ready"', { json: ["status == 'ready'"] }, 'the body is not JSON'],
    ['', { json: ['@ == null'] }, 'the body is empty, expected JSON'],
    ['', { body: ['.*'] }, 'the body is empty'],
    ['', { notBody: ['error'] }, 'the body is empty'],
    ['down', { body: ['up'] }, 'the body does not match "up"'],
    ['an Error', { notBody: ['(?i)error'] }, 'the body matches "(?i)error"'],
  ])('%s does not meet %j', async (body, expected, message) => {
    const result = await judged(body, expected);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', owner: 'application', phase: 'transfer', message });
  });

  test('is read in its own charset', async () => {
    const server = saying('HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n\r\n', Buffer.from('caf\u00e9', 'latin1'));
    expect((await probedAt(server, { expect: { body: ['^caf\u00e9$'] } })).message).toBe('ok');
  });

  test('that is only warned of degrades', async () => {
    const result = await probedAt(answering(200, 'slow'), { warn: { body: ['fast'] } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'assertion_failed', message: 'the body does not match "fast"' });
  });
});

describe('a header', () => {
  const lines = ['Cache-Control: no-store', 'X-Part: one', 'x-part: two', 'Content-Type: text/plain', 'content-type: text/html'];

  test.each<[Record<string, unknown>]>([
    [{ headers: { 'cache-control': '^no-store$', 'X-Part': '^one, two$' } }],
    [{ headers: { 'Content-Type': '^text/plain, text/html$' } }],
    [{ headers: { 'x-part': 'two' }, notHeaders: { 'x-part': 'three', 'X-Powered-By': '' } }],
  ])('meets %j: it is looked for anywhere, all that came under a name joined', async (expected) => {
    expect(await probedAt(answering(200, 'x', ...lines), { expect: expected })).toMatchObject({ outcome: 'success', message: 'ok' });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ headers: { 'strict-transport-security': '.' } }, 'the answer has no header strict-transport-security, expected "."'],
    [{ headers: { 'x-part': '^two' } }, 'header x-part is "one, two", expected "^two"'],
    [{ notHeaders: { 'cache-control': 'no-' } }, 'header cache-control is "no-store", expected no "no-"'],
  ])('does not meet %j', async (expected, message) => {
    const result = await probedAt(answering(200, 'x', ...lines), { expect: expected });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', message });
  });
});

test('what is quoted of an answer shows no part of a secret that the server repeats', async () => {
  const secret = 'begin-of-it-and-much-more-until-the-end';
  const emulator = await startSecretManagerEmulator();
  emulator.put('api-key', { value: secret });
  const long = `${'x'.repeat(80)}${secret}`;
  const options = { secretManager: emulator.address };
  const target = { headers: { 'X-Key': '${secret:api-key}' } };
  for (const condition of [{ json: ["said == 'hello'"] }, { headers: { 'X-Said': '^hello$' } }, { notHeaders: { 'X-Said': '.' } }]) {
    const server = answering(200, JSON.stringify({ said: long }), `X-Said: ${long}`);
    const result = await probedAt(server, { ...target, expect: condition }, options);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', message: expect.stringMatching(/x{80}\[redacted/) });
    expect(result.message).not.toContain('begin');
  }
  await emulator.close();
});
