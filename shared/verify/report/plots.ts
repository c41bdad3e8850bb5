/** Small plots as inline SVG: what became of a target over the rounds, and how long it took. */
import type { Outcome } from '../../result';
import { shortTime } from './words';

const height = 16;
/** A hundred rounds fit beside a name. */
const widest = 160;

/** @returns one box a round; the shape tells it, too, for those who don't see the colour. */
export function outcomeStrip(outcomes: readonly Outcome[]): string {
  const step = Math.min(12, widest / Math.max(1, outcomes.length));
  const width = round(step * outcomes.length);
  const boxes = outcomes.map((outcome, index) => {
    const [top, size] = box[outcome];
    const title = `<title>round ${index + 1}: ${outcome}</title>`;
    return `<rect class="${outcome}" x="${round(index * step)}" y="${top}" width="${round(step * 0.8)}" height="${size}">${title}</rect>`;
  });
  return svg(width, `outcomes: ${outcomes.join(', ')}`, boxes);
}

/** From the top, and how tall: what is well stands tall. */
const box: Readonly<Record<Outcome, readonly [number, number]>> = {
  success: [1, 14],
  degraded: [5, 10],
  failure: [11, 4],
  unknown: [7, 2],
};

/** @returns a line over the rounds from zero to the longest, with a gap where nothing was measured; nothing of fewer than two. */
export function latencyPlot(latencies: readonly (number | null)[]): string {
  const measured = latencies.flatMap((each) => each ?? []);
  if (measured.length < 2) return '';
  const longest = Math.max(...measured);
  const width = Math.min(widest, Math.max(36, latencies.length * 12));
  const x = (index: number): number => round(2 + (index * (width - 4)) / (latencies.length - 1));
  const y = (ms: number): number => round(height - 2 - (longest === 0 ? 0 : (ms / longest) * (height - 4)));
  const runs: string[][] = [[]];
  latencies.forEach((ms, index) => {
    if (ms === null) runs.push([]);
    else runs.at(-1)?.push(`${x(index)},${y(ms)}`);
  });
  const lines = runs.filter(({ length }) => length > 1).map((points) => `<polyline points="${points.join(' ')}"/>`);
  const dots = latencies.flatMap((ms, index) =>
    ms === null ? [] : [`<circle cx="${x(index)}" cy="${y(ms)}" r="1.5"><title>round ${index + 1}: ${shortTime(ms)}</title></circle>`],
  );
  return svg(width, `latency: ${latencies.map((ms) => (ms === null ? 'none' : shortTime(ms))).join(', ')}`, [...lines, ...dots]);
}

const round = (value: number): number => Math.round(value * 10) / 10;

function svg(width: number, label: string, content: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg ${size} role="img" aria-label="${label}">${content.join('')}</svg>`;
}
