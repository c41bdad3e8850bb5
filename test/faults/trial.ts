/** Tries every cell of a kind at once: each is a target of its own, with a proxy of its own in front of the real server. */
import type { Result } from '../../shared/result';
import type { Runnable } from '../../shared/run/attempt';
import { blackHole } from '../../local/services/black-hole';
import { watchLeaks } from '../support/leaks';
import { probeAll } from '../support/probing';
import { refusingPort } from '../support/raw-server';
import { faultNames, limits, type Cell, type Expected, type Fault, type Row, type Variant } from './cells';
import { startProxy, type Way } from './proxy';

/** An address on loopback. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** How a variant is tried. */
export interface Trial {
  readonly variant: Variant;
  /** The real servers by name; most kinds have one, `server`. */
  readonly ways: Readonly<Record<string, Way>>;
  /** @returns a target's fields, given where its servers are reached, and what it is tried for. */
  readonly target: (places: Readonly<Record<string, Place>>, row: Row) => Readonly<Record<string, unknown>>;
}

/** A cell with its place in the matrix. */
export interface Tried {
  readonly row: Row;
  readonly fault: Fault;
  readonly cell: Expected;
  readonly name: string;
}

/** What came of a cell. */
export interface Outcome {
  readonly result: Result;
  /** How many connections the fault struck; undefined where no proxy did it. */
  readonly struck: number | undefined;
}

export const isExpected = (cell: Cell): cell is Expected => !('never' in cell);

/** @returns the cells that are tried, but those of the resolver, which is the same for all kinds. */
export function triedCells(rows: readonly Row[]): readonly Tried[] {
  return rows
    .filter(({ phase }) => phase !== 'dns')
    .flatMap((row, index) =>
      faultNames.flatMap((fault, column): readonly Tried[] => {
        const cell = row.cells[fault];
        return isExpected(cell) ? [{ row, fault, cell, name: `cell-${index}-${column}` }] : [];
      }),
    );
}

/** So many at once that this process, which is also the servers, has time for each. */
const concurrency = 16;
/** On a machine that is busy with something else the monitor can't always tell, and says so; such cells are tried again, and printed. */
const mostRounds = 8;

/** @returns what came of each cell, by its name. */
export async function tryAll(runnable: Runnable, rows: readonly Row[], trials: readonly Trial[]): Promise<ReadonlyMap<string, Outcome>> {
  const refusing = await refusingPort();
  const hole = await blackHole();
  const leaks = await watchLeaks();
  const outcomes = new Map<string, Outcome>();
  const closing: (() => Promise<void>)[] = [];
  try {
    const healthy = new Map(trials.map((trial) => [trial.variant.name, placesOf(trial, closing)]));
    const places = async ({ row, fault }: Tried, { ways }: Trial): Promise<{ at: Record<string, Place>; struck?: () => number }> => {
      const at = { ...(await healthy.get(row.variant)) };
      const name = row.moment?.place ?? Object.keys(ways)[0] ?? '';
      if (row.phase === 'connect') return { at: { ...at, [name]: fault === 'refused' ? refusing : hole } };
      const way = ways[name];
      if (!way || !row.moment) throw new Error(`${row.variant}, ${row.at}: nowhere to strike`);
      const proxy = await startProxy(way, fault, row.moment);
      closing.push(() => proxy.close());
      return { at: { ...at, [name]: proxy }, struck: () => proxy.struck() };
    };
    const round = async (cells: readonly Tried[], limit: Expected['limit'], atOnce: number): Promise<void> => {
      const prepared = await Promise.all(
        cells.map(async (tried) => {
          const trial = trials.find(({ variant }) => variant.name === tried.row.variant);
          if (!trial) throw new Error(`nobody tries ${tried.row.variant}`);
          return { tried, trial, ...(await places(tried, trial)) };
        }),
      );
      const more = { timeout: `${limits[limit].timeoutMs}ms`, confirm: { attempts: 1 } };
      const targets = prepared.map(({ tried, trial, at }) => [tried.name, { ...trial.target(at, tried.row), ...more }]);
      const results = await probeAll(runnable, Object.fromEntries(targets), { config: { concurrency: atOnce } });
      for (const { tried, struck } of prepared) {
        const result = results.find(({ target }) => target === tried.name);
        if (result) outcomes.set(tried.name, { result, struck: struck?.() });
      }
    };
    for (const limit of ['at once', 'deadline'] as const) {
      let left = triedCells(rows).filter(({ cell }) => cell.limit === limit);
      for (let rounds = 0; left.length > 0 && rounds < mostRounds; rounds += 1) {
        if (rounds > 0) process.stdout.write(`tried again, the machine was busy: ${left.map(titleOf).join('; ')}\n`);
        await round(left, limit, Math.ceil(concurrency / 2 ** rounds));
        left = left.filter(({ name }) => outcomes.get(name)?.result.reason === 'prober_exhausted');
      }
    }
  } finally {
    await Promise.all(closing.map((close) => close()));
    await leaks.assertNothingLeft();
    await hole.close();
    await refusing.close();
  }
  return outcomes;
}

async function placesOf({ ways }: Trial, closing: (() => Promise<void>)[]): Promise<Record<string, Place>> {
  const started = await Promise.all(
    Object.entries(ways).map(async ([name, way]) => {
      const proxy = await startProxy(way);
      closing.push(() => proxy.close());
      return [name, proxy] as const;
    }),
  );
  return Object.fromEntries(started);
}

const titleOf = ({ row, fault }: Tried): string => `${row.variant}, ${row.at}: ${fault}`;

/** Makes a test of each cell. `start` starts the real servers, and says how each variant is tried and what ends the servers. */
export function testMatrix(
  runnable: Runnable,
  rows: readonly Row[],
  start: () => Promise<{ readonly trials: readonly Trial[]; readonly stop: () => Promise<void> }>,
): void {
  // All cells are tried once, before the first test: to look at them again would tell nothing new.
  jest.retryTimes(0);
  let outcomes: ReadonlyMap<string, Outcome> = new Map();
  beforeAll(async () => {
    const { trials, stop } = await start();
    try {
      outcomes = await tryAll(runnable, rows, trials);
    } finally {
      await stop();
    }
  }, 120_000);

  test.each(triedCells(rows).map((tried) => [titleOf(tried), tried] as const))('%s', (_name, { name, cell, row }) => {
    const outcome = outcomes.get(name);
    expectCell(outcome?.result, cell);
    // A fault that never struck proves nothing.
    expect(outcome?.struck).toBe(row.phase === 'connect' ? undefined : 1);
  });
}

/** Expects of a result what its cell says. */
export function expectCell(result: Result | undefined, { limit, ...told }: Expected): void {
  const { outcome, reason, phase, owner, message, durationMs = NaN, code } = result ?? {};
  const { fromMs, toMs } = limits[limit];
  const more = { durationMs, message, code };
  expect({ outcome, reason, phase, owner, inTime: durationMs >= fromMs && durationMs <= toMs, ...more }).toEqual({
    ...told,
    inTime: true,
    ...more,
  });
}
