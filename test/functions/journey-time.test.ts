/** Journeys and time: silent servers, limits of steps, and steps that clean up after all else failed. */
import { createAuthority } from '../../local/services/certificates';
import { httpServer, type Listening } from '../support/exchanging';
import { closingServer, garbageServer, refusingPort, resettingServer, serveRaw, silentServer, type RawServer } from '../support/raw-server';
import { said, travelled } from '../support/travelling';
import { upgradingServer } from '../support/upgrading-server';

let asked: string[];
let service: Listening;
beforeAll(async () => {
  service = await httpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url !== '/hang') response.end('{"id":"the-thread","count":7}');
  });
});
beforeEach(() => (asked = []));
afterAll(() => service.close());

const get = (name: string, path: string, more: object = {}): object => ({
  name,
  http: { url: `http://127.0.0.1:${service.port}${path}` },
  ...more,
});

/** One step of each sort that leads to a server. */
const leadingTo = (port: number): readonly (readonly [string, object])[] => [
  ['http', { http: { url: `http://127.0.0.1:${port}/` } }],
  ['https', { http: { url: `https://127.0.0.1:${port}/` } }],
  ['websocket', { websocket: { url: `ws://127.0.0.1:${port}/` } }],
  ['wss', { websocket: { url: `wss://127.0.0.1:${port}/` } }],
  ['tcp', { tcp: { host: '127.0.0.1', port, steps: [{ expect: '^220' }] } }],
];

describe('a server that', () => {
  test.each<[string, () => Promise<RawServer>, readonly string[]]>([
    ['refuses', refusingPort, ['connect_refused']],
    ['accepts, and says nothing', silentServer, ['timeout']],
    ['closes at once', closingServer, ['connection_reset']],
    ['resets at once', resettingServer, ['connection_reset']],
    ['sends garbage', garbageServer, ['protocol_error', 'tls_handshake', 'timeout']],
  ])('%s fails each sort of step', async (_, start, reasons) => {
    const server = await start();
    for (const [name, action] of leadingTo(server.port)) {
      const result = await travelled({ steps: [{ name, ...action }, get('after', '/')], timeout: '2s' });
      expect(result).toMatchObject({ outcome: 'failure', phase: 'step', message: expect.stringMatching(`^${name}: `) });
      expect(reasons).toContain(result.reason);
      expect(result.findings).toMatchObject([
        { subject: name, outcome: 'failure', reason: result.reason },
        { subject: 'after', outcome: 'unknown', reason: null, message: `skipped: ${name} failed`, durationMs: null },
      ]);
      expect(result.durationMs).toBeLessThan(2_400);
    }
    await server.close();
    expect(asked).toEqual([]);
  });

  test('upgrades, and then says nothing, is told by the step inside', async () => {
    const server = await upgradingServer(() => {});
    const websocket = { url: `ws://127.0.0.1:${server.port}/`, ping: false, steps: [{ expect: 'a', name: 'first' }] };
    const result = await travelled({ steps: [{ name: 'talk', websocket }], timeout: '2s' });
    await server.close();
    expect(result.message).toMatch(/^talk: first: no message matched within 1\d{3} ms; 0 skipped$/);
  });

  test('has a bad certificate is told with its days', async () => {
    const authority = await createAuthority();
    const server = await serveRaw(() => {}, { tls: await authority.issue({ dns: ['other.example.com'] }) });
    const tls = { ca: authority.certificate };
    for (const action of [
      { http: { url: `https://127.0.0.1:${server.port}/`, tls } },
      { websocket: { url: `wss://127.0.0.1:${server.port}/`, tls } },
      { tcp: { host: '127.0.0.1', port: server.port, tls } },
    ]) {
      const result = await travelled({ steps: [{ name: 'call', ...action }] });
      expect(result).toMatchObject({
        outcome: 'failure',
        reason: 'certificate_name_mismatch',
        domain: 'certificate',
        owner: 'infrastructure',
      });
      expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(365, 0);
    }
    await server.close();
  });
});

test('of several certificates the one that expires first counts', async () => {
  const authority = await createAuthority();
  const answer = (_: unknown, response: { end: (text: string) => unknown }): void => void response.end('{}');
  const days = (count: number): { notAfter: Date } => ({ notAfter: new Date(Date.now() + count * 86_400_000) });
  const servers = await Promise.all([40, 10, 30].map(async (count) => httpServer(answer, await authority.issue(days(count)))));
  const steps = servers.map(({ port }, index) => ({
    name: `call${index}`,
    http: { url: `https://127.0.0.1:${port}/`, tls: { ca: authority.certificate } },
  }));
  const result = await travelled({ steps, warn: { minCertificateValidity: '21d' } });
  for (const server of servers) await server.close();
  expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring' });
  expect(result.observed['tls.daysUntilExpiry']).toBeCloseTo(10, 0);
});

