/** What can be broken in the embedded stack, and what is to be expected then. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { switchFault, whyNot } from '../data/asking';
import { type FaultState, useFaults, useSession } from '../data/answers';
import { useFreshness } from '../data/freshness';
import { type Answer, refresh } from '../data/sources';
import { OutcomeMark } from '../parts/marks';
import { Await, Notice } from '../parts/notice';
import { TargetLink } from '../parts/target-links';
import { choose } from '../route';
import { many } from '../text/words';

const shownExpectations = 3;

function Expectations({ expects }: Pick<FaultState, 'expects'>): VNode {
  if (expects.length === 0) return <p class="muted">No target is expected to change.</p>;
  const items = (some: FaultState['expects']): readonly VNode[] =>
    some.map(({ target, outcome, reason, owner }) => (
      <li key={target}>
        <TargetLink name={target} /> <OutcomeMark outcome={outcome} />
        {reason && <code>{reason}</code>} {owner && <small>{owner}</small>}
      </li>
    ));
  return (
    <>
      <ul class="expects">{items(expects.slice(0, shownExpectations))}</ul>
      {expects.length > shownExpectations && (
        <details>
          <summary>{expects.length - shownExpectations} more</summary>
          <ul class="expects">{items(expects.slice(shownExpectations))}</ul>
        </details>
      )}
    </>
  );
}

function Switch({ fault }: { readonly fault: FaultState }): VNode {
  const { name, title, on, expects } = fault;
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState('');
  const toggle = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setWhy('');
    try {
      await switchFault(name, !on);
    } catch (error) {
      setWhy(whyNot(error));
    }
    setBusy(false);
    refresh();
  };
  const id = `fault-${name}`;
  return (
    <li class={on ? 'fault is-on' : 'fault'}>
      <button type="button" role="switch" aria-checked={on} aria-labelledby={id} aria-busy={busy} onClick={() => void toggle()}>
        <span aria-hidden="true">{busy ? '…' : on ? 'On' : 'Off'}</span>
      </button>
      <div>
        <h3 id={id}>{title}</h3>
        <p class="muted">
          <code>{name}</code>
          {busy && <span role="status"> · switching …</span>}
        </p>
        {why !== '' && (
          <p class="refused" role="alert">
            {why}
          </p>
        )}
        <Expectations expects={expects} />
      </div>
    </li>
  );
}

interface Group {
  readonly title: string;
  readonly faults: readonly FaultState[];
}

/** By the kind of what it breaks first. */
function groupsOf(faults: readonly FaultState[]): readonly Group[] {
  const titleOf = ({ expects: [first] }: FaultState): string => first?.kind ?? 'the monitor itself';
  return [...new Set(faults.map(titleOf))].map((title) => ({ title, faults: faults.filter((fault) => titleOf(fault) === title) }));
}

function Switches({ faults, text }: { readonly faults: readonly FaultState[]; readonly text: string }): VNode {
  const on = faults.filter((fault) => fault.on);
  const found = faults.filter((fault) => `${fault.name} ${fault.title}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <p role="status" class="muted">
        {on.length === 0 ? `All ${many(faults.length, 'switch', 'switches')} are off.` : `On: ${on.map(({ title }) => title).join('; ')}.`}
      </p>
      <div class="filters" role="search" aria-label="Switches">
        <label class="field grow">
          <span class="hidden">Filter switches</span>
          <input type="search" placeholder="Filter …" value={text} onInput={(event) => choose({ q: event.currentTarget.value })} />
        </label>
      </div>
      {groupsOf(found).map((group) => (
        <section key={group.title} aria-labelledby={`group-${group.title}`}>
          <h2 id={`group-${group.title}`}>{group.title}</h2>
          <ul class="faults">
            {group.faults.map((fault) => (
              <Switch key={fault.name} fault={fault} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Shown({ query }: { readonly query: URLSearchParams }): VNode {
  const answer = useFaults();
  useFreshness('switches', answer as Answer<object>);
  return (
    <>
      {answer.failure && answer.value && (
        <Notice tone="warning">
          <p>The switches could not be read again: {answer.failure.message}</p>
        </Notice>
      )}
      <Await answer={answer} of="switches">
        {(faults) => <Switches faults={faults} text={query.get('q') ?? ''} />}
      </Await>
    </>
  );
}

export function SwitchesView({ query }: { readonly query: URLSearchParams }): VNode {
  const session = useSession();
  return (
    <>
      <h1 tabIndex={-1}>Switches</h1>
      <Await answer={session} of="session">
        {({ emulated }) => (emulated ? <Shown query={query} /> : <p class="waiting">There are switches in the embedded stack only.</p>)}
      </Await>
    </>
  );
}
