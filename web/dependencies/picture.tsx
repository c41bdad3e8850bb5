/** The picture itself: boxes that lead to their targets, and lines from who needs to who is needed. */
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { DependencyNode } from '../../shared/status/state';
import { inPortions, useGradually } from '../parts/chunks';
import { linkToTarget } from '../route';
import { outcomeWords } from '../text/words';
import type { Layout, Point } from './layout';
import { nodeWords, type Part, targetOf } from './select';

export const nodeHeight = 40;
const iconWidth = 26;
/** So many are drawn in one frame. */
const portion = 50;
/** Smaller than this share of its size a picture can't be read. */
const smallest = 0.65;
const mostLetters = 30;

const shorten = (label: string): string => (label.length <= mostLetters ? label : `${label.slice(0, mostLetters - 1)}…`);

const ruler = new OffscreenCanvas(1, 1).getContext('2d');

function textWidth(text: string, font: string): number {
  if (!ruler) return text.length * 8;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** @returns how wide a box must be for its texts, in whole pixels. */
export function widthOf(node: DependencyNode): number {
  const widest = Math.max(textWidth(shorten(node.label), '600 13px system-ui'), textWidth(nodeWords(node), '11px system-ui'));
  return Math.ceil(Math.max(90, widest + 24 + (node.outcome === null ? 0 : iconWidth)));
}

const icons = {
  success: 'M-6.5 0.5 -2 5 7 -5',
  degraded: 'M0 -7 8 7H-8zM0 -2.5V2.5M0 4V5.5',
  failure: 'M-5 -5 5 5M5 -5 -5 5',
  unknown: 'M-4 -3C-4 -8 4 -8 4 -3 4 0 0 0 0 3M0 6V7.5',
} as const;

/** A line that bends softly through its points. */
function pathOf([first, ...rest]: readonly Point[]): string {
  if (!first) return '';
  const ends = rest.map((point, index) => {
    const next = rest[index + 1];
    return next ? `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}` : `L${point.x} ${point.y}`;
  });
  return `M${first.x} ${first.y}${ends.join('')}`;
}

/** @returns what is heard of a node, and shown where the pointer stays. */
function nameOf(node: DependencyNode): string {
  const { label, outcome, blockedBy } = node;
  const words = [label, nodeWords(node), outcome ? outcomeWords[outcome] : '', blockedBy === null ? '' : `by ${blockedBy}`];
  return words.filter((word) => word !== '').join(', ');
}

function Box({ node, at }: { readonly node: DependencyNode; readonly at: Point }): VNode {
  const { label, outcome, cause, blockedBy } = node;
  const width = widthOf(node);
  const words = nodeWords(node);
  const left = -width / 2 + 11 + (outcome === null ? 0 : iconWidth);
  const marks = `${outcome ? ` is-${outcome}` : ''}${cause === null ? '' : ' is-cause'}${blockedBy === null ? '' : ' is-blocked'}`;
  return (
    <g class={`node${marks}`} aria-hidden="true" transform={`translate(${at.x} ${at.y})`}>
      <rect x={-width / 2} y={-nodeHeight / 2} width={width} height={nodeHeight} rx={6} />
      {outcome && <path class="icon" d={icons[outcome]} transform={`translate(${-width / 2 + 20} 0)`} />}
      <text x={left} y={words === '' ? 5 : -2}>
        {shorten(label)}
      </text>
      {words !== '' && (
        <text x={left} y={13} class="words">
          {words}
        </text>
      )}
    </g>
  );
}

interface PictureProps {
  readonly part: Part;
  readonly layout: Layout;
  readonly fit: boolean;
}

export function Picture({ part, layout, fit }: PictureProps): VNode {
  const [active, setActive] = useState('');
  const { width, height } = layout;
  const nodes = useMemo(() => {
    const places = new Map(layout.nodes.map((place) => [place.id, place]));
    const drawn = part.nodes.map((node) => {
      const at = places.get(node.id);
      if (!at) return null;
      const target = targetOf(node);
      const box = <Box node={node} at={at} />;
      const name = nameOf(node);
      const enter = (): void => setActive(node.id);
      const leave = (): void => setActive('');
      return target === undefined ? (
        <g key={node.id} role="img" aria-label={name} onPointerEnter={enter} onPointerLeave={leave}>
          {box}
        </g>
      ) : (
        <a key={node.id} href={linkToTarget(target)} onPointerEnter={enter} onPointerLeave={leave} onFocus={enter} onBlur={leave}>
          <title>{name}</title>
          {box}
        </a>
      );
    });
    return inPortions(drawn, portion);
  }, [part, layout]);
  const lines = useMemo(() => {
    const blocked = new Set(part.nodes.filter(({ blockedBy }) => blockedBy !== null).map(({ id }) => id));
    const unwell = new Set(part.nodes.filter(({ cause, outcome }) => cause !== null || outcome === 'failure').map(({ id }) => id));
    const drawn = layout.edges.map(({ from, to, points }) => (
      <path
        key={`${from} ${to}`}
        d={pathOf(points)}
        class={`line${blocked.has(from) && unwell.has(to) ? ' is-blocked' : ''}`}
        marker-end="url(#arrow)"
      />
    ));
    return inPortions(drawn, portion);
  }, [part, layout]);
  const marked = layout.edges.filter(({ from, to }) => active !== '' && (from === active || to === active));
  return (
    <svg
      class={fit ? 'picture fit' : 'picture'}
      role="group"
      aria-label="Who needs whom, from left to right"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      style={{ minWidth: fit ? `${width * smallest}px` : undefined }}
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0 8 4 0 8z" class="arrow" />
        </marker>
      </defs>
      {/* Groups of their own: lines that come and go would have the nodes put in anew, and what has the focus lose it. */}
      <g>{useGradually(lines).flat()}</g>
      <g>
        {marked.map(({ from, to, points }) => (
          <path key={`${from} ${to}`} d={pathOf(points)} class="line is-marked" />
        ))}
      </g>
      <g>{useGradually(nodes).flat()}</g>
    </svg>
  );
}
