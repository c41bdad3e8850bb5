/** Targets into shards: each in one, none too long, and little of it moves when something is added. */
import type { Shard } from '../../../deploy/plan/plan';
import { shardsOf, packedMs } from '../../../deploy/plan/shards';
import { allowedMs } from '../../../deploy/plan/timing';
import { longestMs } from '../../../shared/config/budget';
import type { Target } from '../../../shared/config/config';
import { periodOf } from '../../../shared/config/schedule';
import { randomly } from '../../support/planning';

const everyMinute = '* * * * *';

const periods = new Map<string, number>();

function periodFor(schedule: string): number {
  const periodMs = periods.get(schedule) ?? periodOf(schedule);
  periods.set(schedule, periodMs);
  return periodMs;
}

function target(name: string, more: Partial<Target> = {}): Target {
  const schedule = more.schedule ?? everyMinute;
  return {
    kind: 'http',
    name,
    severity: 'critical',
    schedule,
    periodMs: periodFor(schedule),
    timeoutMs: 10_000,
    confirm: { attempts: 2, intervalMs: 1000 },
    public: false,
    spec: {},
    expect: {},
    warn: {},
    secrets: [],
    ...more,
  };
}

const options = { concurrency: 20, usual: everyMinute, warmUpMs: 0 };
const many = (count: number, more?: Partial<Target>): readonly Target[] =>
  Array.from({ length: count }, (_, index) => target(`service-${index}`, more));

/** What is true of shards whatever the targets. */
function expectSound(targets: readonly Target[], shards: readonly Shard[], concurrency: number, warmUpMs: number): void {
  expect(shards.flatMap((shard) => shard.targets).toSorted()).toEqual(targets.map(({ name }) => name).toSorted());
  expect(new Set(shards.map(({ shard }) => shard)).size).toBe(shards.length);
  const byName = new Map(targets.map((each) => [each.name, each]));
  const broken = shards.filter((shard) => {
    const own = shard.targets.flatMap((name) => byName.get(name) ?? []);
    const worst = packedMs(own.map(longestMs), concurrency);
    return (
      shard.shard < 0 ||
      shard.shard > 9999 ||
      own.some(({ schedule }) => schedule !== shard.schedule) ||
      shard.budgetMs !== worst ||
      (worst > allowedMs(shard.periodMs, warmUpMs) && own.length > 1) ||
      shard.targets.join() !== shard.targets.toSorted().join()
    );
  });
  expect(broken).toEqual([]);
}

const key = (shard: Shard): string => JSON.stringify(shard);

/** @returns the shards of before that are no longer the same. */
function changed(before: readonly Shard[], after: readonly Shard[]): readonly Shard[] {
  const kept = new Set(after.map(key));
  return before.filter((shard) => !kept.has(key(shard)));
}

