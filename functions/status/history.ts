/** `GET /api/history`: one target over time, in few enough pieces to draw. */
import { timestamp } from '../../shared/clock';
import type { Config, Target } from '../../shared/config/config';
import { groupBy } from '../../shared/group';
import { runsFrom } from '../../shared/latest/runs';
import { countOutcomes, type Counts, type Outcome, type Severity } from '../../shared/result';
import type { MetricName } from '../../shared/telemetry/catalogue';
import type { ReadPoint, ReadSeries, Read } from '../../shared/telemetry/reader';

/** What can be asked for. */
export const hoursLimits = { shortest: 1, longest: 720, usual: 24 } as const;

/** At most so many pieces, however long the time. */
export const mostPieces = 288;

/** A piece of time. */
export interface Piece {
  /** RFC 3339: its beginning. */
  readonly at: string;
  /** The worst of its runs; null where there was none. */
  readonly outcome: Outcome | null;
  readonly counts: Counts;
  readonly latencyMs: { readonly min: number; readonly median: number; readonly max: number } | null;
  /** The median of each phase that was reached, in milliseconds. */
  readonly phases: Readonly<Record<string, number>>;
}

/** The whole answer. */
export interface History {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  readonly schedule: string;
  readonly hours: number;
  /** RFC 3339 */
  readonly from: string;
  readonly to: string;
  readonly pieceMs: number;
  readonly counts: Counts;
  /** The share of the runs that could tell in which it worked; null where there was none. */
  readonly availability: number | null;
  /** The oldest first, without gaps. */
  readonly pieces: readonly Piece[];
}

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Worst first. */
const gravity: readonly Outcome[] = ['failure', 'unknown', 'degraded', 'success'];

function median(ascending: readonly number[]): number {
  const middle = Math.floor(ascending.length / 2);
  const upper = ascending[middle] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2;
}

function spreadOf(values: readonly number[]): Piece['latencyMs'] {
  const ascending = values.toSorted((a, b) => a - b);
  const [min, max] = [ascending[0], ascending.at(-1)];
  return min === undefined || max === undefined ? null : { min, median: median(ascending), max };
}

/** Time in pieces of equal length, the last of which ends now: no shorter than the schedule's period, and whole minutes. */
interface Pieces {
  readonly fromMs: number;
  readonly pieceMs: number;
  readonly count: number;
}

function piecesOf(hours: number, { periodMs }: Target, now: number): Pieces {
  const asked = hours * hourMs;
  const pieceMs = Math.ceil(Math.max(asked / mostPieces, Math.min(periodMs, asked)) / minuteMs) * minuteMs;
  const count = Math.ceil(asked / pieceMs);
  return { fromMs: now - count * pieceMs, pieceMs, count };
}

/** @returns the points of some series by their piece. */
function inPieces<Item extends { readonly at: number }>(points: Iterable<Item>, { fromMs, pieceMs, count }: Pieces): readonly Item[][] {
  const pieces = Array.from({ length: count }, (): Item[] => []);
  // A point belongs to the piece that it ends: a question is for what is later than its beginning.
  for (const point of points) pieces[Math.min(count - 1, Math.ceil((point.at - fromMs) / pieceMs) - 1)]?.push(point);
  return pieces;
}

const allPoints = (series: readonly ReadSeries[]): readonly ReadPoint[] => series.flatMap(({ points }) => points);

/**
 * Four questions.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readHistory(
  target: Target,
  hours: number,
  { read, config, now, signal }: { read: Read; config: Pick<Config, 'environment'>; now: number; signal: AbortSignal },
): Promise<History> {
  const pieces = piecesOf(hours, target, now);
  const { fromMs, pieceMs, count } = pieces;
  const where = { kind: [target.kind], target: [target.name] };
  const of = (metric: MetricName): Promise<readonly ReadSeries[]> =>
    read({ metric, environment: config.environment, where, fromMs, toMs: now }, signal);
  const [success, problems, latency, phases] = await Promise.all([
    of('probe/success'),
    of('probe/problem'),
    of('probe/latency'),
    of('probe/phase_latency'),
  ]);
  const runs = runsFrom(success, problems).get(target.name) ?? [];
  const byPiece = inPieces(runs, pieces);
  const latencies = inPieces(allPoints(latency), pieces);
  const byPhase = inPieces(
    phases.flatMap(({ labels, points }) => points.map((point) => ({ ...point, phase: labels.phase ?? '' }))),
    pieces,
  );
  const counts = countOutcomes(runs);
  const worked = counts.success + counts.degraded;
  const told = worked + counts.failure;
  return {
    kind: target.kind,
    target: target.name,
    severity: target.severity,
    schedule: target.schedule,
    hours,
    from: timestamp(fromMs),
    to: timestamp(now),
    pieceMs,
    counts,
    availability: told === 0 ? null : worked / told,
    pieces: Array.from({ length: count }, (_, index): Piece => {
      const own = byPiece[index] ?? [];
      return {
        at: timestamp(fromMs + index * pieceMs),
        outcome: gravity.find((outcome) => own.some((run) => run.outcome === outcome)) ?? null,
        counts: countOutcomes(own),
        latencyMs: spreadOf((latencies[index] ?? []).map(({ value }) => value)),
        phases: mediansOf(byPhase[index] ?? []),
      };
    }),
  };
}

function mediansOf(points: readonly { readonly phase: string; readonly value: number }[]): Readonly<Record<string, number>> {
  const byPhase = [...groupBy(points, ({ phase }) => phase)];
  return Object.fromEntries(byPhase.map(([phase, own]) => [phase, spreadOf(own.map(({ value }) => value))?.median ?? 0]));
}
