/** The first view: the verdict, the causes, then every target. */
import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { TargetsAnswer, TargetState } from '../../shared/status/state';
import { useTargets } from '../data/answers';
import { Await, Staleness } from '../parts/notice';
import { CauseCard } from './cause-card';
import { readFilter } from './filter';
import { TargetTables } from './target-tables';
import { VerdictBanner } from './verdict';

/** @returns the states, each the same object as before where nothing in it changed. */
function useSettled(states: readonly TargetState[]): readonly TargetState[] {
  const before = useRef<ReadonlyMap<string, TargetState>>(new Map());
  return useMemo(() => {
    const settled = states.map((state) => {
      const known = before.current.get(state.target);
      return known && JSON.stringify(known) === JSON.stringify(state) ? known : state;
    });
    before.current = new Map(settled.map((state) => [state.target, state]));
    return settled;
  }, [states]);
}

function Overview({ answer, query }: { readonly answer: TargetsAnswer; readonly query: URLSearchParams }): VNode {
  const settled = useSettled(answer.targets);
  const states = useMemo(() => new Map(settled.map((state) => [state.target, state])), [settled]);
  return (
    <>
      <VerdictBanner answer={answer} />
      {answer.causes.length > 0 && (
        <section aria-labelledby="causes">
          <h2 id="causes">{answer.causes.length === 1 ? 'Cause' : `Causes (${answer.causes.length})`}</h2>
          <ol class="causes">
            {answer.causes.map((cause) => (
              <CauseCard key={cause.cause} cause={cause} states={states} pointedOut={cause.cause === query.get('cause')} />
            ))}
          </ol>
        </section>
      )}
      <TargetTables states={settled} counts={answer.counts} filter={readFilter(query)} />
    </>
  );
}

export function OverviewView({ query }: { readonly query: URLSearchParams }): VNode {
  const targets = useTargets();
  return (
    <>
      {targets.value === undefined && <h1 tabIndex={-1}>Overview</h1>}
      <Staleness answer={targets} of="targets" />
      <Await answer={targets} of="targets">
        {(answer) => <Overview answer={answer} query={query} />}
      </Await>
    </>
  );
}
