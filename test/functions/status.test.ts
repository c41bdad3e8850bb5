import { probe as httpProbe, kind as httpKind } from '../../functions/http';
import { handlerOf } from '../../functions/status';
import { probeOne } from '../support/probing';
import { answersOf, type StatusAnswers } from '../support/status-shapes';
import { allWell as all, someTargets, startTelling, times, type Telling, type Told } from '../support/telling';

let telling: Telling;
let ask: (path: string, init?: RequestInit) => Promise<Told>;
const { health, readiness, states, stateOf }: StatusAnswers = answersOf((path) => ask(path));

beforeAll(async () => {
  telling = await startTelling(someTargets);
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());
beforeEach(() => telling.renew());

test('when all is well it is ready', async () => {
  await telling.run(all);
  const [status, document] = await health();
  expect(status).toBe(200);
  expect(document).toMatchObject({
    status: 'healthy',
    infrastructure_ready: true,
    infrastructure_components: {
      database: { status: 'healthy', component: 'database', critical: true },
      tcp: { status: 'healthy', component: 'tcp', critical: false },
      vpc_connector: { status: 'healthy', component: 'vpc_connector', critical: true },
    },
    degraded_components: [],
    vpc_connectivity: { overall: true, degraded_count: 0 },
    infrastructure_team_actions: { vpc_connector: 'none' },
  });
  expect(await readiness()).toEqual([
    200,
    expect.objectContaining({ status: 'ready', core_db: 'connected', websocket_readiness: { websocket_ready: null } }),
  ]);
});

test('the kind http can probe it as it probes an application', async () => {
  await telling.run(all);
  const { url } = telling.hosted();
  const json = [
    'infrastructure_ready',
    'length(degraded_components) == `0`',
    'vpc_connectivity.overall',
    'vpc_connectivity.degraded_count == `0`',
    "type(service) == 'string' && type(environment) == 'string' && type(status) == 'string'",
    "type(infrastructure_components.database) == 'object'",
    'length(values(infrastructure_components)[?length([status, component, critical][?@ != `null`]) != `3`]) == `0`',
    "type(infrastructure_team_actions.vpc_connector) == 'string'",
  ];
  const target = { url: `${url}health/infrastructure`, expect: { json } };
  expect(await probeOne({ kind: httpKind, probe: httpProbe }, target)).toMatchObject({ outcome: 'success' });
  telling.pass(6 * times.minute);
  expect(await probeOne({ kind: httpKind, probe: httpProbe }, target)).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
});

test('a broken connector is down, and its people are told what to do', async () => {
  const lost = 'failure connect_timeout';
  await telling.run({ ...all, back: lost, cache: lost, store: lost, db: lost, way: 'failure resource_not_ready' });
  const [status, document] = await health();
  expect(status).toBe(503);
  expect(document).toMatchObject({
    status: 'unhealthy',
    infrastructure_ready: false,
    degraded_components: ['database', 'http', 'redis', 'tcp', 'vpc_connector'],
    vpc_connectivity: { overall: false, degraded_count: 5 },
  });
  expect(document.infrastructure_components['tcp']).toEqual({ status: 'degraded', component: 'tcp', critical: false });
  expect(document.infrastructure_team_actions.vpc_connector).toContain('the-connector');
  expect(await readiness()).toEqual([503, expect.objectContaining({ status: 'not_ready', core_db: 'disconnected' })]);
  expect((await states()).causes).toMatchObject([{ cause: 'vpc-connector', targets: ['way'], blocks: ['back', 'cache', 'db', 'store'] }]);
  expect(await stateOf('db')).toMatchObject({ outcome: 'failure', reason: 'connect_timeout', blockedBy: 'vpc-connector' });
  expect(await stateOf('way')).toMatchObject({ reason: 'resource_not_ready', owner: 'infrastructure', blockedBy: null });
});

test('what is not critical is never down', async () => {
  await telling.run({ ...all, back: 'failure unexpected_status', store: 'failure connect_refused', app: 'degraded secret_stale' });
  expect(await health()).toEqual([
    200,
    expect.objectContaining({ status: 'degraded', infrastructure_ready: true, degraded_components: ['http', 'secrets', 'tcp'] }),
  ]);
});

test('what can not be told is unknown, never down and never ready', async () => {
  await telling.run({ ...all, cache: 'unknown api_denied' });
  const [status, document] = await health();
  expect([status, document.status, document.infrastructure_ready, document.degraded_components]).toEqual([200, 'unknown', null, []]);
  expect(document.infrastructure_components['redis']?.status).toBe('unknown');
  expect(await readiness()).toEqual([200, expect.objectContaining({ status: 'unknown', core_db: 'connected' })]);
});

test('a way into the VPC of which a part can not be told is neither open nor closed', async () => {
  await telling.run({ ...all, store: 'unknown prober_exhausted' });
  expect((await health())[1].vpc_connectivity).toEqual({ overall: null, degraded_count: 0 });
  telling.pass(2 * times.minute);
  await telling.run({ ...all, front: 'unknown prober_exhausted' });
  expect((await health())[1].vpc_connectivity).toEqual({ overall: true, degraded_count: 0 });
});

test('where nothing was ever heard of a target it is unknown', async () => {
  const [status, document] = await health();
  expect([status, document.status, document.infrastructure_ready, document.vpc_connectivity.overall]).toEqual([200, 'unknown', null, null]);
  expect(await stateOf('cache')).toMatchObject({ outcome: 'unknown', stale: true, since: null, lastSeen: null, latencyMs: null });
});

describe('a target that is not heard of', () => {
  // Two schedules, its run of at most two attempts of 3 s and a second between them, and 3 minutes.
  const limit = 2 * times.minute + 7000 + 3 * times.minute;

  test.each([
    ['still counts just before it is stale', limit - 1000, { outcome: 'failure', reason: 'connect_refused', stale: false }],
    ['is unknown as soon as it is stale, also if it failed', limit + 1000, { outcome: 'unknown', reason: null, owner: null, stale: true }],
  ])('%s', async (_, passed, expected) => {
    await telling.run({ cache: 'failure connect_refused' });
    const at = new Date(telling.now()).toISOString();
    telling.pass(passed);
    expect(await stateOf('cache')).toMatchObject({ ...expected, lastSeen: at });
    expect((await health())[0]).toBe(expected.stale ? 200 : 503);
  });

  test('for hours is fine where it is only looked at once an hour', async () => {
    await telling.run(all);
    telling.pass(2 * times.hour);
    expect(await stateOf('app')).toMatchObject({ outcome: 'success', stale: false });
    expect(await stateOf('db')).toMatchObject({ outcome: 'unknown', stale: true });
    telling.pass(5 * times.minute);
    expect(await stateOf('app')).toMatchObject({ outcome: 'unknown', stale: true });
  });
});

test('since when, how slow, how long its certificate lasts, and which secrets are no good', async () => {
  await telling.run(all);
  const stamps: string[] = [];
  for (let run = 0; run < 3; run += 1) {
    telling.pass(times.minute);
    stamps.push(new Date(telling.now()).toISOString());
    const findings = [{ subject: 'db-password', outcome: 'failure' as const, reason: null, message: '', durationMs: null }];
    await telling.run({ app: 'failure secret_missing' }, { findings });
    await telling.run({ cache: 'failure out_of_memory' }, { durationMs: 12.5, observed: { 'tls.daysUntilExpiry': 20.5 } });
  }
  expect(await stateOf('cache')).toMatchObject({
    outcome: 'failure',
    domain: 'capacity',
    owner: 'infrastructure',
    since: stamps[0],
    lastSeen: stamps[2],
    latencyMs: 12.5,
    certificateDays: 20.5,
    schedule: '* * * * *',
    public: false,
  });
  expect(await stateOf('app')).toMatchObject({ outcome: 'failure', schedule: '0 * * * *', invalidSecrets: ['db-password'] });
  expect(await stateOf('front')).toMatchObject({ outcome: 'success', public: true, invalidSecrets: [], certificateDays: null });
});

describe('a request', () => {
  test('for the page names the paths', async () => {
    const { status, headers, text } = await ask('/');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    for (const path of ['/health/infrastructure', '/health/ready', '/api/targets', '/api/history']) expect(text).toContain(`GET ${path}`);
  });

  test('that only wants the header gets it', async () => {
    await telling.run({ ...all, db: 'failure connect_refused' });
    const { status, text } = await ask('/health/ready', { method: 'HEAD' });
    expect([status, text]).toEqual([503, '']);
  });

  test.each(['/nothing', '/health', '/health/ready/', '/api'])('for %s is not found', async (path) => {
    const { status, body } = await ask(path);
    expect([status, body]).toEqual([404, { error: { code: 'not_found', message: expect.stringContaining('/health/ready') } }]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('by %s is refused', async (method) => {
    const { status, headers, body } = await ask('/health/ready', { method });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(body).toMatchObject({ error: { code: 'method_not_allowed' } });
  });
});

describe('whose fault it is', () => {
  test('a critical failure of the application alone leaves the infrastructure ready, and the whole not', async () => {
    await telling.run({ ...all, front: 'failure assertion_failed' });
    expect((await states()).causes).toMatchObject([{ cause: 'target/front', owner: 'application' }]);
    const [status, document] = await health();
    expect(status).toBe(200);
    expect(document).toMatchObject({
      status: 'degraded',
      infrastructure_ready: true,
      infrastructure_components: { http: { status: 'unhealthy', critical: true } },
      degraded_components: ['http'],
      infrastructure_team_actions: { vpc_connector: 'none' },
    });
    expect(await readiness()).toEqual([503, expect.objectContaining({ status: 'not_ready' })]);
  });

  test('what the application says because something below it is broken is the fault of that', async () => {
    await telling.run({ ...all, front: 'failure assertion_failed', back: 'failure connect_refused' });
    const { causes } = await states();
    expect(causes).toMatchObject([{ owner: 'infrastructure', blocks: ['front'] }]);
    expect([(await health())[0], (await readiness())[0]]).toEqual([503, 503]);
  });

  test('what the operator has to mend is not the fault of the application', async () => {
    await telling.run({ ...all, app: 'failure secret_missing' });
    expect((await states()).causes).toMatchObject([{ owner: 'operator' }]);
    expect([(await health())[0], (await readiness())[0]]).toEqual([503, 503]);
  });

  test('beside a critical failure of the application, what can not be told of the infrastructure is unknown', async () => {
    await telling.run({ ...all, front: 'failure assertion_failed', cache: 'unknown api_denied' });
    const [status, document] = await health();
    expect([status, document.status, document.infrastructure_ready]).toEqual([200, 'unknown', null]);
    expect((await readiness())[0]).toBe(503);
  });
});

test('a connector of which only the settings are wrong is counted, but the way is open as long as all gets through', async () => {
  await telling.run({ ...all, way: 'failure resource_misconfigured' });
  expect((await health())[1].vpc_connectivity).toEqual({ overall: true, degraded_count: 1 });
  telling.pass(times.hour);
  const lost = 'failure connect_timeout';
  await telling.run({ ...all, way: 'failure resource_misconfigured', back: lost, cache: lost, store: lost, db: lost });
  expect((await health())[1].vpc_connectivity).toEqual({ overall: false, degraded_count: 5 });
});
