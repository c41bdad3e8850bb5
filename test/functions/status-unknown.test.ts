import { handlerOf } from '../../functions/status';
import { answersOf, type StatusAnswers } from '../support/status-shapes';
import { startTelling, times, type Said, type Telling, type Told } from '../support/telling';

const database = { host: '10.0.0.3', user: 'u', password: { secret: 'p' }, tls: { mode: 'disable' } } as const;

let telling: Telling;
let ask: (path: string, init?: RequestInit) => Promise<Told>;
const { health, readiness, states, stateOf }: StatusAnswers = answersOf((path) => ask(path));

beforeAll(async () => {
  telling = await startTelling({
    postgres: { orders: database, reports: { ...database, severity: 'warning' } },
    websocket: { chat: { url: 'wss://10.0.0.4/', severity: 'error' } },
    tcp: {
      store: { host: '10.0.0.5', port: 9000, severity: 'warning' },
      office: { host: '10.0.0.6', port: 9000, severity: 'warning', schedule: '0 9,17 * * *' },
    },
  });
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());
beforeEach(() => telling.renew());

const all: Readonly<Record<string, Said>> = {
  orders: 'success',
  reports: 'success',
  chat: 'success',
  store: 'success',
  office: 'success',
};
const without = (...names: string[]): Readonly<Record<string, Said>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));

/** What both health endpoints say in short. */
async function told(): Promise<object> {
  const [status, { status: word, infrastructure_ready: ready, degraded_components: degraded }] = await health();
  const [readyStatus, { status: readyWord, core_db: db, websocket_readiness: websocket }] = await readiness();
  expect(readyStatus).toBe(status);
  return { status, word, ready, degraded, readyWord, db, websocket: websocket.websocket_ready };
}
const allWell = { status: 200, word: 'healthy', ready: true, degraded: [], readyWord: 'ready', db: 'connected', websocket: true };
const untold = { ...allWell, word: 'unknown', ready: null, readyWord: 'unknown' };

describe('of whatever severity, what can not be told is neither down nor up', () => {
  test.each<[string, Readonly<Record<string, Said>>, object]>([
    ['when all is well', all, allWell],
    ['when a run could not tell', { ...all, store: 'unknown prober_exhausted' }, untold],
    ['when nothing was ever heard', without('store'), untold],
    ['of a database', without('reports'), { ...untold, db: 'unknown' }],
    ['of a WebSocket', { ...all, chat: 'unknown secret_unavailable' }, { ...untold, websocket: null }],
    [
      'beside what is known to fail',
      { ...without('store'), chat: 'failure timeout' },
      { ...untold, degraded: ['websocket'], websocket: false },
    ],
    ['in a part of which something is known to fail', { ...without('store'), office: 'failure timeout' }, { ...untold, degraded: ['tcp'] }],
    [
      'but a critical failure is down',
      { orders: 'failure timeout' },
      { status: 503, word: 'unhealthy', ready: false, degraded: ['database'], readyWord: 'not_ready', db: 'disconnected', websocket: null },
    ],
  ])('%s', async (_, said, expected) => {
    await telling.run(said);
    expect(await told()).toEqual(expected);
  });

  test('when half of the targets are stale', async () => {
    await telling.run(all);
    telling.pass(6 * times.minute);
    await telling.run(without('reports', 'store'));
    expect(await told()).toEqual({ ...untold, db: 'unknown' });
    expect((await states()).counts).toEqual({ success: 3, degraded: 0, failure: 0, unknown: 2 });
  });
});

test('what fails does not work, also where it is not critical', async () => {
  await telling.run({ ...all, reports: 'failure too_many_connections', chat: 'failure upgrade_rejected' });
  expect(await told()).toEqual({
    ...allWell,
    word: 'degraded',
    degraded: ['database', 'websocket'],
    db: 'disconnected',
    websocket: false,
  });
});

