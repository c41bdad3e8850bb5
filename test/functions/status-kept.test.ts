import { handlerOf } from '../../functions/status';
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
beforeEach(() => {
  telling.monitoring.heal();
  telling.clear();
  telling.logged.length = 0;
  // Whatever an earlier test read is forgotten by then.
  telling.pass(times.hour);
});

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
