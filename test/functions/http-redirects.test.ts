/** Where the http kind lets itself be led, and what it says there. */
import type { IncomingHttpHeaders } from 'node:http';
import { createAuthority, type Authority } from '../../local/services/certificates';
import { bodyOf, http, httpServer, probedAt, redirect, type Listening } from '../support/exchanging';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority();
});

/** A server that redirects `/` to what it is told, and remembers what it hears. */
async function redirecting(location: string, status = 302, isSecured = false): Promise<Listening & { readonly heard: readonly Heard[] }> {
  const heard: Heard[] = [];
  const server = await httpServer(
    (request, response) => {
      const { method, url, headers } = request;
      void bodyOf(request).then((body) => {
        heard.push({ method, url, headers, body });
        return url === '/' ? redirect(response, status, location) : response.end('arrived');
      });
    },
    isSecured ? await authority.issue() : undefined,
  );
  return { ...server, heard };
}

/** Sends to the first of two servers, which redirects to the second. */
async function across(target: Readonly<Record<string, unknown>>, status = 302, [first, second] = ['http', 'http']) {
  const to = await redirecting('/never', 302, second === 'https');
  const from = await redirecting(`${second}://127.0.0.1:${to.port}/there`, status, first === 'https');
  const ca = { ca: authority.certificate };
  const leaks = await watchLeaks();
  const result = await probeOne(http, {
    url: `${first}://user:pass@127.0.0.1:${from.port}/`,
    timeout: '3s',
    ...(first === 'https' ? { tls: ca } : {}),
    ...target,
  });
  await from.close();
  await to.close();
  await leaks.assertNothingLeft();
  return { result, from: from.heard, to: to.heard };
}

describe('a redirect', () => {
  test('is followed on a connection of its own; phases are those of the last hop', async () => {
    const server = await redirecting('/there?x=1#part', 302, true);
    const result = await probedAt(Promise.resolve(server), { tls: { ca: authority.certificate } }, { scheme: 'https' });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'http.status': 200, 'http.redirects': 1, 'http.bodyBytes': 7 } });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'request', 'transfer']);
    const inPhases = Object.values(result.phases).reduce((sum, ms) => sum + ms, 0);
    expect(inPhases).toBeLessThan(result.durationMs);
    expect(server.heard.map(({ url }) => url)).toEqual(['/', '/there?x=1']);
  });

  test('that fails later shows the phases of that hop alone', async () => {
    const server = await redirecting('http://127.0.0.1:1/');
    const result = await probedAt(Promise.resolve(server));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_refused', phase: 'connect', observed: { 'http.status': 302 } });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect']);
  });

  test.each([
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'POST', 'GET', false],
    [307, 'POST', 'POST', true],
    [308, 'POST', 'POST', true],
    [301, 'PUT', 'PUT', true],
    [302, 'PUT', 'PUT', true],
    [303, 'PUT', 'GET', false],
    [303, 'HEAD', 'HEAD', false],
    [301, 'HEAD', 'HEAD', false],
  ])('by %i turns %s into %s', async (status, method, then, keepsBody) => {
    const server = await redirecting('/there', status);
    await probedAt(Promise.resolve(server), { method, ...(method === 'HEAD' ? {} : { json: { a: 1 } }) });
    const [, second] = server.heard;
    expect(second).toMatchObject({ method: then, body: keepsBody ? '{"a":1}' : '' });
    expect(second?.headers['content-type']).toBe(keepsBody ? 'application/json' : undefined);
    expect(second?.headers['content-length']).toBe(keepsBody ? '7' : undefined);
  });

  test('is an answer like any other with redirects: 0, and without a location', async () => {
    const server = (): Promise<Listening> => redirecting('/there?token=hunter2');
    expect(await probedAt(server(), { redirects: 0, expect: { status: [302] } })).toMatchObject({ outcome: 'success' });
    const refused = await probedAt(server(), { redirects: 0 });
    expect(refused).toMatchObject({ outcome: 'failure', reason: 'unexpected_status', code: '302', observed: { 'http.redirects': 0 } });
    expect(refused.message).toMatch(/^the status is 302 to http:\/\/127\.0\.0\.1:\d+\/there$/);
    const nowhere = httpServer((_, response) => response.writeHead(302).end());
    expect(await probedAt(nowhere)).toMatchObject({ reason: 'unexpected_status', code: '302' });
  });

  test.each([
    [undefined, 6],
    [2, 3],
  ])('in a loop ends at the limit (%p)', async (redirects, requests) => {
    const server = await redirecting('/');
    const result = await probedAt(Promise.resolve(server), redirects === undefined ? {} : { redirects });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'unexpected_status', owner: 'application', phase: 'request', code: '302' });
    expect(result.message).toContain(`more than ${redirects ?? 5} redirects`);
    expect(server.heard).toHaveLength(requests);
  });
});

