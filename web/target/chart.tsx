/** The latency of a target over time, its phases stacked. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Phase } from '../../shared/result';
import type { HistoryAnswer } from '../../shared/status/state';
import { millisecondsOf } from '../clock';
import { useTheme } from '../frame/theme';
import { afterFrame } from '../parts/chunks';
import { dateTime, latency } from '../text/times';
import { latencySummary } from './pieces';

const height = 220;
/** Width of the axis at the left, in pixels; the strip begins where the chart does. */
const axisSize = 60;
const daySeconds = 86_400;

type Values = [number[], ...(number | null)[][]];

/** Each series holds its phase and all before it, the last phase first: what is drawn later covers what it does not have. */
function stacked({ pieces, pieceMs }: HistoryAnswer, phases: readonly Phase[]): Values {
  const times = pieces.map(({ at }) => (millisecondsOf(at) + pieceMs / 2) / 1000);
  const sums = phases.map((_, last) =>
    pieces.map((piece) => {
      const own = phases.slice(0, last + 1).map((phase) => piece.phases[phase] ?? 0);
      return Object.keys(piece.phases).length === 0 ? null : own.reduce((sum, value) => sum + value, 0);
    }),
  );
  return [times, ...sums.toReversed()];
}

function timeLabels(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  return splits.map((seconds) => {
    const [date = '', time = ''] = dateTime(seconds * 1000).split(' ');
    return step >= daySeconds || time.startsWith('00:00') ? date.slice(5) : time.slice(0, 5);
  });
}

/** @returns a colour as it is now: a canvas knows neither names nor themes. */
function colorIn(element: HTMLElement, name: string): string {
  element.style.color = `var(--${name})`;
  return getComputedStyle(element).color;
}

type Color = (name: string) => string;

function optionsOf({ history, phases, top, onSelect }: ChartProps, width: number, color: Color): uPlot.Options {
  const axis = { stroke: color('muted'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  const bars = uPlot.paths.bars?.({ size: [0.9, 100], align: 0 });
  return {
    width,
    height,
    padding: [10, 0, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { range: () => [millisecondsOf(history.from) / 1000, millisecondsOf(history.to) / 1000] },
      y: { range: (_, __, max) => [0, top ?? Math.max(1, (max ?? 0) * 1.05)] },
    },
    axes: [
      { ...axis, size: 30, values: timeLabels, space: 60 },
      { ...axis, size: axisSize, values: (_, splits) => splits.map((value) => (value === 0 ? '0' : latency(value))) },
    ],
    series: [
      {},
      ...phases
        .toReversed()
        .map((phase) => ({ label: phase, fill: color(`phase-${phase}`), width: 0, paths: bars, points: { show: false } })),
    ],
    hooks: {
      setCursor: [({ cursor: { idx, event } }) => typeof idx === 'number' && event instanceof MouseEvent && onSelect(idx)],
    },
  };
}

function pointAt(chart: uPlot | undefined, selected: number): void {
  const time = chart?.data[0][selected];
  if (chart && time !== undefined) chart.setCursor({ left: chart.valToPos(time, 'x'), top: 0 }, false);
}

interface ChartProps {
  readonly history: HistoryAnswer;
  readonly phases: readonly Phase[];
  /** Milliseconds where the chart ends; default: where the slowest does. */
  readonly top?: number;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

export function LatencyChart(props: ChartProps): VNode {
  const { history, phases, top, selected, onSelect } = props;
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;
  const pointed = useRef(selected);
  pointed.current = selected;
  const { isDark } = useTheme();
  useEffect(() => {
    const { current } = holder;
    if (!current) return undefined;
    const color = (name: string): string => colorIn(current, name);
    const observer = new ResizeObserver(() => chart.current?.setSize({ width: current.clientWidth, height }));
    const draw = (): void => {
      const options = optionsOf({ ...props, onSelect: (index) => select.current(index) }, current.clientWidth, color);
      // The one before stays until its successor is there.
      chart.current?.destroy();
      chart.current = new uPlot(options, stacked(history, phases), current);
      pointAt(chart.current, pointed.current);
      observer.observe(current);
    };
    const stop = afterFrame(draw);
    return () => {
      stop();
      observer.disconnect();
    };
  }, [history, phases, top, isDark]);
  useEffect(() => () => chart.current?.destroy(), []);
  useEffect(() => pointAt(chart.current, selected), [selected]);
  return <div class="chart" ref={holder} role="img" aria-label={`Latency by phase. ${latencySummary(history)}`} />;
}
