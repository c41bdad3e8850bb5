import { heartbeatsOf, historyOf, type Dot, type RunOutcome } from '../../../deploy/alerts/replay/history';
import { ownedBy } from '../../../deploy/alerts/owners';
import { every, minuteMs, policiesOf, queryOf, secondMs, tell } from './asking';
import { mustPageWithin, verdictAt, type Slot } from './oracle';
import { planned } from './planned';

const letters: Readonly<Record<string, RunOutcome | undefined>> = { S: 'success', C: 'confirmed', F: 'failure', '?': 'unknown' };

interface Pace {
  readonly periodMs: number;
  /** How long after its time a target is done, and how late that is seen. */
  readonly doneMs: (slot: number) => number;
  readonly lateMs: (slot: number) => number;
}

const prompt: Pace = { periodMs: minuteMs, doneMs: () => secondMs, lateMs: () => 5 * secondMs };

/** Runs from letters; `_` is a missed one. What is seen is seen in order. */
function runsOf(pattern: string, pace: Pace): readonly Slot[] {
  let seenBefore = 0;
  return pattern.split('').flatMap((letter, slot): Slot[] => {
    const outcome = letters[letter];
    if (!outcome) return [];
    const at = slot * pace.periodMs + pace.doneMs(slot);
    seenBefore = Math.max(seenBefore, at + pace.lateMs(slot));
    return [{ slot, at, seenAt: seenBefore, outcome }];
  });
}

const database = { kind: 'postgres', severity: 'critical' } as const;

function dotsFor(targets: Readonly<Record<string, readonly Slot[]>>, beats: readonly number[]): readonly Dot[] {
  const points = Object.entries(targets).flatMap(([target, runs]) => historyOf({ ...database, target }, runs));
  return [...points, ...heartbeatsOf('postgres', 0, beats)];
}

/** A configuration with these targets. */
function databases(names: readonly string[], schedule = '* * * * *', more = ''): string {
  const lines = names.map((name) => `  ${name}: { host: db.internal, user: u, password: p, schedule: "${schedule}" }`);
  return `postgres:\n${lines.join('\n')}\n${more}`;
}

describe('a target is down', () => {
  /** The minutes, counted from the beginning, in whose evaluations the target pages. */
  async function pagesIn(pattern: string, consecutive: number, pace = prompt): Promise<readonly number[]> {
    const context = planned(databases(['orders'], '* * * * *', `alerts: { consecutive: ${consecutive} }`));
    const query = queryOf(policiesOf(context, /^down-critical-infrastructure/)[0]);
    const runs = runsOf(pattern, pace);
    const beats = pattern.split('').flatMap((letter, slot) => (letter === '_' ? [] : [slot * pace.periodMs + 2 * secondMs]));
    const times = every(30 * secondMs, 0, pattern.length * pace.periodMs);
    const told = await tell([query], dotsFor({ orders: runs }, beats), times);
    return [...new Set(told.map(({ at }) => at / minuteMs))];
  }
  const from = (first: number, last: number): readonly number[] =>
    every(30 * secondMs, first * minuteMs, last * minuteMs).map((at) => at / minuteMs);

  test('after as many failures in a row as configured, and some five minutes longer than it lasts', async () => {
    expect(await pagesIn('SSSFFFSSSSSSSSSS', 2)).toEqual(from(4.5, 11));
  });
  test('also when the next run succeeds', async () => {
    expect(await pagesIn('SSSFFSSSSSSSSSSS', 2)).toEqual(from(4.5, 10));
  });
  test('not after a single blip, however often', async () => {
    expect(await pagesIn('SSSFSSSSFSSFSFSFSCCCSS', 2)).toEqual([]);
  });
  test('at the first failure when one is enough', async () => {
    expect(await pagesIn('SSSFSSSSSSSSS', 1)).toEqual(from(3.5, 9));
  });
  test('not after two failures when three are asked for', async () => {
    expect(await pagesIn('SSSFFSSSFFSSSS', 3)).toEqual([]);
  });
  test('and stays down while it is unknown, until it succeeds', async () => {
    const pages = await pagesIn(`SSSFF${'?'.repeat(60)}SSSSSSSSSS`, 2);
    expect(pages).toEqual(from(4.5, pages.at(-1) ?? 0));
    expect(pages.at(-1)).toBeGreaterThanOrEqual(65);
    expect(pages.at(-1)).toBeLessThanOrEqual(70);
  });
  test('and stays down while its function is silent', async () => {
    const pages = await pagesIn(`SSSFF${'_'.repeat(40)}SSSSSSSSSS`, 2);
    expect(pages).toEqual(from(4.5, pages.at(-1) ?? 0));
    expect(pages.at(-1)).toBeGreaterThanOrEqual(45);
  });
  test('not when a blip is followed by unknown runs, also after an earlier outage', async () => {
    const pages = await pagesIn('SSSFFSSSSSSSSSSF????????????????SS', 2);
    expect(pages).toEqual(from(4.5, 10));
  });
});

