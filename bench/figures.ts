/** What a measurement gives: numbers with their spread, and the ratio of two that were measured in turn. */

/** The middle half of several readings. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly readings: number;
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: Spread;
  /** What a user would take instead, or what the ratio refers to. */
  readonly peer?: Spread;
  readonly peerName?: string;
  /** Ours by the peer's; of readings taken in turn, pair by pair. */
  readonly ratio?: Spread;
  readonly budget?: Budget;
}

/** The most that is allowed: of the ratio, or of our own figure where there is no peer. */
export interface Budget {
  readonly atMost: number;
  readonly of: 'ratio' | 'ours';
}

/** @returns the value below which a share of the readings lies, interpolated. */
export function quantile(readings: readonly number[], share: number): number {
  const sorted = readings.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** @returns the middle half of readings. */
export function spreadOf(readings: readonly number[]): Spread {
  return {
    median: quantile(readings, 0.5),
    lowerQuartile: quantile(readings, 0.25),
    upperQuartile: quantile(readings, 0.75),
    readings: readings.length,
  };
}

/** @returns the spread of the ratios of readings that were taken in turn: what the machine did meanwhile struck both of a pair. */
export function ratioOf(ours: readonly number[], peer: readonly number[]): Spread {
  return spreadOf(ours.flatMap((reading, index) => (peer[index] === undefined ? [] : [reading / peer[index]])));
}

/** @returns the line that compares readings taken in turn. */
export function compare(
  what: string,
  unit: string,
  ours: readonly number[],
  peer: { readonly name: string; readonly readings: readonly number[] },
  atMost?: number,
): Figure {
  return {
    what,
    unit,
    ours: spreadOf(ours),
    peer: spreadOf(peer.readings),
    peerName: peer.name,
    ratio: ratioOf(ours, peer.readings),
    ...(atMost === undefined ? {} : { budget: { atMost, of: 'ratio' } }),
  };
}

/** @returns the line of a figure that has no peer. */
export function alone(what: string, unit: string, ours: readonly number[], atMost?: number): Figure {
  return { what, unit, ours: spreadOf(ours), ...(atMost === undefined ? {} : { budget: { atMost, of: 'ours' } }) };
}

/** @returns whether the median keeps the budget; undefined where there is none. */
export function isMet({ budget, ours, ratio }: Figure): boolean | undefined {
  if (!budget) return undefined;
  const judged = budget.of === 'ours' ? ours : ratio;
  return judged !== undefined && judged.median <= budget.atMost;
}