describe('a step', () => {
  test('has its own limit, and the name of what it waited for', async () => {
    const result = await travelled({ steps: [get('first', '/'), get('second', '/hang', { within: '300ms' })], timeout: '5s' });
    expect(result).toMatchObject({ reason: 'timeout', message: 'second: no answer within 300 ms (in phase request)' });
    expect(result.durationMs).toBeLessThan(1500);
  });

  test('that pauses is cut with the target', async () => {
    const result = await travelled({ steps: [get('first', '/'), { name: 'rest', pause: '500ms' }], timeout: '500ms' });
    expect(result).toMatchObject({ reason: 'timeout', message: expect.stringMatching(/^rest: the pause was cut after \d+ ms$/) });
    expect(result.durationMs).toBeLessThan(600);
  });
});

describe('a step that cleans up', () => {
  const creating = (): object => get('create', '/create', { capture: { thread: 'id' } });
  const removing = (): object =>
    get('remove', '', { http: { method: 'DELETE', url: `http://127.0.0.1:${service.port}/remove/\${thread}` }, always: true });

  test('is done in its turn when all is well', async () => {
    const result = await travelled({ steps: [creating(), get('use', '/use'), removing()] });
    expect(result).toMatchObject({ outcome: 'success' });
    expect(asked).toEqual(['GET /create', 'GET /use', 'DELETE /remove/the-thread']);
  });

  test('is done after a failure, by every user, and the failure stays what it was', async () => {
    const wrong = get('use', '/use', { http: { url: `http://127.0.0.1:${service.port}/use`, expect: { status: [201] } } });
    const result = await travelled({ users: 2, steps: [creating(), wrong, get('more', '/more'), removing()] });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'unexpected_status', message: expect.stringMatching(/^use: user 1: /) });
    expect(said(result).map(([subject, outcome]) => [subject, outcome])).toEqual([
      ['create', 'success'],
      ['use', 'failure'],
      ['more', 'unknown'],
      ['remove', 'success'],
    ]);
    expect(asked.filter((line) => line.startsWith('DELETE'))).toHaveLength(2);
  });

  test('is done after a timeout, within the time', async () => {
    const result = await travelled({ steps: [creating(), get('use', '/hang'), removing()], timeout: '2s' });
    expect(result).toMatchObject({ reason: 'timeout', message: expect.stringMatching(/^use: no answer within 1\d\d\d ms/) });
    expect(asked.at(-1)).toBe('DELETE /remove/the-thread');
    expect(result.durationMs).toBeLessThan(2100);
  });

  test('and hangs, too, leaves time to the next one', async () => {
    const hanging = get('first', '/hang', { always: true });
    const result = await travelled({ steps: [creating(), get('use', '/hang'), hanging, removing()], timeout: '3s' });
    expect(said(result).map(([subject, outcome]) => [subject, outcome])).toEqual([
      ['create', 'success'],
      ['use', 'failure'],
      ['first', 'failure'],
      ['remove', 'success'],
    ]);
    expect(result.message).toMatch(/^use: /);
    expect(result.durationMs).toBeLessThan(3100);
  });

  test('is left out where what it needs was never captured', async () => {
    const result = await travelled({ steps: [get('create', '/hang', { capture: { thread: 'id' }, within: '200ms' }), removing()] });
    expect(said(result).at(-1)).toEqual(['remove', 'unknown', 'skipped: create failed, and thread was not captured']);
    expect(result).toMatchObject({ reason: 'timeout' });
  });

  test('has what a dialogue captured before it failed', async () => {
    const server = await serveRaw((socket) => void socket.write('220 session-42\r\n'));
    const talk = {
      host: server.host,
      port: server.port,
      steps: [
        { expect: '^220 (.*)', capture: 'session' },
        { expect: '^250', within: '200ms' },
      ],
    };
    const bye = { http: { url: `http://127.0.0.1:${service.port}/bye/\${session.1}` } };
    await travelled({
      steps: [
        { name: 'talk', tcp: talk },
        { name: 'bye', ...bye, always: true },
      ],
    });
    await server.close();
    expect(asked).toEqual(['GET /bye/session-42']);
  });
});

test('an unknown of the monitor is no failure of the target', async () => {
  const steps = [{ name: 'call', http: { url: 'http://${marker}.forbidden.example.com/' } }, get('after', '/')];
  const result = await travelled({ steps }, { config: { forbiddenHosts: ['*.forbidden.example.com'] } });
  expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
  expect(result.findings).toMatchObject([
    { subject: 'call', outcome: 'unknown', reason: 'config_invalid' },
    { subject: 'after', outcome: 'unknown', reason: null },
  ]);
});
