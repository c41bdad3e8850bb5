import { handlerOf } from '../../functions/status';
import { answersOf, type StatusAnswers } from '../support/status-shapes';
import { allWell as all, someTargets, startTelling, times, type Said, type Telling, type Told } from '../support/telling';

let telling: Telling;
let ask: (path: string, init?: RequestInit) => Promise<Told>;
const { health, states, stateOf }: StatusAnswers = answersOf((path) => ask(path));

beforeAll(async () => {
  telling = await startTelling(someTargets);
  ask = await telling.serve(handlerOf);
});
afterAll(() => telling.close());
beforeEach(() => telling.renew());

const lost = 'failure connect_refused';
const stamp = (): string => new Date(telling.now()).toISOString();

/** Runs every ten minutes for so long; the last one is now. */
async function last(milliseconds: number, said: Readonly<Record<string, Said>>): Promise<string> {
  const first = stamp();
  for (let passed = 0; passed < milliseconds; passed += 10 * times.minute) {
    await telling.run(said);
    telling.pass(10 * times.minute);
  }
  await telling.run(said);
  return first;
}

test.each([2, 9])('what has failed for %d hours is told since its beginning', async (hours) => {
  await telling.run(all);
  telling.pass(times.minute);
  const since = await last(hours * times.hour, { ...all, cache: lost });
  const before = telling.questions();
  expect(await stateOf('cache')).toMatchObject({ outcome: 'failure', since, sinceIsAtLeast: false });
  // Two metrics of one target, in the hours before and, where need be, in the day before.
  expect(telling.questions() - before).toBe(9 + (hours > 6 ? 4 : 2));
  expect(await stateOf('db')).toMatchObject({ outcome: 'success', sinceIsAtLeast: true });
  telling.pass(59_000);
  await states();
  expect(telling.questions() - before).toBe(9 + (hours > 6 ? 4 : 2));
});

test('what has failed for longer than a day is told since at least then', async () => {
  await telling.run(all);
  telling.pass(times.minute);
  await last(26 * times.hour, { ...all, cache: lost });
  const state = await stateOf('cache');
  expect(state).toMatchObject({ outcome: 'failure', sinceIsAtLeast: true });
  expect(telling.now() - Date.parse(state?.since ?? '')).toBeGreaterThan(23 * times.hour);
}, 60_000);

test('what began within the hour, and what has been well for long, costs no question', async () => {
  await last(2 * times.hour, all);
  telling.pass(times.minute);
  await telling.run({ ...all, cache: lost });
  const before = telling.questions();
  expect(await stateOf('cache')).toMatchObject({ since: stamp(), sinceIsAtLeast: false });
  expect(telling.questions() - before).toBe(9);
});

test('what was last heard of hours ago is unknown since then', async () => {
  await telling.run(all);
  const since = stamp();
  telling.pass(5 * times.hour);
  await telling.run({ app: 'success' });
  expect(await stateOf('cache')).toMatchObject({ outcome: 'unknown', stale: true, since, lastSeen: since, sinceIsAtLeast: false });
});

test('where it can not be looked further back the rest is told, since at least, and why', async () => {
  await last(2 * times.hour, { ...all, cache: lost });
  await health();
  telling.monitoring.fault({ methods: ['ListTimeSeries'], code: 7, message: 'denied' });
  const { targets, stale, problem, counts } = await states();
  expect({ stale, problem, counts }).toMatchObject({ stale: false, problem: { reason: 'api_denied' }, counts: { success: 6, failure: 1 } });
  expect(targets.find(({ target }) => target === 'cache')).toMatchObject({ outcome: 'failure', sinceIsAtLeast: true });
});