describe('what a redirect is refused', () => {
  test.each<[string, string]>([
    ['the metadata server', 'http://169.254.169.254/computeMetadata/v1/'],
    ['its name', 'http://metadata.google.internal/computeMetadata/v1/'],
    ['its address in another spelling', 'http://0xa9fea9fe/'],
    ['a link-local address', 'http://[fe80::1]/'],
    ['a forbidden host', 'https://db.prod.example.com/'],
    ['another scheme', 'file:///etc/passwd'],
    ['a unix socket', 'unix:/run/docker.sock:/containers'],
    ['no URL', 'http://'],
  ])('%s', async (_, location) => {
    const server = await redirecting(location);
    const config = { forbiddenHosts: ['*.prod.example.com'] };
    const result = await probedAt(Promise.resolve(server), {}, { config });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'unexpected_status', phase: 'request', code: '302' });
    expect(result.message).toMatch(/^the redirect \(302\) was refused: /);
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'request']);
  });

  test.each([
    [307, {}, []],
    [302, {}, [{ method: 'GET', body: '' }]],
  ])('a body for another host, by %i', async (status, target, arrived) => {
    const { result, to } = await across({ json: { password: 'x' }, ...target }, status);
    expect(to.map(({ method, body }) => ({ method, body }))).toEqual(arrived);
    expect(result.reason).toBe(arrived.length > 0 ? null : 'unexpected_status');
  });
});

describe('credentials', () => {
  const headers = { Cookie: 'session=1', 'Proxy-Authorization': 'Basic x', 'X-Api-Key': 'key', Accept: 'application/json' };
  const names = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

  test('go on to the same host', async () => {
    const server = await redirecting('/there');
    const url = `http://user:pass@127.0.0.1:${server.port}/`;
    await probedAt(Promise.resolve(server), { url, headers });
    for (const { headers: heard } of server.heard) for (const name of names) expect(heard).toHaveProperty(name);
  });

  test.each([
    ['http', 'http'],
    ['https', 'https'],
    ['https', 'http'],
  ])('do not go to another one (%s, %s)', async (...schemes) => {
    const { result, from, to } = await across({ headers }, 302, schemes);
    expect(from[0]?.headers).toMatchObject({ authorization: expect.stringContaining('Basic '), cookie: 'session=1', 'x-api-key': 'key' });
    expect(result.outcome).toBe('success');
    expect(to).toHaveLength(1);
    expect(to[0]?.headers).toMatchObject({ accept: 'application/json', host: expect.stringMatching(/^127/) });
    for (const name of names) expect(to[0]?.headers).not.toHaveProperty(name);
  });

  test('of the URL that a redirect names are not taken over', async () => {
    const server = await redirecting('/never');
    const named = await redirecting(`http://evil:hunter2@127.0.0.1:${server.port}/there`);
    const result = await probedAt(Promise.resolve(named));
    await server.close();
    expect(server.heard[0]?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
