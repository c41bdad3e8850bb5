/** When a fix is signed off: each line shows what the targets did over the rounds, and what is made of it. */
import type { Outcome, Severity } from '../../../shared/result';
import { isSettled, judge, type Case, type Judged } from '../../../shared/verify/judge';
import { worstOf } from '../../../shared/verify/tally';

const letters: Readonly<Record<string, Outcome>> = { '+': 'success', '~': 'degraded', '-': 'failure', '?': 'unknown' };

/** `db! +-+`: a critical target that failed in the second of three rounds; `db` is of severity error; `@900` its latency. */
function target(text: string): Judged {
  const [, name = '', critical, marks = '', latency] = /^([a-z]+)(!?) ([-+~?]*)(?: @(\d+))?$/.exec(text) ?? [];
  const outcomes = marks.split('').map((mark) => letters[mark] ?? 'unknown');
  const severity: Severity = critical === '!' ? 'critical' : 'error';
  return {
    target: name,
    severity,
    critical: critical === '!',
    outcomes,
    worst: worstOf(outcomes),
    latencies: outcomes.map(() => Number(latency ?? 10)),
  };
}

const judged = (targets: string, more: Partial<Case> = {}): ReturnType<typeof judge> => {
  const tallies = targets === '' ? [] : targets.split(', ').map(target);
  const done = tallies[0]?.outcomes.length ?? 3;
  return judge({
    tallies,
    rules: { passRate: 0.8, categories: {} },
    rounds: { asked: done, done },
    unreached: [],
    differences: [],
    outdated: [],
    ...more,
  });
};

/** A line of the tables. */
interface Row {
  readonly targets: string;
  readonly verdict: string;
  readonly status: string;
  readonly failures: number;
  readonly why: string;
  readonly more: Partial<Case>;
  readonly asked: number;
  readonly settled: boolean;
}

test.each`
  targets                                    | verdict             | status         | failures | why
  ${'db! +++, web! +++'}                     | ${'signed_off'}     | ${'HEALTHY'}   | ${0}     | ${''}
  ${'db! +++, web! +~+'}                     | ${'signed_off'}     | ${'DEGRADED'}  | ${0}     | ${''}
  ${'db! +'}                                 | ${'signed_off'}     | ${'HEALTHY'}   | ${0}     | ${''}
  ${'db! ---, web! +++'}                     | ${'not_signed_off'} | ${'UNHEALTHY'} | ${1}     | ${'critical target db failed in 3 of 3 rounds'}
  ${'db! +-+, web! +++'}                     | ${'not_signed_off'} | ${'UNHEALTHY'} | ${1}     | ${'critical target db failed in 1 of 3 rounds: it flaps'}
  ${'db! ++-'}                               | ${'not_signed_off'} | ${'UNHEALTHY'} | ${1}     | ${'critical target db failed in 1 of 3 rounds: it flaps'}
  ${'db! ---, web! ---'}                     | ${'not_signed_off'} | ${'UNHEALTHY'} | ${2}     | ${'critical target db failed in 3 of 3 rounds'}
  ${'a ---, b! +++, c! +++, d! +++, e! +++'} | ${'signed_off'}     | ${'DEGRADED'}  | ${0}     | ${''}
  ${'a ---, b ---, c! +++, d! +++'}          | ${'not_signed_off'} | ${'DEGRADED'}  | ${0}     | ${'6 of 12 results passed, a pass rate of 0.5, at least 0.8 asked for'}
  ${'a ++-, b! +++'}                         | ${'signed_off'}     | ${'DEGRADED'}  | ${0}     | ${''}
  ${'db! +?+, web! +++'}                     | ${'inconclusive'}   | ${'UNKNOWN'}   | ${0}     | ${'critical target db is unknown in 1 of 3 rounds'}
  ${'db! ???, web! -++'}                     | ${'not_signed_off'} | ${'UNHEALTHY'} | ${1}     | ${'critical target web failed in 1 of 3 rounds: it flaps'}
  ${'db! ?-+'}                               | ${'not_signed_off'} | ${'UNHEALTHY'} | ${1}     | ${'critical target db failed in 1 of 3 rounds: it flaps'}
  ${'a ???, b! +++'}                         | ${'inconclusive'}   | ${'DEGRADED'}  | ${0}     | ${'3 of 6 results passed, a pass rate of 0.5, at least 0.8 asked for; 3 are unknown'}
  ${'a ???, b! +++, c! +++, d! +++, e! +++'} | ${'signed_off'}     | ${'DEGRADED'}  | ${0}     | ${''}
  ${'a ---, b ---, c ???, d! +++'}           | ${'not_signed_off'} | ${'DEGRADED'}  | ${0}     | ${'3 of 12 results passed, a pass rate of 0.25, at least 0.8 asked for'}
  ${''}                                      | ${'inconclusive'}   | ${'UNKNOWN'}   | ${0}     | ${'there is no target to verify'}
`('$targets is $verdict', ({ targets, verdict, status, failures, why }: Row) => {
  const found = judged(targets);
  expect(found).toMatchObject({ verdict, overallStatus: status, criticalFailures: failures });
  expect(found.grounds[0]?.text ?? '').toBe(why);
});

