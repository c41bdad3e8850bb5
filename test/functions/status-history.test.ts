import { handlerOf } from '../../functions/status';
import { mostPieces, type History } from '../../functions/status/history';
import { someTargets, startTelling, times, type Telling, type Told } from '../support/telling';

let telling: Telling;
let ask: (path: string) => Promise<Told>;

beforeAll(async () => {
  telling = await startTelling(someTargets);
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());

type Answer = History & { readonly stale: boolean };

async function historyOf(query: string): Promise<Answer> {
  const { status, body, text } = await ask(`/api/history?${query}`);
  expect([status, text.slice(0, 300)]).toEqual([200, expect.anything()]);
  return body as Answer;
}

const none = { success: 0, degraded: 0, failure: 0, unknown: 0 };

test('an hour shows each run of a minute, its latency and its phases', async () => {
  await telling.run({ db: 'success' }, { durationMs: 10, phases: { connect: 4, query: 6 } });
  telling.pass(times.minute);
  await telling.run({ db: 'degraded too_slow' }, { durationMs: 30, phases: { connect: 4, query: 26 } });
  telling.pass(times.minute);
  await telling.run({ db: 'failure connect_refused' }, { durationMs: 2, phases: { connect: 2 } });
  telling.pass(times.minute);
  await telling.run({ db: 'unknown api_denied', cache: 'success' }, { phases: {} });
  telling.pass(10_000);
  const { pieces, ...history } = await historyOf('target=db&hours=1');
  expect(history).toEqual({
    kind: 'postgres',
    target: 'db',
    severity: 'critical',
    schedule: '* * * * *',
    hours: 1,
    from: new Date(telling.now() - times.hour).toISOString(),
    to: new Date(telling.now()).toISOString(),
    pieceMs: times.minute,
    counts: { success: 1, degraded: 1, failure: 1, unknown: 1 },
    availability: 2 / 3,
    stale: false,
  });
  expect(pieces).toHaveLength(60);
  expect(pieces.slice(0, 56).every(({ outcome }) => outcome === null)).toBe(true);
  expect(pieces[0]).toEqual({ at: history.from, outcome: null, counts: none, latencyMs: null, phases: {} });
  expect(pieces.slice(-4)).toMatchObject([
    { outcome: 'success', latencyMs: { min: 10, median: 10, max: 10 }, phases: { connect: 4, query: 6 } },
    { outcome: 'degraded', latencyMs: { median: 30 } },
    { outcome: 'failure', counts: { ...none, failure: 1 }, phases: { connect: 2 } },
    { outcome: 'unknown', latencyMs: null, phases: {} },
  ]);
});

test('a longer time comes in pieces, each as bad as its worst run', async () => {
  for (let run = 0; run < 120; run += 1) {
    telling.pass(times.minute);
    await telling.run({ cache: run === 50 ? 'failure connect_refused' : 'success' }, { durationMs: 1 + run });
  }
  const day = await historyOf('target=cache');
  expect([day.hours, day.pieces.length, day.pieceMs, day.counts]).toEqual([
    24,
    288,
    5 * times.minute,
    { ...none, success: 120, failure: 1 },
  ]);
  expect(day.pieces.filter(({ outcome }) => outcome === 'failure')).toMatchObject([{ counts: { success: 4, failure: 1 } }]);
  expect(day.pieces.at(-1)).toMatchObject({ counts: { success: 5 }, latencyMs: { min: 116, median: 118, max: 120 } });
  const month = await historyOf('target=cache&hours=720');
  expect(month.pieces.length).toBeLessThanOrEqual(mostPieces);
  expect(month.counts).toEqual(day.counts);
});

test('what is looked at once an hour has no more pieces than runs', async () => {
  expect((await historyOf('target=app&hours=24')).pieces).toHaveLength(24);
});

test('it is kept for a minute, of each target and time', async () => {
  const before = telling.questions();
  for (let asked = 0; asked < 3; asked += 1) await historyOf('target=store&hours=2');
  expect(telling.questions() - before).toBe(4);
  await historyOf('target=store&hours=3');
  expect(telling.questions() - before).toBe(8);
  telling.pass(times.minute);
  await historyOf('target=store&hours=2');
  expect(telling.questions() - before).toBe(12);
});

test.each([
  ['', 'query parameter "target" is missing; allowed: the name of one target'],
  ['target=', 'unknown target ""; allowed: '],
  ['target=nobody', 'unknown target "nobody"; allowed: '],
  ['target=db&target=cache', 'query parameter "target" is wrong; allowed: the name of one target'],
  ['target=db&hours=0', 'query parameter "hours" is wrong; allowed: a whole number from 1 to 720; default: 24'],
  ['target=db&hours=721', 'query parameter "hours" is wrong; allowed: a whole number from 1 to 720; default: 24'],
  ['target=db&hours=1.5', 'query parameter "hours" is wrong'],
  ['target=db&hours=-1', 'query parameter "hours" is wrong'],
  ['target=db&hours=x', 'query parameter "hours" is wrong'],
  ['target=db&hours=1&hours=2', 'query parameter "hours" is given 2 times; allowed: once'],
  ['target=db&days=1', 'unknown query parameter "days"; allowed: target, hours'],
])('?%s is refused', async (query, message) => {
  const { status, body } = await ask(`/api/history?${query}`);
  expect([status, body]).toEqual([400, { error: { code: 'bad_request', message: expect.stringContaining(message) } }]);
});

test('when it can not be read, and never was, that is our own fault', async () => {
  telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
  const { status, body } = await ask('/api/history?target=front');
  expect([status, body]).toEqual([500, { error: { code: 'api_denied', message: expect.stringContaining('denied') } }]);
  expect(telling.logged).toMatchObject([{ severity: 'ERROR', event: 'warning', message: expect.stringContaining('api_denied') }]);
});
