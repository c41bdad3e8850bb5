/** The same as strip and chart show, as a table. */
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Phase } from '../../shared/result';
import type { HistoryAnswer, Piece } from '../../shared/status/state';
import { inPortions, useGradually } from '../parts/chunks';
import { OutcomeMark } from '../parts/marks';
import { latency } from '../text/times';
import { countsText } from '../text/words';
import { timeOf } from './pieces';

const portion = 24;

interface HistoryTableProps {
  readonly history: HistoryAnswer;
  readonly phases: readonly Phase[];
}

function PieceRow({ piece, history, phases }: HistoryTableProps & { readonly piece: Piece }): VNode {
  const { outcome, counts, latencyMs } = piece;
  const cell = (value: number | undefined): string => (value === undefined ? '–' : latency(value));
  return (
    <tr>
      <th scope="row">{timeOf(piece, history)}</th>
      <td>{outcome ? <OutcomeMark outcome={outcome} /> : 'no run'}</td>
      <td>{countsText(counts)}</td>
      {[latencyMs?.min, latencyMs?.median, latencyMs?.max, ...phases.map((phase) => piece.phases[phase])].map((value, index) => (
        <td key={index} class="number">
          {cell(value)}
        </td>
      ))}
    </tr>
  );
}

function Table({ history, phases }: HistoryTableProps): VNode {
  const portions = useGradually(useMemo(() => inPortions(history.pieces.toReversed(), portion), [history]));
  return (
    <div class="scroll tall" role="region" aria-label="History as a table" tabIndex={0}>
      <table class="fixed">
        <caption class="hidden">Outcomes and latencies over time, the newest first</caption>
        <thead>
          <tr>
            {['Time', 'Outcome', 'Runs', 'Fastest', 'Median', 'Slowest', ...phases].map((title, index) => (
              <th key={title} scope="col" class={index > 2 ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {portions.map((pieces, index) => (
          <tbody key={index}>
            {pieces.map((piece) => (
              <PieceRow key={piece.at} piece={piece} history={history} phases={phases} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** Made only when it is asked for. */
export function HistoryTable(props: HistoryTableProps): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details class="alternative" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && <Table {...props} />}
    </details>
  );
}
