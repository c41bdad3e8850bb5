/** The `platform` probe of APIs that refuse, fail, are silent, or answer nonsense: for every resource the same. */
import { startPlatformStandIn } from '../../local/emulators/platform';
import {
  backendServiceOf,
  cloudRunService,
  cloudSqlInstance,
  managedCertificate,
  memorystoreInstance,
  project,
  schedulerJobOf,
  vpcConnector,
} from '../../local/emulators/platform/resources';
import { watchLeaks } from '../support/leaks';
import { denied, fine, runnable, startPlatformChecks, unavailable, type PlatformChecks } from '../support/platform-checks';
import { probeAll, probeOne } from '../support/probing';
import { refusingPort, serveRaw, type RawServer } from '../support/raw-server';

let checks: PlatformChecks;
beforeAll(async () => {
  checks = await startPlatformChecks();
});
beforeEach(() => {
  checks.clear();
  checks.put(...good);
});
afterAll(() => checks.close());

const good = [
  vpcConnector('c'),
  cloudSqlInstance('i'),
  cloudRunService('s'),
  backendServiceOf('b', []),
  managedCertificate('k', ['example.com'], new Date(Date.now() + 90 * 86_400_000).toISOString()),
  memorystoreInstance('m'),
  schedulerJobOf('j', new Date().toISOString()),
];
const targets = {
  vpcConnector: { vpcConnector: { name: 'c' } },
  cloudSql: { cloudSql: { instance: 'i' } },
  cloudRun: { cloudRun: { service: 's' } },
  backendService: { backendService: { name: 'b' } },
  certificate: { certificate: { name: 'k' } },
  memorystore: { memorystore: { instance: 'm' } },
  schedulerJob: { schedulerJob: { name: 'j' } },
  logs: { logs: { filter: 'x' } },
};

describe.each(Object.entries(targets))('%s', (_resource, target) => {
  test('is fine', async () => {
    expect(await checks.run(target)).toMatchObject(fine);
  });

  test('is refused to us', async () => {
    for (const code of [401, 403]) {
      checks.platform.heal();
      checks.platform.fault({ code, message: "Permission 'x.y.get' denied" });
      const result = await checks.run(target);
      expect(result).toMatchObject({ ...denied, code: String(code) });
      expect(result.message).toContain("Permission 'x.y.get' denied");
    }
  });

  test.each([429, 500, 503])('is answered with %d once', async (code) => {
    checks.platform.fault({ code, times: 1 });
    expect(await checks.run(target)).toMatchObject(fine);
  });

  test('is answered with 503 for good', async () => {
    checks.platform.fault({ code: 503, message: 'try later' });
    const result = await checks.run({ ...target, timeout: '1500ms' });
    expect(result).toMatchObject(unavailable);
    expect(result.durationMs).toBeLessThan(3000);
  });

  test('is slow, and within its time', async () => {
    checks.platform.fault({ delayMs: 300 });
    expect(await checks.run(target)).toMatchObject(fine);
  });

  test('is never answered', async () => {
    checks.platform.fault({ blackHole: true });
    const result = await checks.run({ ...target, timeout: '1500ms' });
    expect(result).toMatchObject(unavailable);
    expect(result.durationMs).toBeGreaterThan(1490);
    expect(result.durationMs).toBeLessThan(3000);
  });

  test.each([
    ['', 'the answer is not a JSON object'],
    ['<html>502</html>', 'the answer is not a JSON object'],
    ['{"state": "REA', 'the answer is not a JSON object'],
    ['null', 'the answer is not a JSON object'],
    ['"READY"', 'the answer is not a JSON object'],
  ])('is answered with %j', async (body, message) => {
    const result = await against(await answering(body), target);
    expect(result).toMatchObject(unavailable);
    expect(result.message).toContain(message);
  });
});

/** Runs a target against a server, and ends the server. */
async function against(server: RawServer, target: object): ReturnType<typeof probeOne> {
  try {
    return await probeOne(runnable, { ...target }, { platform: `${server.host}:${server.port}` });
  } finally {
    await server.close();
  }
}

/** @returns a server that answers everything with the body. */
async function answering(body: string, status = '200 OK'): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.on('data', () => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`));
  });
}

test.each([
  [targets.vpcConnector, '{"state":5}', "vpcaccess: the answer can't be read: state"],
  [targets.cloudSql, '{"state":"RUNNABLE","settings":[]}', "sqladmin: the answer can't be read: settings"],
  [targets.cloudRun, '{"template":{"timeout":"soon"}}', "run: the answer can't be read: template.timeout"],
  [targets.certificate, '{"expireTime":"soon"}', "compute: the answer can't be read: expireTime"],
  [targets.logs, '{"entries":{}}', "logging: the answer can't be read: entries"],
])('%j is answered with %s, which has another shape', async (target, body, message) => {
  const result = await against(await answering(body), target);
  expect(result).toMatchObject(unavailable);
  expect(result.message).toContain(message);
});

test('limits that are told as 403 are no refusal', async () => {
  const body = JSON.stringify({ error: { code: 403, message: 'Quota exceeded', errors: [{ reason: 'rateLimitExceeded' }] } });
  const result = await against(await answering(body, '403 Forbidden'), { ...targets.certificate, timeout: '1500ms' });
  expect(result).toMatchObject(unavailable);
  expect(result.message).toContain('Quota exceeded');
});

const behaviours: readonly (readonly [string, () => Promise<RawServer>])[] = [
  ['refuses', refusingPort],
  ['closes at once', () => serveRaw((socket) => socket.end())],
  ['resets', () => serveRaw((socket) => socket.resetAndDestroy())],
  ['says garbage', () => serveRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))],
  [
    'stops in the middle',
    () => serveRaw((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'))),
  ],
  ['never ends', () => serveRaw((socket) => socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{')))],
];

test.each(behaviours)('an API that %s tells nothing, and nothing stays open', async (_name, start) => {
  const leaks = await watchLeaks();
  const result = await against(await start(), { ...targets.vpcConnector, timeout: '1500ms' });
  expect(result).toMatchObject(unavailable);
  expect(result.message).toMatch(/^VPC connector projects\/.*: vpcaccess: /);
  expect(result.durationMs).toBeLessThan(3000);
  await leaks.assertNothingLeft();
});

test('nothing stays open after many targets, good, failing and silent ones', async () => {
  const leaks = await watchLeaks();
  const platform = await startPlatformStandIn();
  for (const { path, body } of good) platform.put(path, body);
  platform.fault({ resource: '/redis/', blackHole: true });
  platform.fault({ resource: '/run/', code: 500 });
  const section = Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [name.toLowerCase(), { ...target, timeout: '1500ms' }]),
  );
  const results = await probeAll(runnable, section, { platform: platform.address, config: { project } });
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([...Array<string>(6).fill('success'), 'unknown', 'unknown']);
  await platform.close();
  await leaks.assertNothingLeft();
});
