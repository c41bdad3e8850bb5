import { kinds } from '../../functions/kinds';
import { handlerOf } from '../../functions/status';
import { startReading } from '../../functions/status/reading';
import { graphOf } from '../../shared/diagnose/graph';
import { Fault } from '../../shared/fault';
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { Read } from '../../shared/telemetry/reader';
import { answersOf, type StatusAnswers } from '../support/status-shapes';
import { allWell as all, someTargets, startTelling, times, type Telling, type Told } from '../support/telling';

let telling: Telling;
let ask: (path: string, init?: RequestInit) => Promise<Told>;
const { health, readiness, states }: StatusAnswers = answersOf((path) => ask(path));

beforeAll(async () => {
  telling = await startTelling(someTargets);
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());
beforeEach(() => telling.renew());

describe('what was read', () => {
  test('is kept for a minute, and read once for all who ask at a time', async () => {
    await telling.run(all);
    const before = telling.questions();
    await Promise.all(Array.from({ length: 10 }, () => health()));
    // Two metrics, for fast schedules and for slow ones.
    expect(telling.questions() - before).toBe(4);
    telling.pass(59_000);
    await Promise.all([health(), readiness()]);
    expect(telling.questions() - before).toBe(4);
    await states();
    // Three metrics more, of which one is of secrets alone.
    expect(telling.questions() - before).toBe(9);
    telling.pass(2000);
    await Promise.all([health(), readiness()]);
    expect(telling.questions() - before).toBe(13);
  });

  test('is given on while it can not be read again, marked, and for ten minutes at most', async () => {
    await telling.run({ ...all, store: 'failure connect_refused' });
    await states();
    telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
    telling.pass(2 * times.minute);
    const old = await states();
    expect([old.stale, old.problem]).toEqual([true, { reason: 'api_denied', message: expect.stringContaining('denied') }]);
    expect(old.counts).toMatchObject({ success: 6, failure: 1 });
    expect((await health())[1].status).toBe('degraded');
    telling.pass(4 * times.minute);
    // Nobody knows how those are that have not been heard of since.
    expect((await states()).counts).toMatchObject({ success: 1, failure: 0, unknown: 6 });
    telling.pass(5 * times.minute);
    const [status, document] = await health();
    expect([status, document.status, document.infrastructure_ready]).toEqual([200, 'unknown', null]);
    const refused = await ask('/api/targets');
    expect([refused.status, refused.body]).toEqual([
      500,
      { error: { code: 'api_denied', message: expect.stringContaining('Cloud Monitoring') } },
    ]);
  });

  test('is tried again soon after it could not be read, but not at once', async () => {
    const before = telling.questions();
    const heal = telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
    await telling.run(all);
    for (let asked = 0; asked < 5; asked += 1) expect((await health())[1].status).toBe('unknown');
    expect(telling.questions() - before).toBeLessThanOrEqual(4);
    heal();
    expect((await health())[1].status).toBe('unknown');
    telling.pass(6000);
    expect((await health())[1].status).toBe('healthy');
  });
});

const denial = { methods: ['ListTimeSeries'], code: 7, message: 'denied' };

describe('when Cloud Monitoring', () => {
  test.each([
    ['refuses', { ...denial, code: 7 }, 'api_denied'],
    ['is not there', { ...denial, code: 14 }, 'api_unavailable'],
  ])(
    '%s from the first, nothing is down, and the log says why',
    async (_, fault, reason) => {
      await telling.run({ ...all, db: 'failure connect_refused' });
      telling.monitoring.fault(fault);
      const [status, { status: word, infrastructure_ready: ready }] = await health();
      expect([status, word, ready]).toEqual([200, 'unknown', null]);
      expect(await readiness()).toEqual([200, expect.objectContaining({ status: 'unknown', core_db: 'unknown' })]);
      expect(telling.logged).toHaveLength(2);
      for (const line of telling.logged)
        expect(line).toMatchObject({ severity: 'ERROR', event: 'warning', message: expect.stringContaining(reason) });
      const refused = await ask('/api/targets');
      expect([refused.status, refused.body]).toEqual([
        500,
        { error: { code: reason, message: expect.stringContaining('Cloud Monitoring') } },
      ]);
    },
    30_000,
  );

  test('is slow, all who ask wait for one reading', async () => {
    await telling.run(all);
    telling.monitoring.fault({ methods: ['ListTimeSeries'], delayMs: 300 });
    const before = telling.questions();
    const answers = await Promise.all([...Array.from({ length: 5 }, () => health()), ...Array.from({ length: 5 }, () => states())]);
    expect(answers.slice(0, 5)).toMatchObject(Array.from({ length: 5 }, () => [200, { status: 'healthy' }]));
    expect(telling.questions() - before).toBe(9);
    const histories = await Promise.all(Array.from({ length: 5 }, () => ask('/api/history?target=db&hours=1')));
    expect(histories.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(telling.questions() - before).toBe(13);
  });
});

describe('latencies, certificates and secrets that can not be read', () => {
  const timed = { durationMs: 12.5, observed: { 'tls.daysUntilExpiry': 20.5 } };
  const lack = { reason: 'api_denied', message: expect.stringContaining('latencies, certificates and secrets could not be read') };

  test('are missing in the answer, which says so, and the outcomes are there', async () => {
    await telling.run({ ...all, store: 'failure connect_refused' }, timed);
    await health();
    const heal = telling.monitoring.fault(denial);
    const { targets, stale, problem, counts, causes } = await states();
    expect({ stale, problem, counts }).toMatchObject({ stale: false, problem: lack, counts: { success: 6, failure: 1 } });
    expect(causes).toHaveLength(1);
    expect(targets.find(({ target }) => target === 'db')).toMatchObject({ outcome: 'success', latencyMs: null, certificateDays: null });
    expect(telling.logged).toMatchObject([{ severity: 'ERROR', event: 'warning', message: expect.stringContaining('api_denied') }]);
    heal();
    telling.pass(6000);
    const again = await states();
    expect([again.problem, again.targets.find(({ target }) => target === 'db')?.latencyMs]).toEqual([null, 12.5]);
  });

  test('are those of before, for ten minutes at most', async () => {
    await telling.run(all, timed);
    await states();
    const next = async (): Promise<Awaited<ReturnType<typeof states>>> => {
      await telling.run(all);
      telling.monitoring.heal();
      await health();
      telling.monitoring.fault(denial);
      return states();
    };
    telling.pass(5 * times.minute);
    const old = await next();
    expect([old.stale, old.problem]).toEqual([false, lack]);
    expect(old.targets.find(({ target }) => target === 'db')).toMatchObject({ outcome: 'success', latencyMs: 12.5, certificateDays: 20.5 });
    telling.pass(6 * times.minute);
    expect((await next()).targets.find(({ target }) => target === 'db')).toMatchObject({ outcome: 'success', latencyMs: null });
  });
});

test('where single secrets can not be read outcomes and causes are told all the same', async () => {
  await telling.run({ ...all, app: 'failure secret_missing', db: 'failure credentials_rejected' });
  const refused = new Set<MetricName>(['secrets/valid', 'secrets/age']);
  const read: Read = async (query, signal) => {
    if (refused.has(query.metric)) throw new Fault('api_unavailable', 'Cloud Monitoring: no answer');
    return telling.client.read(query, signal);
  };
  const { config, now } = telling;
  const reading = startReading({ config, graph: graphOf(config, kinds), read, now, stateMs: 8000, historyMs: 8000 });
  const { value, problem } = await reading.overview();
  expect(problem).toMatchObject({ reason: 'api_unavailable', message: expect.stringContaining('single secrets could not be read') });
  expect(value.latest.get('db')).toMatchObject({ outcome: 'failure', reason: 'credentials_rejected' });
  expect(value.diagnosis.causes.flatMap(({ targets, blocks }) => [...targets, ...blocks]).toSorted()).toEqual(['app', 'db']);
  expect(await reading.everything()).toMatchObject({ old: false, problem });
});
