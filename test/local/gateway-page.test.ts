/** The top of the stack's one port: the page of `status` as behind Identity-Aware Proxy, and what other sites can't do. */
import { verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Gateway, startGateway } from '../../local/stack/gateway';
import { createIdentityProxy } from '../../local/stack/identity-proxy';
import { pause } from '../../shared/clock';

const audience = '/projects/123456789012/locations/us-central1/services/synthetics-local-status';
const identityProxy = createIdentityProxy(audience);
let status: Server;
let gateway: Gateway;
let switched: string[] = [];

/** What the function behind the port was asked. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** @param observed when everything was looked at */
async function openGateway(observed: Promise<void>): Promise<Gateway> {
  const opened = await startGateway(0);
  opened.open({
    functions: () => ['status'],
    url: () => `http://127.0.0.1:${(status.address() as AddressInfo).port}`,
    table: () => 'the table',
    assertion: identityProxy.assertion,
    observed,
    configuration: '{}',
    faults: {
      list: () => [{ name: 'redis-down', title: 'Redis is stopped', on: false, expects: [] }],
      set: async (name, on) => void switched.push(`${name} ${on}`),
    },
    onSwitch: () => {},
  });
  return opened;
}

beforeAll(async () => {
  status = createServer((incoming, outgoing) => {
    const seen: Seen = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers };
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
  }).listen(0, '127.0.0.1');
  await once(status, 'listening');
  gateway = await openGateway(Promise.resolve());
});
beforeEach(() => void (switched = []));
afterAll(async () => {
  await gateway.close();
  status.close();
  await once(status, 'close');
});

/** Not by fetch, which lets nobody choose Host. */
async function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body = '',
  { port } = gateway,
): Promise<[number, string]> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }).end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return [response.statusCode ?? 0, await text(response)];
}

const seenBy = async (path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Seen> =>
  JSON.parse((await ask(path, headers, method))[1]) as Seen;

interface Token {
  readonly head: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly isGenuine: boolean;
}

function read(token: unknown): Token {
  const [head = '', claims = '', signature = ''] = String(token).split('.');
  const parse = (part: string): Token['head'] => JSON.parse(Buffer.from(part, 'base64url').toString()) as Token['head'];
  const key = identityProxy.publicKeys[String(parse(head)['kid'])] ?? '';
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return { head: parse(head), claims: parse(claims), isGenuine };
}

test('the page comes at once, and what it tells once everything was looked at', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = await openGateway(promise);
  const get = (path: string): Promise<[number, string]> => ask(path, {}, 'GET', '', waiting);
  try {
    expect((await get('/'))[0]).toBe(200);
    const asked = ['/api/targets', '/health/ready'].map(get);
    expect(await Promise.race([...asked, pause(200)])).toBeUndefined();
    resolve();
    expect((await Promise.all(asked)).map(([code]) => code)).toEqual([200, 200]);
  } finally {
    await waiting.close();
  }
});

test.each(['/', '/api/targets?x=1', '/runbooks', '/health/ready', '/assets/page.js'])(
  '%s is that of the page, asked by the operator',
  async (path) => {
    const { url, headers } = await seenBy(path, { 'X-Synthetics-Action': 'run' });
    expect([url, headers['x-synthetics-action']]).toEqual([path, 'run']);
    const { head, claims, isGenuine } = read(headers['x-goog-iap-jwt-assertion']);
    expect([head['alg'], isGenuine]).toEqual(['ES256', true]);
    expect(claims).toMatchObject({ iss: 'https://cloud.google.com/iap', aud: audience, email: 'you@local.test' });
    const seconds = Date.now() / 1000;
    expect(Number(claims['iat'])).toBeLessThanOrEqual(seconds);
    expect(Number(claims['exp'])).toBeGreaterThan(seconds);
  },
);

const forged = {
  'X-Goog-IAP-JWT-Assertion': 'forged',
  'X-Goog-Authenticated-User-Email': 'accounts.google.com:you@local.test',
  'X-Goog-Authenticated-User-Id': 'accounts.google.com:1',
  Authorization: 'Bearer forged',
  'X-Serverless-Authorization': 'Bearer forged',
};

test.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'LOCALHOST'])(
  'who asks for %s is the operator, whatever they say',
  async (Host) => {
    const { headers } = await seenBy('/api/session', { Host, ...forged });
    expect(read(headers['x-goog-iap-jwt-assertion']).isGenuine).toBe(true);
    expect(JSON.stringify(headers)).not.toContain('forged');
    expect(Object.keys(headers).filter((name) => /authoriz|authenticated/.test(name))).toEqual([]);
  },
);

test.each(['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example', '192.168.1.2', '[::2]'])(
  'who asks for %s is nobody, whatever they say',
  async (Host) => {
    const { headers } = await seenBy('/api/session', { Host, ...forged });
    expect(headers['x-goog-iap-jwt-assertion']).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain('forged');
  },
);

test('a function is as it is deployed: nobody is put before it, and its headers stay', async () => {
  const plain = await seenBy('/functions/status/api/session');
  expect([plain.url, plain.headers['x-goog-iap-jwt-assertion']]).toEqual(['/api/session', undefined]);
  const sent = await seenBy('/functions/status', { Authorization: 'Bearer token' });
  expect([sent.url, sent.headers.authorization]).toEqual(['/', 'Bearer token']);
});

test('what the port answers itself does not reach the page', async () => {
  expect(await ask('/table')).toEqual([200, 'the table']);
  expect(await ask('/configuration')).toEqual([200, '{}']);
  expect((await ask('/faults'))[1]).toContain('redis-down');
  expect((await ask('/functions/nothing'))[0]).toBe(404);
  expect((await ask('/table', {}, 'DELETE'))[0]).toBe(405);
});

const foreign: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
  ['an old browser on another site', { Origin: 'https://evil.example' }],
  ['a page without an origin', { Origin: 'null' }],
  ['a name that leads here', { Host: 'evil.example' }],
  ['a name that leads here, as its own page', { Host: 'evil.example', Origin: 'http://evil.example', 'Sec-Fetch-Site': 'same-origin' }],
];

test.each(foreign)('%s can not break anything', async (_, headers) => {
  const [code, body] = await ask('/faults/redis-down', headers, 'POST', '{"on":true}');
  expect([code, JSON.parse(body)]).toEqual([403, { error: { code: 'forbidden', message: expect.stringMatching(/^the request /) } }]);
  expect(switched).toEqual([]);
});

test.each(foreign)('%s can not call a function', async (_, headers) => {
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const [code, body] = await ask('/functions/status/api/targets', { ...headers, 'X-CloudScheduler': 'true' }, method);
    expect([code, JSON.parse(body)]).toEqual([403, { error: { code: 'forbidden', message: expect.stringMatching(/^the request /) } }]);
  }
});

const near: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a program', {}],
  ['the page itself', { Host: 'localhost:1', Origin: 'http://localhost:1', 'Sec-Fetch-Site': 'same-origin' }],
  ['somebody at the address bar', { 'Sec-Fetch-Site': 'none' }],
];

test.each(near)('%s can', async (_, headers) => {
  expect((await ask('/faults/redis-down', headers, 'POST', '{"on":true}'))[0]).toBe(200);
  expect(switched).toEqual(['redis-down true']);
  for (const method of ['GET', 'POST']) expect((await seenBy('/functions/status/api/targets', headers, method)).url).toBe('/api/targets');
});
