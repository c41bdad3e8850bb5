/** A target's result says what is true of that target, whoever else is in the run, in whatever order, and however many at once. */
import type { Result } from '../../shared/result';
import { chanceOf, shuffled } from '../shared/diagnose/random-graphs';
import { watchLeaks } from '../support/leaks';
import { echoServer, type RawServer } from '../support/raw-server';
import { startCompany, type Company, type Members } from './company';
import { throwables } from './hostile-throwables';
import { configFor, runMixed, type MixedRun } from './mixed-run';
import { seedsOf } from './whims';
import { places } from './wild-kind';

const confirm = { attempts: 2, interval: '50ms' };

let company: Company;
let echo: RawServer;
beforeAll(async () => {
  [company, echo] = await Promise.all([startCompany(), echoServer()]);
});
afterAll(async () => {
  await Promise.all([company.close(), echo.close()]);
});

/** Targets whose probe throws something at some place: what is wrong there is ours. */
const wilds = (count: number): Members =>
  Object.fromEntries(
    Object.keys(throwables)
      .slice(0, count)
      .map((throws, index) => [
        `wild-${throws}`,
        { kind: 'wild', isWell: false, spec: { port: echo.port, throws, at: places[index % 8] ?? 'part' } },
      ]),
  );

/** What of a result may not depend on its company. On a busy machine a deadline may rightly be told as ours: late it is all the same. */
const said = ({ target, outcome, reason, attempts, firstOutcome }: Result): readonly unknown[] =>
  reason === 'timeout' || reason === 'prober_exhausted' ? [target, 'late', attempts] : [target, outcome, reason, attempts, firstOutcome];

/** @returns one line for each lie that the points tell of the results. */
function lies({ report, points }: MixedRun): readonly string[] {
  return report.results.flatMap(({ target, outcome, firstOutcome }) => {
    const of = (metric: string): readonly number[] =>
      points.filter((point) => point.metric === metric && point.task.task_id === target).map(({ value }) => value);
    const works = { success: [1], degraded: [1], failure: [0], unknown: [] } as const;
    const isTrue =
      String(of('probe/success')) === String(works[outcome]) && String(of('probe/first_success')) === String(works[firstOutcome]);
    return isTrue
      ? []
      : [`${target} is ${outcome}, but the points say ${of('probe/success').join()} and ${of('probe/first_success').join()}`];
  });
}

test('a healthy target stays as it is in the company of a hundred that are not', async () => {
  const well = Object.fromEntries(Object.entries(company.members).filter(([, { isWell }]) => isWell));
  const more = { timeout: '1s', confirm };
  // The healthy ones may take their time: what is looked at is what they say.
  const patient = Object.fromEntries(
    Object.entries(well).map(([name, member]) => [name, { ...member, spec: { ...member.spec, timeout: '10s' } }]),
  );
  const alone = await runMixed(configFor(patient, more));
  expect(alone.report.results.map(said)).toEqual(alone.report.results.map(({ target }) => [target, 'success', null, 1, 'success']));

  const others = { ...Object.fromEntries(Object.entries(company.members).filter(([, { isWell }]) => !isWell)), ...wilds(24) };
  expect(Object.keys(others).length).toBeGreaterThanOrEqual(100);
  const leaks = await watchLeaks();
  const together = await runMixed(configFor({ ...others, ...patient }, more), { concurrency: 100 });
  await leaks.assertNothingLeft();
  expect(together.report.results.filter(({ target }) => target in well).map(said)).toEqual(alone.report.results.map(said));
  const passing = together.report.results.filter(
    ({ target, outcome }) => !(target in well) && (outcome === 'success' || outcome === 'degraded'),
  );
  expect(passing).toEqual([]);
  expect([...lies(alone), ...lies(together)]).toEqual([]);
});

test('results depend neither on the order of the targets nor on how many are probed at once', async () => {
  // Those that fail at once, so that one at a time does not take for ever, and two that fail by their deadline.
  const quick = /^(well|refused|closing|resetting|bad|rejecting|denying|half)|^silent-(http|redis)$/;
  const members = { ...Object.fromEntries(Object.entries(company.members).filter(([name]) => quick.test(name))), ...wilds(16) };
  const names = Object.keys(members);
  const config = configFor(members, { timeout: '2s', confirm: { attempts: 1 } });
  const runs: MixedRun[] = [];
  for (const [seed, concurrency] of [1, 7, 100].entries()) {
    const order = shuffled(names, chanceOf((seedsOf(1)[0] ?? 1) + seed));
    runs.push(await runMixed(config, { order, concurrency }));
    expect(runs.at(-1)?.report.results.map(({ target }) => target)).toEqual(order);
  }
  const sorted = runs.map(({ report }) => report.results.map(said).toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))));
  expect(sorted[0]?.length).toBe(names.length);
  expect(sorted[1]).toEqual(sorted[0]);
  expect(sorted[2]).toEqual(sorted[0]);
  // How far a connection comes that is reset at once is for the network to say, as is whose fault it is that something is late.
  const keysOf = ({ points }: MixedRun): readonly string[] =>
    points
      .filter(({ metric, task }) => metric !== 'probe/phase_latency' && !task.task_id.startsWith('silent'))
      .map(({ metric, labels, task }) => JSON.stringify([metric, labels, task]))
      .toSorted();
  const [first = [], ...others] = runs.map(keysOf);
  expect(new Set(first).size).toBe(first.length);
  for (const keys of others) expect(keys).toEqual(first);
  expect(runs.flatMap(lies)).toEqual([]);
});
