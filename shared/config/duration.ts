/** Durations as the configuration writes them: a number and one of the units ms, s, m, h, d. */

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** @returns milliseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, amount, unit] = match;
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}

/** @returns the shortest exact form in one unit, e.g. `90s` as `90s`, 120 000 as `2m`. */
export function formatDuration(milliseconds: number): string {
  const units = Object.entries(unitMs).toReversed();
  const [unit, size] = units.find(([, ms]) => milliseconds >= ms && milliseconds % ms === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
