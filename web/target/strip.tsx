/** The strip of pieces: how a target was over time. The worse, the taller; a gap where nothing ran. */
import type { VNode } from 'preact';
import type { TargetedPointerEvent } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryAnswer, Piece } from '../../shared/status/state';
import { pieceText } from './pieces';

const heights = { failure: 24, unknown: 18, degraded: 14, success: 9, none: 1.5 } as const;
const height = 24;
const page = 12;

const classOf = ({ outcome }: Piece): keyof typeof heights => outcome ?? 'none';

/** One path for each outcome, so that many pieces cost no more than a few. */
function pathsOf(pieces: readonly Piece[]): readonly (readonly [string, string])[] {
  const gap = pieces.length > 150 ? 0.12 : 0.18;
  const paths = new Map<keyof typeof heights, string>();
  pieces.forEach((piece, index) => {
    const name = classOf(piece);
    const tall = heights[name];
    paths.set(name, `${paths.get(name) ?? ''}M${index + gap / 2} ${height}v${-tall}h${1 - gap}v${tall}z`);
  });
  return [...paths];
}

interface StripProps {
  readonly history: HistoryAnswer;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

/** A slider over the pieces: the arrow keys go from one to the next, and each is told in words. */
export function Strip({ history, selected, onSelect }: StripProps): VNode {
  const { pieces } = history;
  const paths = useMemo(() => pathsOf(pieces), [pieces]);
  const last = pieces.length - 1;
  const piece = pieces[selected];
  const go = (index: number): void => onSelect(Math.max(0, Math.min(last, index)));
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: selected - 1,
    ArrowDown: selected - 1,
    ArrowRight: selected + 1,
    ArrowUp: selected + 1,
    PageDown: selected - page,
    PageUp: selected + page,
    Home: 0,
    End: last,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const onPointer = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    go(Math.floor(((event.clientX - left) / width) * pieces.length));
  };
  return (
    <div
      class="strip"
      role="slider"
      tabIndex={0}
      aria-label="Outcomes over time"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={selected}
      aria-valuetext={piece ? pieceText(piece, history) : 'nothing'}
      onKeyDown={onKeyDown}
      onPointerMove={onPointer}
      onPointerDown={onPointer}
    >
      <svg viewBox={`0 0 ${pieces.length} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {paths.map(([name, path]) => (
          <path key={name} d={path} class={`is-${name}`} />
        ))}
        <rect class="selected" x={selected} y={0} width={1} height={height} />
      </svg>
    </div>
  );
}
