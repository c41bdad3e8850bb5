/** Judges what a process held from time to time: whether any of it grows. */

/** What a process held after so many runs. */
export interface Holding {
  readonly runs: number;
  /** Bytes in use after garbage was collected, on the heap and outside of it. */
  readonly memory: number;
  readonly rss: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Early on, code is compiled and caches are filled. */
const warmUpShare = 0.3;
/** Clients of Google's APIs open and close a timer or a connection now and then. */
const tolerated = 2;

/** @returns bytes a run by which memory grows: the slope of the line of least squares. */
export function slopeOf(holdings: readonly Holding[]): number {
  const mean = (of: (holding: Holding) => number): number => holdings.reduce((sum, each) => sum + of(each), 0) / holdings.length;
  const runs = mean((each) => each.runs);
  const memory = mean((each) => each.memory);
  const above = holdings.reduce((sum, each) => sum + (each.runs - runs) * (each.memory - memory), 0);
  return above / holdings.reduce((sum, each) => sum + (each.runs - runs) ** 2, 0);
}

/** @returns how many bytes a run are too many: what a few runs cost once shows in many runs alone. */
export function mostBytesARun(runs: number): number {
  return Math.max(150, 2_000_000 / runs);
}

/** @returns those that count. */
export function settled(holdings: readonly Holding[]): readonly Holding[] {
  return holdings.slice(Math.ceil(holdings.length * warmUpShare));
}

/** @returns what grows, in words; empty where nothing does. */
export function growing(all: readonly Holding[]): readonly string[] {
  const holdings = settled(all);
  const first = holdings[0];
  const last = holdings.at(-1);
  if (!first || !last) return ['nothing was looked at'];
  const counted = Object.keys(last.counts).flatMap((name) => {
    const [from = 0, to = 0] = [first.counts[name], last.counts[name]];
    return to > from + tolerated ? [`${name}: ${from} to ${to}`] : [];
  });
  const slope = slopeOf(holdings);
  const most = mostBytesARun(last.runs);
  return slope > most ? [...counted, `memory: ${Math.round(slope)} bytes a run, at most ${Math.round(most)}`] : counted;
}
