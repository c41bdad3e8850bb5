/** The sign-off by way of the status function: told as it goes on, once at a time, and only for as long as somebody waits. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readLines } from '../support/lines';
import { ann, startOperating, type Operating } from '../support/operating';
import { until } from '../support/until';

let operating: Operating;
beforeEach(async () => {
  operating = await startOperating();
});
afterEach(() => operating.close());

describe('verifying', () => {
  test('tells what happens while it happens, and ends with the report', async () => {
    const reading = readLines(await operating.act('verify', { targets: ['mail'], issue: '#7' }));
    // The server has not answered yet, so nothing is over.
    expect(await reading.next()).toEqual({ type: 'round', round: 1, of: 2, functions: ['tcp'] });
    expect(operating.server.accepted()).toBeLessThanOrEqual(1);
    operating.release();
    const rest = await reading.rest();
    expect(rest.map(({ type }) => type)).toEqual(['answered', 'done', 'pause', 'round', 'answered', 'done', 'verified']);
    expect(rest[0]).toEqual({
      type: 'answered',
      round: 1,
      of: 2,
      kind: 'tcp',
      durationMs: expect.any(Number),
      verdict: 'healthy',
      problem: null,
    });
    expect(rest.at(-1)).toMatchObject({
      verification: { verdict: 'signed_off', rounds: 2, targets: [{ target: 'mail' }] },
      markdown: expect.stringContaining('#7') as string,
      text: expect.stringContaining('Overall Status: HEALTHY') as string,
    });
    expect(operating.messages()).toContain(`status: ${ann} verifies {"targets":["mail"],"issue":"#7"}`);
  });

  test('is refused where it is asked for wrongly', async () => {
    for (const [body, message] of [
      [{ rounds: 0 }, 'field "rounds" is wrong; allowed: a whole number from 1 to 100'],
      [{ format: 'html' }, 'unknown field "format"; allowed: rounds, interval, targets, issue'],
      [{ targets: ['stranger'] }, 'unknown target "stranger"; allowed: lost, mail, nobody'],
    ] as const) {
      const response = await operating.act('verify', body);
      expect([response.status, await response.json()]).toEqual([400, { error: { code: 'bad_request', message } }]);
    }
  });

  test('goes on once at a time, and whoever comes meanwhile is told who is at it', async () => {
    const reading = readLines(await operating.act('verify', { targets: ['mail'], rounds: 1 }));
    await reading.next();
    const response = await operating.act('verify', { targets: ['mail'], rounds: 1 }, operating.as('ben@example.com'));
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect([response.status, error.code]).toEqual([409, 'conflict']);
    expect(error.message).toMatch(new RegExp(`^a verification is under way: ${ann} started it at 20`));
    operating.release();
    expect((await reading.rest()).at(-1)).toMatchObject({ type: 'verified' });
    const next = readLines(await operating.act('verify', { targets: ['mail'], rounds: 1 }, operating.as('ben@example.com')));
    expect((await next.rest()).at(-1)).toMatchObject({ type: 'verified' });
  });

  test('ends when the client goes, and the next one may begin', async () => {
    const leaving = new AbortController();
    const reading = readLines(await operating.act('verify', { targets: ['mail'], rounds: 50 }, {}, leaving.signal));
    await reading.next();
    await until(() => operating.server.accepted() === 1);
    leaving.abort();
    await until(() => operating.messages().includes('verify: given up, since its caller has gone'));
    await until(() => operating.messages().includes(`status: ${ann} has gone; the verification is given up`));
    operating.release();
    const next = readLines(await operating.act('verify', { targets: ['mail'], rounds: 1 }));
    expect((await next.rest()).at(-1)).toMatchObject({ type: 'verified' });
    expect(operating.logged.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
    // One run of the verification that was given up, one of the next.
    expect(operating.server.accepted()).toBe(2);
  });

  test('ends for whoever asks the function itself, too, in whatever form', async () => {
    for (const [accept, type] of [
      ['application/json', undefined],
      ['text/html, Application/X-NDJSON;q=0.9', 'application/x-ndjson'],
    ] as const) {
      operating.logged.length = 0;
      const leaving = new AbortController();
      const before = operating.server.accepted();
      const body = JSON.stringify({ targets: ['mail'], rounds: 50 });
      const asked = fetch(operating.verify.url, { method: 'POST', headers: { accept }, body, signal: leaving.signal });
      await until(() => operating.server.accepted() === before + 1);
      // Only lines begin to come before the end.
      const begun = type && (await asked);
      leaving.abort();
      await asked.catch(() => undefined);
      expect(begun?.headers.get('content-type')).toBe(type);
      await until(() => operating.messages().includes('verify: given up, since its caller has gone'));
      expect(operating.server.accepted()).toBe(before + 1);
    }
  });

  test.each([
    ['breaks off', '{"type":"round","round":1,"of":1,"functions":[]}\n', true, /^the answer of verify broke off: /],
    [
      'ends without a report',
      '{"type":"round","round":1,"of":1,"functions":[]}\n',
      false,
      /^the answer of verify ended before its report$/,
    ],
    ['is no JSON', '<html>\n', false, /^the answer of verify broke off: /],
  ])('says so when the answer %s', async (_, text, cut, message) => {
    const other = createServer((__, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(text, () => (cut ? response.destroy() : response.end()));
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    operating.platform.put('/run/v2/projects/test-project/locations/us-central1/services/synthetics-test-verify', {
      uri: `http://127.0.0.1:${port}/`,
    });
    const lines = await readLines(await operating.act('verify', {})).rest();
    expect(lines.at(-1)).toEqual({ type: 'failed', message: expect.stringMatching(message) as string });
    other.closeAllConnections();
    other.close();
    await once(other, 'close');
  });

  test('by a function that is not there is told', async () => {
    operating.platform.put('/run/v2/projects/test-project/locations/us-central1/services/synthetics-test-verify', undefined);
    const response = await operating.act('verify', {});
    expect([response.status, await response.json()]).toEqual([
      502,
      { error: { code: 'no_answer', message: expect.stringMatching(/^the function verify was not reached: run: /) as string } },
    ]);
  });
});
