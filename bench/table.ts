/** Figures as a table for people. */
import { table } from '../shared/report/text';
import { isMet, type Figure, type Spread } from './figures';

/** @returns a number with three significant digits, or all of its whole ones. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function shown(spread: Spread | undefined): string {
  if (!spread) return '';
  const { median, lowerQuartile, upperQuartile, readings } = spread;
  return readings > 1 && lowerQuartile !== upperQuartile
    ? `${short(median)} (${short(lowerQuartile)}–${short(upperQuartile)})`
    : short(median);
}

const verdicts = { true: 'met', false: 'MISSED' } as const;

function cells(figure: Figure): readonly string[] {
  const { what, unit, ours, peer, peerName, ratio, budget } = figure;
  const met = isMet(figure);
  return [
    what,
    unit,
    shown(ours),
    peer ? `${shown(peer)} ${peerName ?? ''}` : '',
    shown(ratio),
    budget ? `≤ ${short(budget.atMost)}` : '',
    met === undefined ? '' : verdicts[`${met}`],
  ];
}

const head = ['', 'unit', 'ours', 'peer', 'ratio', 'budget', ''];

/** @returns the lines of one measurement: medians, with the quartiles in brackets. */
export function tableOf(title: string, figures: readonly Figure[]): string {
  const rows = [[title, ...head.slice(1)], ...figures.map(cells)];
  return table(rows);
}
