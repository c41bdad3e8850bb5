/** Keeps the books of points: what runs produced, what the server holds of it, and what was printed. */
import type { MonitoringEmulator } from '../../local/emulators/monitoring';
import { seriesKey } from '../../local/emulators/monitoring/types';
import type { Config } from '../../shared/config/config';
import { heartbeatOf, pointsOf, timeSeriesOf, type Point } from '../../shared/telemetry/points';
import type { MixedRun } from './mixed-run';
import type { Weather } from './weather';

type Written = ReturnType<typeof timeSeriesOf>;

const keyOf = ({ metric, resource }: Pick<Written, 'metric' | 'resource'>): string =>
  seriesKey({ project: 'test-project', metric, resource });

/** @returns the keys of all points that a run had to give, told from its results alone. */
function producedBy({ report }: MixedRun, config: Config): readonly string[] {
  const points: Point[] = [...report.results.flatMap((result) => pointsOf(result, config, 0)), ...heartbeatOf(report, 0, config, 0)];
  return points.map((point) => keyOf(timeSeriesOf(point, 'test-project')));
}

/** @returns the keys of the points whose lines were printed. */
function printedBy({ logged }: MixedRun): readonly string[] {
  return logged.filter(({ event }) => event === 'point_unwritten').map(({ point }) => keyOf(point as Written));
}

/** How many points there were, of which sort. */
export interface Books {
  readonly produced: number;
  readonly written: number;
  readonly superseded: number;
  readonly printed: number;
  readonly held: number;
}

/** Counts of several books. */
export function addedUp(all: readonly Books[]): Books {
  const sum = (of: keyof Books): number => all.reduce((total, books) => total + books[of], 0);
  return { produced: sum('produced'), written: sum('written'), superseded: sum('superseded'), printed: sum('printed'), held: sum('held') };
}

/**
 * Closes the books of runs that took place at about the same time.
 * @param heldBefore how many points the server held before.
 * @throws Error that says what does not add up.
 */
export function closeBooks(
  runs: readonly MixedRun[],
  { config, emulator, weather, heldBefore }: { config: Config; emulator: MonitoringEmulator; weather: Weather; heldBefore: number },
): Books {
  const produced = runs.flatMap((run) => producedBy(run, config));
  const printed = runs.flatMap(printedBy);
  const told = runs.map(({ report }) => report.telemetry);
  const [written, superseded, unwritten] = (['written', 'superseded', 'unwritten'] as const).map((of) =>
    told.reduce((sum, counts) => sum + counts[of], 0),
  ) as [number, number, number];
  const series = emulator.series();
  const held = series.reduce((sum, { points }) => sum + points.length, 0) - heldBefore;
  const since = Math.min(...runs.map(({ report }) => Date.parse(report.startedAt)));
  const fresh = new Set(series.filter(({ points }) => (points.at(-1)?.endMs ?? 0) >= since).map(seriesKey));
  const known = new Set(printed);
  const expect = (isTrue: boolean, what: string): readonly string[] => (isTrue ? [] : [what]);
  const wrong = [
    ...expect(written + superseded + unwritten === produced.length, 'what was written, superseded and unwritten is not what was produced'),
    ...expect(printed.length === unwritten, 'the lines are not as many as the points that are called unwritten'),
    ...expect(
      runs.every((run) => new Set(printedBy(run)).size === printedBy(run).length),
      'a point was printed twice',
    ),
    ...expect(
      printed.every((key) => produced.includes(key)),
      'a point was printed that nobody produced',
    ),
    ...expect(
      [...fresh].every((key) => produced.includes(key)),
      'the server holds a point that nobody produced',
    ),
    // Of each series the server has a point of this time, or its line was printed: no other way is left to go missing.
    ...expect(
      produced.every((key) => fresh.has(key) || known.has(key)),
      'a point is neither held nor printed',
    ),
    ...expect(held >= written && held <= produced.length, 'the server holds fewer points than are called written'),
    ...expect(weather.isUntold || held === written, 'the server does not hold what is called written'),
    ...expect(runs.length > 1 || weather.isUntold || superseded === 0, 'superseded without a newer point'),
  ];
  const books = { produced: produced.length, written, superseded, printed: printed.length, held };
  if (wrong.length > 0) throw new Error(`${wrong.join('; ')}: ${JSON.stringify({ ...books, unwritten, weather })}`);
  return books;
}
