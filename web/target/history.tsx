/** How a target was over time: its availability, a strip of outcomes, and its latency by phase. */
import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Phase } from '../../shared/result';
import type { HistoryAnswer } from '../../shared/status/state';
import { useHistory } from '../data/answers';
import { Choices } from '../parts/choices';
import { Await, Notice } from '../parts/notice';
import { useFreshness } from '../data/freshness';
import { choose } from '../route';
import { length } from '../text/times';
import { countsText, percent } from '../text/words';
import { LatencyChart } from './chart';
import { HistoryTable } from './history-table';
import { latencySummary, phasesOf, phaseText, pieceText, usualTop } from './pieces';
import { Strip } from './strip';

const ranges = [
  { value: '1', label: '1 h' },
  { value: '6', label: '6 h' },
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
  { value: '720', label: '30 d' },
] as const;
const usualHours = '24';

const scales = [
  { value: 'all', label: 'Up to the slowest' },
  { value: 'usual', label: 'Usual' },
] as const;

function Legend({ phases }: { readonly phases: readonly Phase[] }): VNode {
  return (
    <ul class="legend" aria-label="Phases, from the bottom to the top">
      {phases.map((phase) => (
        <li key={phase} class={`phase-${phase}`}>
          {phase}
        </li>
      ))}
    </ul>
  );
}

function Drawn({ history }: { readonly history: HistoryAnswer }): VNode {
  const { pieces, counts, availability, pieceMs } = history;
  const [chosen, setChosen] = useState<string>();
  const [scale, setScale] = useState<string>('all');
  const usual = usualTop(history);
  const phases = useMemo(() => phasesOf(pieces), [pieces]);
  const known = pieces.findIndex(({ at }) => at === chosen);
  const newest = pieces.findLastIndex(({ outcome }) => outcome !== null);
  const selected = known >= 0 ? known : newest >= 0 ? newest : pieces.length - 1;
  const piece = pieces[selected];
  const select = (index: number): void => setChosen(pieces[index]?.at);
  return (
    <>
      <p class="facts">
        <span>
          <strong>{availability === null ? 'Availability not known' : `${percent(availability)} available`}</strong>
        </span>
        <span>{countsText(counts)}</span>
        <span>{length(pieceMs)} each</span>
      </p>
      {history.stale && (
        <Notice tone="warning">
          <p>The history could not be read again: it ends at its last reading.</p>
        </Notice>
      )}
      <Strip history={history} selected={selected} onSelect={select} />
      <p class="readout" data-readout>
        {piece && (
          <>
            {piece.outcome && <span class={`mark icon-only is-${piece.outcome}`} aria-hidden="true" />} {pieceText(piece, history)}
            <br />
            <small>{phaseText(piece) || 'no phase was reached'}</small>
          </>
        )}
      </p>
      <h3>Latency by phase</h3>
      {phases.length === 0 ? (
        <p class="waiting">No latency was measured in this time.</p>
      ) : (
        <>
          <div class="panel-head">
            <p class="summary">{latencySummary(history)}</p>
            {usual !== undefined && <Choices legend="Scale" name="scale" value={scale} choices={scales} onChoose={setScale} />}
          </div>
          <LatencyChart
            history={history}
            phases={phases}
            top={scale === 'usual' ? usual : undefined}
            selected={selected}
            onSelect={select}
          />
          <Legend phases={phases} />
        </>
      )}
      <HistoryTable history={history} phases={phases} />
    </>
  );
}

export function TargetHistory({ name, query }: { readonly name: string; readonly query: URLSearchParams }): VNode {
  const asked = query.get('hours') ?? usualHours;
  const hours = ranges.some(({ value }) => value === asked) ? asked : usualHours;
  const answer = useHistory(name, Number(hours));
  useFreshness('history', answer);
  const last = useRef<HistoryAnswer>(undefined);
  last.current = answer.value ?? last.current;
  const value = answer.failure && !answer.value ? undefined : last.current;
  return (
    <section aria-labelledby="history" class="panel history" aria-busy={answer.value === undefined && !answer.failure}>
      <div class="panel-head">
        <h2 id="history">History</h2>
        <Choices legend="Time" name="hours" value={hours} choices={ranges} onChoose={(next) => choose({ hours: next })} />
      </div>
      {answer.failure && answer.value && (
        <Notice tone="warning">
          <p>The history could not be fetched again: {answer.failure.message}</p>
        </Notice>
      )}
      <Await answer={{ ...answer, value }} of="history">
        {(history) => <Drawn history={history} />}
      </Await>
    </section>
  );
}
