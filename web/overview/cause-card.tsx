/** One thing that is broken: who acts, how sure that is, why, and what it blocks. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { TargetState } from '../../shared/status/state';
import { Ago } from '../parts/ago';
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

/** @returns when the first of what it concerns began not to be well. */
function sinceOf({ targets, blocks }: Cause, states: ReadonlyMap<string, TargetState>): string | undefined {
  return [...targets, ...blocks]
    .map((name) => states.get(name))
    .flatMap((state) => (state?.since && state.outcome !== 'success' ? [state.since] : []))
    .toSorted()[0];
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
        {since && (
          <span>
            since <Ago at={since} />
          </span>
        )}
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