test.each`
  what                                 | more                                                               | verdict             | why
  ${'a function that was not reached'} | ${{ unreached: ['the function redis gave no whole answer: 502'] }} | ${'inconclusive'}   | ${'the function redis gave no whole answer: 502'}
  ${'another configuration'}           | ${{ differences: ['the function redis ran with another'] }}        | ${'inconclusive'}   | ${'the function redis ran with another'}
  ${'fewer rounds than asked for'}     | ${{ rounds: { asked: 3, done: 2 } }}                               | ${'inconclusive'}   | ${'2 of 3 rounds were done'}
  ${'an older version of a secret'}    | ${{ outdated: ['db was verified with version 6 of secret url'] }}  | ${'not_signed_off'} | ${'db was verified with version 6 of secret url'}
  ${'both sorts'}                      | ${{ outdated: ['older'], unreached: ['not reached'] }}             | ${'not_signed_off'} | ${'older'}
  ${'a latency on the objective'}      | ${{ latencyMs: 900 }}                                              | ${'signed_off'}     | ${''}
  ${'a latency above the objective'}   | ${{ latencyMs: 899 }}                                              | ${'not_signed_off'} | ${'critical target db takes 900 ms in the median, the objective is 899ms'}
`('all pass, with $what: $verdict', ({ more, verdict, why }: Row) => {
  const found = judged('db! +++ @900, web +++ @2000', more);
  expect(found.verdict).toBe(verdict);
  expect(found.grounds[0]?.text ?? '').toBe(why);
});

test('rounds that were left out since it surely fails are no ground of their own', () => {
  const { verdict, grounds } = judged('db! -', { rounds: { asked: 3, done: 1 } });
  expect(verdict).toBe('not_signed_off');
  expect(grounds.map(({ text }) => text)).not.toContainEqual(expect.stringContaining('rounds were done'));
});

test('the median counts, not the slowest round', () => {
  const slowOnce: Judged = { ...target('db! +++'), latencies: [10, 9000, 12] };
  const found = judge({
    tallies: [slowOnce],
    rules: { passRate: 0.8, categories: {} },
    latencyMs: 1000,
    rounds: { asked: 3, done: 3 },
    unreached: [],
    differences: [],
    outdated: [],
  });
  expect(found.verdict).toBe('signed_off');
});

test('a category counts the targets that passed every round, and only those that were verified', () => {
  const categories = {
    data: { targets: ['db', 'cache'], critical: true },
    agents: { targets: ['agent', 'other'], critical: false },
    elsewhere: { targets: ['other'], critical: true },
  };
  const found = judged('db! +++, cache! +~+, agent ++-', { rules: { passRate: 0.8, categories } });
  expect(found.categories).toEqual([
    { name: 'data', critical: true, passed: 2, total: 2, ok: true },
    { name: 'agents', critical: false, passed: 0, total: 1, ok: false },
  ]);
  expect(found.verdict).toBe('signed_off');
});

test('what is just below the pass rate is neither rounded up nor signed off', () => {
  const failing = (count: number): Judged[] => Array.from({ length: 10_000 }, (_, index) => target(index < count ? 'a -' : 'b +'));
  const base = { rules: { passRate: 0.8, categories: {} }, rounds: { asked: 1, done: 1 }, unreached: [], differences: [], outdated: [] };
  expect(judge({ ...base, tallies: failing(2001) })).toMatchObject({ verdict: 'not_signed_off', passRate: 0.7999 });
  expect(judge({ ...base, tallies: failing(2000) })).toMatchObject({ verdict: 'signed_off', passRate: 0.8 });
});

test.each`
  targets         | asked | settled  | because
  ${'db! +'}      | ${3}  | ${false} | ${'it may still fail'}
  ${'db! -'}      | ${3}  | ${true}  | ${'a critical failure stays one'}
  ${'db! ?'}      | ${3}  | ${false} | ${'what is inconclusive may still turn out to fail'}
  ${'a -, b +'}   | ${3}  | ${false} | ${'5 of 6 may still pass'}
  ${'a --, b ++'} | ${3}  | ${true}  | ${'at most 4 of 6 can pass'}
  ${'a ??, b ++'} | ${3}  | ${false} | ${'what is unknown has not failed'}
  ${''}           | ${3}  | ${false} | ${'nothing was looked at'}
`('$targets, of $asked rounds: settled is $settled, since $because', ({ targets, asked, settled }: Row) => {
  const tallies = targets === '' ? [] : targets.split(', ').map(target);
  expect(isSettled(tallies, { passRate: 0.8 }, asked)).toBe(settled);
});