/** A generator of pseudo-random numbers from 0 to 1, the same on every machine (Park and Miller, 1988). */
function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('random histories', () => {
  test.each([
    { consecutive: 1, periodMs: minuteMs, schedule: '* * * * *', slots: 30 },
    { consecutive: 2, periodMs: minuteMs, schedule: '* * * * *', slots: 40 },
    { consecutive: 3, periodMs: minuteMs, schedule: '* * * * *', slots: 40 },
    { consecutive: 2, periodMs: 15 * minuteMs, schedule: '*/15 * * * *', slots: 22 },
    { consecutive: 2, periodMs: 60 * minuteMs, schedule: '7 * * * *', slots: 9 },
  ])(
    'page when they must and never otherwise: $consecutive in a row, $schedule',
    async ({ consecutive, periodMs, schedule, slots }) => {
      const random = randomness(consecutive * 1000 + periodMs);
      const missed = new Set([7, 17]);
      const names = Array.from({ length: 20 }, (_, index) => `db-${index}`);
      const runs = Object.fromEntries(
        names.map((name) => {
          let letter = 'S';
          const pattern = Array.from({ length: slots }, (_, slot) => {
            if (random() < 0.45) letter = 'SSFF?'[Math.floor(random() * 5)] ?? 'S';
            return missed.has(slot) ? '_' : letter;
          }).join('');
          const late = random() < 0.5 ? 4 * minuteMs : 20 * secondMs;
          const pace: Pace = {
            periodMs,
            doneMs: () => Math.floor((random() * 0.8 * periodMs) / secondMs) * secondMs,
            lateMs: () => Math.floor((random() * late) / secondMs) * secondMs,
          };
          return [name, runsOf(pattern, pace)] as const;
        }),
      );
      const context = planned(databases(names, schedule, `alerts: { consecutive: ${consecutive} }`));
      const query = queryOf(policiesOf(context, /^down-critical-infrastructure/)[0]);
      const beats = Array.from({ length: slots }, (_, slot) => slot)
        .filter((slot) => !missed.has(slot))
        .map((slot) => slot * periodMs + 5 * secondMs);
      const times = every(periodMs === minuteMs ? 30 * secondMs : 2 * minuteMs, 0, (slots - 1) * periodMs);
      const told = await tell([query], dotsFor(runs, beats), times);
      const pages = new Set(told.map(({ at, labels }) => `${labels['task_id']} ${at}`));
      const wrong = names.flatMap((name) =>
        times.flatMap((at) => {
          const verdict = verdictAt(runs[name] ?? [], at, periodMs, consecutive);
          const isPaged = pages.has(`${name} ${at}`);
          return verdict === 'either' || isPaged === (verdict === 'pages')
            ? []
            : [`${name} at ${at / minuteMs}: ${verdict}, but ${isPaged}`];
        }),
      );
      const missing = names.flatMap((name) =>
        mustPageWithin(runs[name] ?? [], periodMs, consecutive).flatMap(([from, to]) =>
          to > (times.at(-1) ?? 0) || times.some((at) => at >= from && at <= to && pages.has(`${name} ${at}`))
            ? []
            : [`${name} from ${from / minuteMs}`],
        ),
      );
      expect({ wrong, missing }).toEqual({ wrong: [], missing: [] });
      expect(pages.size).toBeGreaterThan(50);
    },
    120_000,
  );
});

test('a failure without a known owner belongs to the first who can own one, infrastructure mostly', () => {
  expect(ownedBy('0', 'infrastructure')).toBe('(0) != 2 != 1');
  expect(ownedBy('3', 'infrastructure')).toBe('(3) != 2 != 1');
  expect(ownedBy('2', 'application')).toBe('(2) == 2');
  expect(ownedBy('0', 'operator', ['operator'])).toBe('(0)');
});
