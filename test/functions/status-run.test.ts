/** Running one target by way of the status function, and who never gets to: a real function behind it, over HTTP. */
import { ann, startOperating, type Operating } from '../support/operating';

let operating: Operating;
beforeEach(async () => {
  operating = await startOperating();
});
afterEach(() => operating.close());

describe('running a target', () => {
  test('gives the answer of the function, and leaves no points', async () => {
    operating.release();
    const response = await operating.act('run', { target: 'mail' });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await response.json()).toMatchObject({
      function: 'tcp',
      trigger: 'manual',
      verdict: 'healthy',
      counts: { success: 1, degraded: 0, failure: 0, unknown: 0 },
      results: [{ target: 'mail', outcome: 'success' }],
      telemetry: { written: 0, superseded: 0, unwritten: 0 },
    });
    expect(operating.messages()).toContain(`status: ${ann} runs mail`);
  });

  test('gives a failure, too, as an answer', async () => {
    const response = await operating.act('run', { target: 'nobody' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ results: [{ target: 'nobody', outcome: 'failure', reason: 'connect_refused' }] });
  });

  test.each([
    [{}, 'field "target" is missing; allowed: the name of one target'],
    [{ target: 'stranger' }, 'unknown target "stranger"; allowed: lost, mail, nobody'],
    [{ target: ['mail'] }, 'field "target" is wrong; allowed: the name of one target'],
    [{ target: 'mail', record: true }, 'unknown field "record"; allowed: target'],
  ])('of %p is refused', async (body, message) => {
    const response = await operating.act('run', body);
    expect([response.status, await response.json()]).toEqual([400, { error: { code: 'bad_request', message } }]);
  });

  test('by a function that is not there is told', async () => {
    const response = await operating.act('run', { target: 'lost' });
    expect([response.status, await response.json()]).toEqual([
      502,
      {
        error: {
          code: 'no_answer',
          message: expect.stringMatching(/^the function http gave no whole answer: not reached: run: /) as string,
        },
      },
    ]);
  });
});

describe('other sites, and people who are no operators', () => {
  const foreign: [string, Record<string, string>, string][] = [
    ['without the header', { 'x-synthetics-action': '' }, 'the header X-Synthetics-Action: run is missing'],
    ['with the header of another action', { 'x-synthetics-action': 'verify' }, 'the header X-Synthetics-Action: run is missing'],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 'another site asks for it (Sec-Fetch-Site)'],
    ['from another service of the same domain', { 'sec-fetch-site': 'same-site' }, 'another site asks for it (Sec-Fetch-Site)'],
    ['from no page at all', { 'sec-fetch-site': 'none' }, 'another site asks for it (Sec-Fetch-Site)'],
    // A foreign name may lead to a proxy on the machine itself, and the browser takes that for the same site.
    ['from a foreign name', { 'sec-fetch-site': 'same-origin', origin: 'http://evil.example:8080' }, 'another site asks for it (Origin)'],
    ['from nowhere', { origin: 'null' }, 'another site asks for it (Origin)'],
  ];

  test.each(foreign)('can do nothing %s', async (_, headers, message) => {
    const response = await operating.act('run', { target: 'mail' }, headers);
    expect([response.status, await response.json()]).toEqual([403, { error: { code: 'forbidden', message } }]);
    expect(operating.server.accepted()).toBe(0);
  });

  test('can do nothing by a form', async () => {
    for (const action of ['run', 'verify']) {
      const response = await fetch(new URL(`api/${action}`, operating.status.url), {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...operating.as(ann) },
        body: JSON.stringify({ target: 'mail' }),
      });
      expect(response.status).toBe(403);
    }
  });

  test('are never allowed to ask beforehand', async () => {
    const response = await fetch(new URL('api/run', operating.status.url), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-synthetics-action',
      },
    });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  test('do not act by reading', async () => {
    for (const action of ['run', 'verify']) {
      const response = await fetch(new URL(`api/${action}?target=mail`, operating.status.url), { headers: operating.as(ann) });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  test.each([
    ['eve@example.com', 'eve@example.com is none of the status.operators of the configuration'],
    [undefined, 'nothing says who you are'],
  ])('%p may not act, is told why, and is in the log', async (address, refused) => {
    for (const action of ['run', 'verify'] as const) {
      const who = address === undefined ? { 'x-goog-iap-jwt-assertion': '' } : operating.as(address);
      const response = await fetch(new URL(`api/${action}`, operating.status.url), {
        method: 'POST',
        headers: { 'x-synthetics-action': action, ...(address === undefined ? {} : who) },
        body: '{}',
      });
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([response.status, error.code]).toEqual([403, 'forbidden']);
      expect(error.message).toContain(refused);
      expect(operating.messages().join('\n')).toContain(`status: ${action} refused to ${address ?? 'somebody unknown'}: ${refused}`);
    }
  });

  test('the page itself acts, by its own name and through a proxy on the machine', async () => {
    operating.release();
    const { host } = new URL(operating.status.url);
    for (const origin of [`https://${host}`, 'http://localhost:8080', 'http://[::1]:8080'])
      expect((await operating.act('run', { target: 'mail' }, { 'sec-fetch-site': 'same-origin', origin })).status).toBe(200);
  });
});
