/** The same as strip and chart show, as a table. */
import { Component, type VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Phase } from '../../shared/result';
import type { HistoryAnswer, Piece } from '../../shared/status/state';
import { inPortions, useGradually } from '../parts/chunks';
import { OutcomeMark } from '../parts/marks';
import { latency } from '../text/times';
import { countsText } from '../text/words';
import { timeOf } from './pieces';

const portion = 16;

interface HistoryTableProps {
  readonly history: HistoryAnswer;
  readonly phases: readonly Phase[];
}

type RowsProps = HistoryTableProps & { readonly pieces: readonly Piece[] };

/** Some rows together; drawn anew only where they are others. */
class Rows extends Component<RowsProps> {
  override shouldComponentUpdate({ pieces, phases }: RowsProps): boolean {
    return pieces !== this.props.pieces || phases.join() !== this.props.phases.join();
  }

  override render({ pieces, history, phases }: RowsProps): VNode {
    const cell = (value: number | undefined): string => (value === undefined ? '–' : latency(value));
    return (
      <tbody role="rowgroup" style={{ '--rows': pieces.length }}>
        {pieces.map((piece) => (
          <tr key={piece.at} role="row">
            <th role="rowheader" scope="row">
              {timeOf(piece, history)}
            </th>
            <td role="cell">{piece.outcome ? <OutcomeMark outcome={piece.outcome} /> : 'no run'}</td>
            <td role="cell">{countsText(piece.counts)}</td>
            {[piece.latencyMs?.min, piece.latencyMs?.median, piece.latencyMs?.max, ...phases.map((phase) => piece.phases[phase])].map(
              (value, index) => (
                <td key={index} role="cell" class="number">
                  {cell(value)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    );
  }
}

function Table({ history, phases }: HistoryTableProps): VNode {
  const portions = useGradually(useMemo(() => inPortions(history.pieces.toReversed(), portion), [history]));
  const titles = ['Time', 'Outcome', 'Runs', 'Fastest', 'Median', 'Slowest', ...phases];
  return (
    <div class="scroll tall" role="region" aria-label="History as a table" tabIndex={0}>
      <table
        role="table"
        class="pieces boxes long"
        aria-label="Outcomes and latencies over time, the newest first"
        style={{ '--values': titles.length - 3 }}
      >
        <thead role="rowgroup">
          <tr role="row">
            {titles.map((title, index) => (
              <th key={title} role="columnheader" scope="col" class={index > 2 ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {portions.map((pieces, index) => (
          <Rows key={index} pieces={pieces} history={history} phases={phases} />
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
      {open && <Table key={props.history.hours} {...props} />}
    </details>
  );
}
