import type { Target } from '../../../shared/config/config';
import { ask, groupsOf } from '../../../shared/latest/ask';
import { staleAfter } from '../../../shared/latest/freshness';
import { latestOf, observationsOf } from '../../../shared/latest/latest';
import { runsFrom, type RunSeen } from '../../../shared/latest/runs';
import type { Read, ReadSeries, SeriesQuery } from '../../../shared/telemetry/reader';
import { configOf } from '../../support/probing';

const { targets } = configOf({
  redis: { cache: { host: 'a' } },
  http: { slow: { url: 'http://a/', schedule: '*/15 * * * *' } },
  secrets: { app: { require: [{ secret: 's' }] } },
});
const named = (name: string): Target => {
  const target = targets.find((each) => each.name === name);
  if (!target) throw new Error(`no target ${name}`);
  return target;
};
const cache = named('cache');

const success = (target: string, points: ReadSeries['points']): ReadSeries => ({ labels: { target }, points });
const problem = (target: string, outcome: string, reason: string, owner: string, ...at: number[]): ReadSeries => ({
  labels: { target, outcome, reason, owner, domain: 'network' },
  points: at.map((each) => ({ at: each, value: 1 })),
});
const fine = { reason: null, domain: null, owner: null };

describe('runs', () => {
  test('are told by points of the same time, the newest first', () => {
    const runs = runsFrom(
      [
        success('a', [
          { at: 1, value: 1 },
          { at: 2, value: 0 },
        ]),
        success('a', [{ at: 4, value: 1 }]),
        success('b', [{ at: 1, value: 1 }]),
      ],
      [
        problem('a', 'failure', 'connect_refused', 'infrastructure', 2),
        problem('a', 'unknown', 'api_denied', 'monitor', 3),
        problem('a', 'degraded', 'too_slow', 'application', 4),
      ],
    );
    expect(runs.get('a')).toEqual([
      { at: 4, outcome: 'degraded', reason: 'too_slow', domain: 'service', owner: 'application' },
      { at: 3, outcome: 'unknown', reason: 'api_denied', domain: 'monitor', owner: 'monitor' },
      { at: 2, outcome: 'failure', reason: 'connect_refused', domain: 'network', owner: 'infrastructure' },
      { at: 1, outcome: 'success', ...fine },
    ]);
    expect(runs.get('b')).toEqual([{ at: 1, outcome: 'success', ...fine }]);
  });

  test('of which a point was lost are told as far as the others say', () => {
    const runs = runsFrom([success('a', [{ at: 1, value: 0 }])], [problem('a', 'failure', 'timeout', 'application', 2)]);
    expect(runs.get('a')).toMatchObject([
      { at: 2, outcome: 'failure', reason: 'timeout' },
      { at: 1, outcome: 'failure', reason: null },
    ]);
  });

  test('are never taken for a success where the value says nothing', () => {
    const odd = [NaN, 0.5, -1, 2].map((value, at) => ({ at, value }));
    const said = runsFrom([success('a', odd)], []).get('a') ?? [];
    expect(said.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('say less where a point names what is not known', () => {
    const runs = runsFrom(
      [],
      [problem('a', 'failure', 'constructor', 'somebody', 1), problem('b', 'strange', 'timeout', 'application', 1)],
    );
    expect(runs.get('a')).toEqual([{ at: 1, outcome: 'failure', ...fine }]);
    expect(runs.get('b')).toMatchObject([{ outcome: 'unknown', reason: 'timeout' }]);
  });
});

const run = (at: number, outcome: RunSeen['outcome']): RunSeen => ({ at, outcome, ...fine });

describe('the latest state', () => {
  test('is the newest run’s, since the first of its kind, with how often it failed since it worked', () => {
    const runs = [run(60, 'failure'), run(50, 'failure'), run(40, 'unknown'), run(30, 'failure'), run(20, 'degraded'), run(10, 'failure')];
    expect(latestOf(cache, runs, 65, 10)).toMatchObject({
      outcome: 'failure',
      at: 60,
      since: 50,
      sinceIsAtLeast: false,
      workedAt: 20,
      failures: 3,
      unknowns: 1,
      stale: false,
    });
  });

  test('began with the window, or earlier, where that shows nothing else', () => {
    expect(latestOf(cache, [run(2, 'success'), run(1, 'success')], 3, 10)).toMatchObject({
      since: 1,
      sinceIsAtLeast: true,
      workedAt: 2,
      failures: 0,
    });
  });

  test('fails for the reason of the failure before, where that of the newest has not come yet', () => {
    const before: RunSeen = { at: 1, outcome: 'failure', reason: 'unreachable', domain: 'network', owner: 'infrastructure' };
    expect(latestOf(cache, [run(3, 'failure'), run(2, 'unknown'), before], 3, 10)).toMatchObject({ at: 3, reason: 'unreachable' });
    expect(latestOf(cache, [run(3, 'failure'), run(2, 'success'), before], 3, 10)).toMatchObject({ at: 3, reason: null });
  });

  test('is unknown once it is stale, and where there never was one', () => {
    expect(latestOf(cache, [run(1, 'failure')], 11, 10)).toMatchObject({ outcome: 'failure', stale: false });
    expect(latestOf(cache, [run(1, 'failure')], 12, 10)).toMatchObject({ outcome: 'unknown', ...fine, stale: true, at: 1, since: 1 });
    expect(latestOf(cache, [], 12, 10)).toMatchObject({ outcome: 'unknown', stale: true, at: null, since: null });
  });

  test('is nothing to diagnose from when it is stale', () => {
    const all = [latestOf(cache, [run(1, 'failure')], 5, 10), latestOf(named('slow'), [], 5, 10)];
    expect(observationsOf(all).map(({ target, outcome }) => [target, outcome])).toEqual([['cache', 'failure']]);
  });
});

describe('a target is stale', () => {
  const seconds = (sections: Record<string, unknown>, name: string): number => (staleAfter(configOf(sections)).get(name) ?? 0) / 1000;

  test.each([
    ['after two schedules, its longest run and 3 minutes', { timeout: '4s', confirm: { attempts: 2, interval: '1s' } }, 120 + 9 + 180],
    ['after two longer schedules', { timeout: '10s', schedule: '*/15 * * * *', confirm: { attempts: 1 } }, 1800 + 10 + 180],
    ['after two nights', { timeout: '10s', schedule: '0 9,17 * * *', confirm: { attempts: 1 } }, 2 * 16 * 3600 + 10 + 180],
    ['after two weekends', { timeout: '10s', schedule: '*/5 8-19 * * 1-5', confirm: { attempts: 1 } }, 2 * (60 * 60 + 5) * 60 + 10 + 180],
  ])('%s', (_, more, expected) => {
    expect(seconds({ http: { a: { url: 'http://a/', ...more } } }, 'a')).toBe(expected);
  });

  test('later where it may have to wait for others, but a run never takes longer than 0.8 of its period', () => {
    const http = (amount: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length: amount }, (__, index) => [`t${index}`, { url: 'http://a/', timeout: '10s', confirm: { attempts: 1 } }]),
      );
    expect(seconds({ concurrency: 2, http: http(4) }, 't0')).toBe(120 + 25 + 180);
    expect(seconds({ concurrency: 1, http: http(30) }, 't0')).toBe(120 + 48 + 180);
  });
});

describe('targets are asked for', () => {
  const windowOf = ({ periodMs }: Target): number => periodMs;

  test('in two groups at most', () => {
    expect(groupsOf(targets, windowOf).map((group) => [group.targets.map(({ name }) => name), group.windowMs / 60_000])).toEqual([
      [['cache'], 1],
      [['app', 'slow'], 60],
    ]);
  });

  test('together where their windows are alike', () => {
    expect(groupsOf(targets, () => 1)).toHaveLength(1);
    expect(groupsOf([], windowOf)).toEqual([]);
  });

  const wheres = async (slow: number, fast: number): Promise<SeriesQuery['where'][]> => {
    const http = (amount: number, name: string, schedule: string): [string, object][] =>
      Array.from({ length: amount }, (_, index) => [`${name}-${index}`, { url: 'http://a/', schedule }]);
    const config = configOf({ http: Object.fromEntries([...http(slow, 'slow', '0 * * * *'), ...http(fast, 'fast', '* * * * *')]) });
    const asked: SeriesQuery['where'][] = [];
    const read: Read = async ({ where }) => {
      asked.push(where);
      return [];
    };
    await ask({ read, config, now: 0, signal: new AbortController().signal }, 'probe/success', groupsOf(config.targets, windowOf));
    return asked;
  };

  test('all at once where they are alike, by name where there are few, by kind where there are very many', async () => {
    expect(await wheres(0, 3)).toEqual([{}]);
    expect(await wheres(1, 2)).toEqual([{ target: ['fast-0', 'fast-1'] }, { target: ['slow-0'] }]);
    expect(await wheres(1, 5000)).toEqual([{ kind: ['http'] }, { target: ['slow-0'] }]);
    const some = await wheres(300, 5000);
    expect(some.length).toBeLessThanOrEqual(9);
    expect(some.flatMap((where) => where?.target ?? [])).toHaveLength(300);
    for (const where of some) expect((where?.target ?? []).join('", "').length).toBeLessThanOrEqual(1500);
  });
});