describe('shards', () => {
  test('of few targets are one, number 0, with names ascending', () => {
    const shards = shardsOf('http', [target('b'), target('a')], options);
    expect(shards).toEqual([{ kind: 'http', shard: 0, schedule: everyMinute, periodMs: 60_000, targets: ['a', 'b'], budgetMs: 21_000 }]);
  });

  test('fill 0.8 of the period: 40 targets of 21 s, 20 at once, take 42 of 48 s', () => {
    expect(shardsOf('http', many(40), options)).toHaveLength(1);
    expect(shardsOf('http', many(40), options)[0]?.budgetMs).toBe(42_000);
    expect(shardsOf('http', many(41), options).length).toBeGreaterThan(1);
  });

  test('keep away from the longest that the Scheduler waits, less start, warm-up, secrets and telemetry', () => {
    const daily = many(200, { schedule: '0 3 * * *', timeoutMs: 300_000, confirm: { attempts: 1, intervalMs: 0 } });
    const shards = shardsOf('http', daily, { ...options, warmUpMs: 60_000 });
    expectSound(daily, shards, 20, 60_000);
    expect(Math.max(...shards.map(({ budgetMs }) => budgetMs))).toBeLessThanOrEqual((1800 - 10 - 60 - 8 - 30) * 1000);
  });

  test('of another schedule have numbers that say how often: 203 would run every 2 minutes', () => {
    const shards = shardsOf(
      'http',
      [target('a'), target('b', { schedule: '*/2 * * * *' }), target('c', { schedule: '*/15 * * * *' })],
      options,
    );
    expect(shards.map(({ shard, targets }) => [shard, targets])).toEqual([
      [0, ['a']],
      [200, ['b']],
      [1500, ['c']],
    ]);
  });

  test('begin with 0 for the schedule of the file, also where that is not every minute', () => {
    const shards = shardsOf('http', [target('a', { schedule: '*/5 * * * *' }), target('b')], { ...options, usual: '*/5 * * * *' });
    expect(shards.map(({ shard, targets }) => [shard, targets])).toEqual([
      [0, ['a']],
      [100, ['b']],
    ]);
  });

  test('leave a target alone that does not fit, so that it holds no other back', () => {
    const shards = shardsOf('http', [...many(3), target('slow', { timeoutMs: 50_000 })], options);
    expect(shards.find(({ targets }) => targets.includes('slow'))?.targets).toEqual(['slow']);
  });

  test.each([10, 1000, 10_000])('hold each of %i targets once, whatever their times and schedules', (count) => {
    const random = randomly(count);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    for (const concurrency of [7, 20, 200]) {
      const targets = Array.from({ length: count }, (_, index) =>
        target(`t-${index}`, {
          schedule: pick([everyMinute, everyMinute, '*/2 * * * *', '*/15 * * * *', '7 * * * *', '0 9-17 * * 1-5', '3,33 4 * * *']),
          timeoutMs: pick([500, 3000, 5000, 10_000, 23_000]),
          confirm: { attempts: pick([1, 2]), intervalMs: pick([0, 1000, 1500]) },
        }),
      );
      expectSound(targets, shardsOf('http', targets, { ...options, concurrency }), concurrency, 0);
    }
  });

  test('do not depend on the order of the targets', () => {
    const targets = many(500);
    expect(shardsOf('http', targets.toReversed(), options)).toEqual(shardsOf('http', targets, options));
  });
});

describe('one target more', () => {
  test.each([5, 60, 700, 4000])('beside %i changes the shard that it falls into, and no other', (count) => {
    const before = shardsOf('http', many(count), options);
    for (let index = 0; index < 10; index += 1) {
      const after = shardsOf('http', [...many(count), target(`added-${index}`)], options);
      expect(changed(before, after)).toHaveLength(1);
      // What was added stands in that shard, or in one of the two that it was parted into.
      expect(changed(after, before).length).toBeLessThanOrEqual(2);
      const numbers = new Set(after.map(({ shard }) => shard));
      expect(before.every(({ shard }) => numbers.has(shard))).toBe(true);
    }
  });

  test.each(['*/2 * * * *', '*/30 * * * *', '0 * * * *', '15 3 * * 1', '5-59/10 * * * *'])(
    'with the schedule %s changes none',
    (schedule) => {
      const mixed = [...many(2000), ...many(30, { schedule: '*/5 * * * *' }).map((each) => ({ ...each, name: `five-${each.name}` }))];
      const before = shardsOf('http', mixed, options);
      expect(changed(before, shardsOf('http', [...mixed, target('added', { schedule })], options))).toEqual([]);
    },
  );

  test('keeps numbers also where each target needs a shard of its own', () => {
    const alone = { ...options, concurrency: 1 };
    const targets = many(900, { timeoutMs: 12_000 });
    const before = shardsOf('http', targets, alone);
    expectSound(targets, before, 1, 0);
    const after = shardsOf('http', [...targets, target('added', { timeoutMs: 12_000 })], alone);
    expect(changed(before, after).length).toBeLessThanOrEqual(2);
  });
});

test('work is packed as the engine does it: whoever is free takes the next', () => {
  expect(packedMs([5, 1, 1, 4], 2)).toBe(6);
  expect(packedMs([1, 1, 1], 1)).toBe(3);
  expect(packedMs([], 5)).toBe(0);
});
