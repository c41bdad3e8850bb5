/** One thing that is broken: who acts, how sure that is, why, and what it blocks. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { TargetState } from '../../shared/status/state';
import { millisecondsOf } from '../clock';
import { Ago, Since } from '../parts/ago';
import { OwnerMark, ReasonLink, SeverityMark } from '../parts/marks';
import { TargetList } from '../parts/target-links';
import { confidenceWords, many } from '../text/words';

const shownEvidence = 3;
const shownBlocked = 12;

interface CauseCardProps {
  readonly cause: Cause;
  readonly states: ReadonlyMap<string, TargetState>;
  /** Whether a link led to it. */
  readonly pointedOut: boolean;
}

interface Beginning {
  readonly at: string;
  readonly isAtLeast: boolean;
}

/**
 * What is seen of a cause began with it; what it only blocks may have failed before, for another reason. So it is dated by where it is
 * seen, else by what it blocks: by the first that fails for its reason, else by what began to fail last.
 */
function sinceOf({ targets, blocks, reason }: Cause, states: ReadonlyMap<string, TargetState>): Beginning | undefined {
  const seen = (targets.length > 0 ? targets : blocks).flatMap((name) => states.get(name) ?? []);
  const begun = seen.flatMap((state) =>
    state.since !== null && state.outcome !== 'success'
      ? [{ at: state.since, isAtLeast: state.sinceIsAtLeast, isIt: state.reason === reason }]
      : [],
  );
  const byAge = begun.toSorted((a, b) => millisecondsOf(a.at) - millisecondsOf(b.at));
  const [first] = byAge.filter(({ isIt }) => isIt);
  return first ? { at: first.at, isAtLeast: byAge.some(({ isIt, isAtLeast }) => isIt && isAtLeast) } : byAge.at(-1);
}

function Evidence({ evidence }: Pick<Cause, 'evidence'>): VNode | null {
  if (evidence.length === 0) return null;
  const items = (texts: readonly string[]): readonly VNode[] => texts.map((text) => <li key={text}>{text}</li>);
  return (
    <div class="evidence">
      <h4 class="hidden">Evidence</h4>
      <ul>{items(evidence.slice(0, shownEvidence))}</ul>
      {evidence.length > shownEvidence && (
        <details>
          <summary>{evidence.length - shownEvidence} more</summary>
          <ul>{items(evidence.slice(shownEvidence))}</ul>
        </details>
      )}
    </div>
  );
}

function Names({
  title,
  names,
  states,
}: { readonly title: string; readonly names: readonly string[] } & Pick<CauseCardProps, 'states'>): VNode | null {
  if (names.length === 0) return null;
  return (
    <div class="concerned">
      <h4>{title}</h4>
      <TargetList names={names.slice(0, shownBlocked)} states={states} expected="failure" />
      {names.length > shownBlocked && (
        <details>
          <summary>{names.length - shownBlocked} more</summary>
          <TargetList names={names.slice(shownBlocked)} states={states} expected="failure" />
        </details>
      )}
    </div>
  );
}

export function CauseCard({ cause, states, pointedOut }: CauseCardProps): VNode {
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (pointedOut) card.current?.focus();
  }, [pointedOut]);
  const { title, owner, reason, severity, confidence, evidence, changedAt, targets, blocks } = cause;
  const since = sinceOf(cause, states);
  return (
    <li ref={card} tabIndex={-1} class={`cause severity-${severity}${pointedOut ? ' pointed-out' : ''}`}>
      <h3>{title}</h3>
      <p class="facts">
        <OwnerMark owner={owner} /> <SeverityMark severity={severity} /> <span>{confidenceWords[confidence]}</span>
        <ReasonLink reason={reason} />
        {since && <Since {...since} />}
        {changedAt && (
          <span>
            changed <Ago at={changedAt} suffix=" ago" />
          </span>
        )}
      </p>
      <Evidence evidence={evidence} />
      <Names title={targets.length === 1 ? 'Seen at' : `Seen at ${many(targets.length, 'target')}`} names={targets} states={states} />
      <Names title={`Blocks ${many(blocks.length, 'target')}`} names={blocks} states={states} />
    </li>
  );
}
