import { handlerOf } from '../../functions/diagnose';
import type { DiagnoseReport } from '../../functions/diagnose/report';
import { allWell as all, someTargets, startTelling, times, type Said, type Telling, type Told } from '../support/telling';

let telling: Telling;
let ask: (path: string, init?: RequestInit) => Promise<Told>;

beforeAll(async () => {
  telling = await startTelling(someTargets);
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());
beforeEach(() => telling.renew());

const connectorDown: Readonly<Record<string, Said>> = {
  ...all,
  back: 'failure connect_timeout',
  cache: 'failure connect_timeout',
  store: 'failure connect_timeout',
  db: 'failure connect_timeout',
  way: 'failure resource_not_ready',
};

async function diagnosed(status = 200, path = '', init?: RequestInit): Promise<DiagnoseReport> {
  const told = await ask(path, init);
  expect([told.status, told.text.slice(0, 500)]).toEqual([status, expect.anything()]);
  return told.body as DiagnoseReport;
}

/** A run, and what is found some seconds after it; then the rest of the minute goes by. */
async function minuteOf(said: Readonly<Record<string, Said>>): Promise<DiagnoseReport> {
  await telling.run(said);
  telling.pass(10_000);
  const report = await diagnosed();
  telling.pass(times.minute - 10_000);
  return report;
}

const causesOf = ({ causes }: DiagnoseReport): (readonly [string, boolean])[] =>
  causes.map(({ cause, active }) => [cause, active] as const);
const blockedBy = ({ blocked }: DiagnoseReport): Record<string, string> =>
  Object.fromEntries(blocked.map(({ target, cause }) => [target, cause]));

/** Series of a metric, with their labels and those of their resource. */
const written = (metric: string) =>
  telling.monitoring.series().filter((series) => series.metric.type === `custom.googleapis.com/synthetic/${metric}`);

test('where nothing is wrong it asks for problems alone, once for each sort of schedule, and writes its heartbeat', async () => {
  await telling.run(all);
  const before = telling.questions();
  const report = await diagnosed();
  expect(report).toMatchObject({
    function: 'diagnose',
    environment: 'test',
    trigger: 'manual',
    shard: 0,
    outcome: 'success',
    reason: null,
    causes: [],
    blocked: [],
    read: { queries: 2, series: 0 },
    telemetry: { written: 3, superseded: 0, unwritten: 0 },
  });
  expect(telling.questions() - before).toBe(2);
  const [beat] = written('prober/healthy');
  expect(beat).toMatchObject({
    metric: { labels: { kind: 'diagnose', shard: '0', trigger: 'manual' } },
    resource: { type: 'generic_task', labels: { location: 'us-central1', namespace: 'test', job: 'diagnose', task_id: 'shard-0' } },
    points: [{ value: 1 }],
  });
  expect(written('prober/run_duration')).toHaveLength(1);
});

test('a broken connector blocks what lies behind it at once, and is active when it has lasted', async () => {
  const first = await minuteOf(connectorDown);
  expect(causesOf(first)).toEqual([['vpc-connector', false]]);
  const behind = { back: 'vpc-connector', cache: 'vpc-connector', store: 'vpc-connector', db: 'vpc-connector', way: 'vpc-connector' };
  expect(blockedBy(first)).toEqual(behind);
  expect(written('cause/active')).toEqual([]);

  const second = await minuteOf(connectorDown);
  expect(causesOf(second)).toEqual([['vpc-connector', true]]);
  expect(blockedBy(second)).toEqual(behind);
  expect(written('cause/active')).toMatchObject([
    {
      metric: { labels: { kind: 'diagnose', cause: 'vpc-connector', owner: 'infrastructure' } },
      resource: { labels: { job: 'diagnose', task_id: 'diagnose' } },
      points: [{ value: 1 }],
    },
  ]);
  expect(written('probe/blocked').find(({ metric }) => metric.labels['target'] === 'store')).toMatchObject({
    metric: { labels: { kind: 'tcp', target: 'store', severity: 'warning', cause: 'vpc-connector' } },
    resource: { labels: { job: 'tcp', task_id: 'store' } },
    points: [{ value: 1 }, { value: 1 }],
  });

  const healed = await minuteOf(all);
  expect([healed.causes, healed.blocked]).toEqual([[], []]);
});

test('a failure between successes never makes a cause active', async () => {
  for (const said of [all, connectorDown, all, connectorDown, all]) {
    const report = await minuteOf(said);
    expect(report.causes.filter(({ active }) => active)).toEqual([]);
  }
  expect(written('cause/active')).toEqual([]);
});

test('a target that fails alone is its own cause, and keeps paging by itself', async () => {
  await minuteOf({ ...all, cache: 'failure connect_refused' });
  const report = await minuteOf({ ...all, cache: 'failure connect_refused' });
  expect(causesOf(report)).toEqual([['target/cache', true]]);
  expect(report.blocked).toEqual([]);
  expect(written('probe/blocked')).toEqual([]);
});

test('what depends on a target that is worth less keeps paging', async () => {
  // The front is critical, the back is not: its policy would not wake anybody.
  const report = await minuteOf({ ...all, back: 'failure unexpected_status', front: 'failure bad_gateway' });
  expect(report.causes).toMatchObject([{ cause: 'target/back', targets: ['back'], blocks: ['front'] }]);
  expect(report.blocked).toEqual([]);
});

test('what is stale counts neither as failing nor as healthy', async () => {
  await telling.run(connectorDown);
  telling.pass(8 * times.minute);
  await telling.run({ front: 'success', cache: 'failure connect_refused' });
  const report = await diagnosed();
  expect(causesOf(report)).toEqual([['target/cache', false]]);
});

test('unknown targets are a cause of the monitor once they could not be told three times in a row', async () => {
  const untold: Readonly<Record<string, Said>> = { ...all, cache: 'unknown api_denied', db: 'unknown api_denied' };
  for (const active of [false, false, true]) expect(causesOf(await minuteOf(untold))).toEqual([['prober/api_denied', active]]);
  expect(written('cause/active')).toMatchObject([{ metric: { labels: { cause: 'prober/api_denied', owner: 'monitor' } } }]);
});

describe('secrets', () => {
  const finding = (subject: string, outcome: 'success' | 'failure') => ({ subject, outcome, reason: null, message: '', durationMs: null });

  test('of several the one that breaks its rules is named', async () => {
    await telling.run({ ...all, db: 'unknown secret_unavailable' });
    telling.pass(6000);
    await telling.run(
      { app: 'failure secret_disabled' },
      { findings: [finding('db-password', 'failure'), finding('cache-password', 'success')] },
    );
    const report = await diagnosed();
    expect(report.causes).toMatchObject([{ cause: 'secret/db-password', owner: 'operator', targets: ['app'], blocks: ['db'] }]);
    expect(blockedBy(report)).toEqual({ app: 'secret/db-password', db: 'secret/db-password' });
    expect(report.read.queries).toBe(5);
  });

  test('of two that break their rules each is told with what it blocks, so that none is worth more than that', async () => {
    await telling.run({ ...all, db: 'unknown secret_unavailable' });
    telling.pass(6000);
    await telling.run(
      { app: 'failure secret_disabled' },
      { findings: [finding('db-password', 'failure'), finding('cache-password', 'failure')] },
    );
    const report = await diagnosed();
    expect(report.causes).toMatchObject([
      { cause: 'secret/db-password', targets: ['app'], blocks: ['db'] },
      { cause: 'secret/cache-password', targets: ['app'], blocks: [] },
    ]);
    const told = written('probe/blocked').map(({ metric: { labels } }) => `${labels['target']} ${labels['cause']}`);
    expect(told.toSorted()).toEqual(['app secret/cache-password', 'app secret/db-password', 'db secret/db-password']);
  });

  test('one that was rotated since its users last worked is named, with the time of the change', async () => {
    await telling.run({ front: 'success', cache: 'success', db: 'success' });
    telling.pass(2 * times.minute);
    await telling.run({ app: 'success' }, { observed: { 'secret.ageDays': { 'db-password': 1 / 1440, 'cache-password': 90 } } });
    await telling.run({ front: 'success', cache: 'success', db: 'failure credentials_rejected' });
    telling.pass(5000);
    const report = await diagnosed();
    expect(report.causes).toMatchObject([{ cause: 'secret/db-password', owner: 'operator', confidence: 'high', blocks: ['db'] }]);
    const changed = Date.parse(report.causes[0]?.changedAt ?? '');
    expect(Math.abs(telling.now() - changed - times.minute)).toBeLessThan(times.minute + 10_000);
  });
});

describe('when Cloud Monitoring can not be read', () => {
  test.each([
    [{ code: 7, message: 'denied' }, 'api_denied'],
    [{ code: 3, message: 'nonsense' }, 'api_unavailable'],
  ])('%j nothing is said of any cause', async (fault, reason) => {
    await telling.run(connectorDown);
    telling.monitoring.fault({ methods: ['ListTimeSeries'], ...fault });
    const report = await diagnosed(500);
    expect(report).toMatchObject({ outcome: 'unknown', reason, causes: [], blocked: [], telemetry: { written: 3, unwritten: 0 } });
    expect(report.message).toContain(fault.message);
    expect(written('prober/healthy')).toMatchObject([{ points: [{ value: 0 }] }]);
    expect([...written('cause/active'), ...written('probe/blocked')]).toEqual([]);
    expect(telling.logged).toMatchObject([{ severity: 'ERROR', event: 'run' }]);
  });

  test('what comes late is waited for no longer than its time', async () => {
    telling.monitoring.fault({ methods: ['ListTimeSeries'], blackHole: true });
    const begun = performance.now();
    expect(await diagnosed(500)).toMatchObject({ outcome: 'unknown', reason: 'api_unavailable' });
    expect(performance.now() - begun).toBeLessThan(25_000);
  }, 40_000);

  test('nor written, every point is printed and it answers 500', async () => {
    telling.monitoring.fault({ methods: ['CreateTimeSeries'], code: 7, message: 'denied' });
    expect(await diagnosed(500)).toMatchObject({ outcome: 'success', telemetry: { written: 0, unwritten: 3 } });
    expect(telling.logged.filter(({ event }) => event === 'point_unwritten')).toHaveLength(3);
  });
});

describe('a request', () => {
  test('of the Scheduler is told as such', async () => {
    const report = await diagnosed(200, '', { method: 'POST', headers: { 'X-CloudScheduler': 'true' }, body: '{}' });
    expect(report.trigger).toBe('schedule');
    expect(written('prober/healthy')).toMatchObject([{ metric: { labels: { trigger: 'schedule' } } }]);
  });

  test('may leave no trace', async () => {
    const report = await diagnosed(200, '?record=false');
    expect(report.telemetry).toEqual({ written: 0, superseded: 0, unwritten: 0 });
    expect(telling.monitoring.series()).toEqual([]);
  });

  test('that follows another too soon writes nothing new, which is no fault', async () => {
    await diagnosed();
    telling.pass(1000);
    expect((await diagnosed()).telemetry).toEqual({ written: 0, superseded: 3, unwritten: 0 });
  });

  test.each([
    ['{"targets":["cache"]}', 'unknown field "targets"; allowed: trigger, record, shard'],
    ['{"record":"no"}', 'field "record" is wrong; allowed: true or false'],
    ['[]', 'the body is not a JSON object'],
    ['{', 'the body is not JSON'],
  ])('%s is refused', async (body, message) => {
    const told = await ask('', { method: 'POST', body });
    expect([told.status, told.body]).toEqual([400, { error: { code: 'bad_request', message } }]);
  });

  test('with another method is refused', async () => {
    const told = await ask('', { method: 'PUT', body: '{}' });
    expect([told.status, told.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});
