/** The tables of targets, one a kind, and what narrows them down. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { countOutcomes, type Counts } from '../../shared/result';
import type { TargetState } from '../../shared/status/state';
import { inPortions, useGradually } from '../parts/chunks';
import { Choices } from '../parts/choices';
import { choose } from '../route';
import { byGravity, countsText, outcomeWords } from '../text/words';
import { type Filter, matches, sectionsOf } from './filter';
import { columns, Rows } from './rows';

/** So many rows are drawn in one frame. */
const portion = 25;
/** Of more only what is in sight is drawn. */
const mostDrawn = 150;

function FilterBar({ filter, counts, all }: { readonly filter: Filter; readonly counts: Counts; readonly all: number }): VNode {
  const choices = [
    { value: '', label: `All ${all}` },
    ...byGravity.map((outcome) => ({
      value: outcome,
      label: (
        <span class={`mark is-${outcome}`}>
          {outcomeWords[outcome]} {counts[outcome]}
        </span>
      ),
    })),
  ];
  return (
    <div class="filters" role="search" aria-label="Targets">
      <label class="field grow">
        <span class="hidden">Filter targets</span>
        <input
          type="search"
          placeholder="Filter by name, kind, reason, owner …"
          value={filter.text}
          onInput={(event) => choose({ q: event.currentTarget.value })}
        />
      </label>
      <Choices legend="Outcome" name="outcome" value={filter.outcome} choices={choices} onChoose={(outcome) => choose({ outcome })} />
    </div>
  );
}

interface KindTableProps {
  readonly kind: string;
  readonly counts: Counts;
  readonly portions: readonly (readonly TargetState[])[];
  /** Whether the page is so long that what is out of sight is left undrawn. */
  readonly long: boolean;
}

function KindTable({ kind, counts, portions, long }: KindTableProps): VNode {
  const id = `kind-${kind}`;
  return (
    <section aria-labelledby={id} class="kind">
      <h3 id={id}>
        {kind} <small>{countsText(counts)}</small>
      </h3>
      <table role="table" class={long ? 'targets boxes long' : 'targets boxes'} aria-labelledby={id}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((title) => (
              <th key={title} role="columnheader" scope="col" class={title === 'Latency' ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {portions.map((states, index) => (
          <Rows key={index} states={states} />
        ))}
      </table>
    </section>
  );
}

interface TargetTablesProps {
  readonly states: readonly TargetState[];
  readonly counts: Counts;
  readonly filter: Filter;
}

export function TargetTables({ states, counts, filter }: TargetTablesProps): VNode {
  const { text, outcome } = filter;
  const sections = useMemo(() => sectionsOf(states.filter((state) => matches(state, { text, outcome }))), [states, text, outcome]);
  const shown = useGradually(useMemo(() => sections.flatMap(({ states: own }) => inPortions(own, portion)), [sections]));
  const found = sections.reduce((sum, section) => sum + section.states.length, 0);
  return (
    <section aria-labelledby="targets">
      <h2 id="targets">Targets</h2>
      <FilterBar filter={filter} counts={counts} all={states.length} />
      <p class="hidden" role="status">
        {text !== '' || outcome !== '' ? `${found} of ${states.length} targets shown` : ''}
      </p>
      {found === 0 && <p class="waiting">{states.length === 0 ? 'There are no targets.' : 'Nothing matches the filter.'}</p>}
      {sections.map(({ kind, states: own }) => {
        // What is shown already may be of another order; each portion holds one kind.
        const portions = shown.filter(([first]) => first?.kind === kind);
        return (
          portions.length > 0 && (
            <KindTable key={kind} kind={kind} counts={countOutcomes(own)} portions={portions} long={found > mostDrawn} />
          )
        );
      })}
    </section>
  );
}