test('what works with warnings works', async () => {
  await telling.run({ ...all, orders: 'degraded too_slow', chat: 'degraded too_slow' });
  expect(await told()).toEqual({ ...allWell, word: 'degraded', degraded: ['database', 'websocket'] });
});

test.each([
  ['counts through the longest pause of its schedule, over night', 16 * times.hour, { outcome: 'failure', stale: false }],
  ['still counts when its run after that is late', 31 * times.hour, { outcome: 'failure', stale: false }],
  ['is stale after two of them', 33 * times.hour, { outcome: 'unknown', stale: true }],
])('a target that is looked at in the morning and in the evening %s', async (_, passed, expected) => {
  await telling.run({ office: 'failure connect_refused' });
  telling.pass(passed);
  expect(await stateOf('office')).toMatchObject(expected);
});

describe('where nothing was ever written', () => {
  test('nothing is known, and nothing is wrong with that', async () => {
    expect(await told()).toEqual({ ...untold, db: 'unknown', websocket: null });
    const { verdict, counts, causes, stale, problem } = await states();
    expect({ verdict, counts, causes, stale, problem }).toEqual({
      verdict: 'unknown',
      counts: { success: 0, degraded: 0, failure: 0, unknown: 5 },
      causes: [],
      stale: false,
      problem: null,
    });
    expect(telling.logged).toEqual([]);
  });

  test('a history is empty', async () => {
    const { status, body } = await ask('/api/history?target=orders&hours=1');
    expect([status, body]).toEqual([200, expect.objectContaining({ availability: null, counts: expect.objectContaining({ unknown: 0 }) })]);
  });
});

describe('points of what the configuration does not know', () => {
  const write = async (kind: string, target: string, outcome: 'failure' | 'success'): Promise<void> => {
    const labels = { kind, target, severity: 'critical' };
    const place = { task: { location: 'us-central1', namespace: 'test', job: kind, task_id: target }, at: telling.now() };
    const problem = { ...labels, outcome, reason: 'timeout', domain: 'service', owner: 'application' };
    const sent = await telling.client.send([
      { metric: 'probe/success', labels, value: outcome === 'success' ? 1 : 0, ...place },
      { metric: 'probe/latency', labels, value: 777, ...place },
      ...(outcome === 'failure' ? [{ metric: 'probe/problem', labels: problem, value: 1, ...place } as const] : []),
    ]);
    expect(sent).toMatchObject({ unwritten: [] });
  };

  test('do not count once a target is gone', async () => {
    await telling.run(all);
    await write('http', 'gone', 'failure');
    await write('http', '__proto__', 'failure');
    expect(await told()).toEqual(allWell);
    const { targets, causes } = await states();
    expect([targets.map(({ target }) => target).toSorted(), causes]).toEqual([Object.keys(all).toSorted(), []]);
  });

  test('do not count where a target of another kind has the name now', async () => {
    await telling.run(without('orders'));
    await write('http', 'orders', 'success');
    expect(await stateOf('orders')).toMatchObject({ outcome: 'unknown', stale: true, lastSeen: null, latencyMs: null });
    expect(await told()).toEqual({ ...untold, db: 'unknown' });
    const { body } = await ask('/api/history?target=orders&hours=1');
    expect(body).toMatchObject({ counts: { success: 0, failure: 0 }, availability: null });
  });
});

describe('when clocks differ', () => {
  test('a point of a time to come says nothing yet, and is not lost', async () => {
    await telling.run(all);
    telling.pass(2 * times.minute);
    await telling.run({ orders: 'failure connect_refused' });
    telling.pass(-2 * times.minute + 1000);
    expect(await told()).toEqual(allWell);
    telling.pass(2 * times.minute);
    expect(await told()).toMatchObject({ status: 503, db: 'disconnected' });
  });

  test('a clock that is set back gives nothing on for longer', async () => {
    await telling.run(all);
    telling.pass(times.minute);
    expect(await told()).toEqual(allWell);
    telling.pass(-30 * times.minute);
    expect(await told()).toEqual({ ...untold, db: 'unknown', websocket: null });
  });
});
