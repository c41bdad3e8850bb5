/** What the pieces of a history say in words. */
import { phases, type Phase } from '../../shared/result';
import type { HistoryAnswer, Piece } from '../../shared/status/state';
import { millisecondsOf } from '../clock';
import { clockTime, dateTime, latency } from '../text/times';
import { countsText, outcomeWords } from '../text/words';

/** @returns the phases that were reached in any piece, in the order in which a probe goes through them. */
export function phasesOf(pieces: readonly Piece[]): readonly Phase[] {
  return phases.filter((phase) => pieces.some((piece) => piece.phases[phase] !== undefined));
}

/** @returns `03:10 to 03:15`, with the date where a day is too short. */
export function timeOf({ at }: Piece, { pieceMs, hours }: HistoryAnswer): string {
  const from = millisecondsOf(at);
  const text = (stamp: number): string => (hours > 24 ? dateTime(stamp) : clockTime(stamp)).slice(0, -3);
  return `${text(from)} to ${clockTime(from + pieceMs).slice(0, -3)}`;
}

/** @returns the phases of a piece with their medians. */
export function phaseText(piece: Piece): string {
  return phases.flatMap((phase) => (piece.phases[phase] === undefined ? [] : [`${phase} ${latency(piece.phases[phase])}`])).join(', ');
}

/** @returns one piece in a sentence. */
export function pieceText(piece: Piece, history: HistoryAnswer): string {
  const { outcome, counts, latencyMs } = piece;
  const how = outcome === null ? 'no run' : `${outcomeWords[outcome]} (${countsText(counts)})`;
  return `${timeOf(piece, history)}: ${how}${latencyMs ? `; median ${latency(latencyMs.median)}, slowest ${latency(latencyMs.max)}` : ''}`;
}

/** @returns what a chart of latencies shows, in a sentence. */
export function latencySummary(history: HistoryAnswer): string {
  const told = history.pieces.flatMap((piece) => (piece.latencyMs ? [{ piece, ...piece.latencyMs }] : []));
  const slowest = told.reduce<(typeof told)[number] | undefined>(
    (worst, each) => (worst && worst.max >= each.max ? worst : each),
    undefined,
  );
  if (!slowest) return 'No latency was measured in this time.';
  const medians = told.map(({ median }) => median).toSorted((a, b) => a - b);
  const middle = medians[Math.floor(medians.length / 2)] ?? 0;
  const largest = Object.entries(slowest.piece.phases).toSorted(([, a], [, b]) => b - a)[0];
  return `Typically ${latency(middle)}; slowest ${latency(slowest.max)}, ${timeOf(slowest.piece, history)}${largest ? `, mostly in ${largest[0]}` : ''}.`;
}

/** What is so many times slower than usual hides everything else. */
const far = 4;

/** @returns milliseconds up to which a chart shows what is usual, where something else is so slow that it would hide it. */
export function usualTop({ pieces }: HistoryAnswer): number | undefined {
  const medians = pieces.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs.median] : [])).toSorted((a, b) => a - b);
  const usual = medians[Math.floor(medians.length * 0.75)] ?? 0;
  return (medians.at(-1) ?? 0) > usual * far ? usual * 2 : undefined;
}
