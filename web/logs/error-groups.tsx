/** Errors of the functions, as Error Reporting puts them together. */
import type { VNode } from 'preact';
import type { ErrorGroup } from '../../shared/status/events';
import { Ago } from '../parts/ago';
import { OutcomeMark, OwnerMark, ReasonLink } from '../parts/marks';
import { TargetLink } from '../parts/target-links';

interface GroupProps {
  readonly group: ErrorGroup;
  /** Whether there are older reports that were not read. */
  readonly truncated: boolean;
}

function Group({ group, truncated }: GroupProps): VNode {
  const { headline, service, count, firstSeen, lastSeen, target, outcome, reason, owner, message } = group;
  return (
    <li class="cause">
      <h3>{headline}</h3>
      <p class="facts">
        <strong>{truncated ? `at least ${count}×` : `${count}×`}</strong>
        {outcome && <OutcomeMark outcome={outcome} />}
        {reason && <ReasonLink reason={reason} />}
        {owner && <OwnerMark owner={owner} />}
        <span>{service}</span>
        {target && <TargetLink name={target} />}
        <span>
          last <Ago at={lastSeen} suffix=" ago" />, first <Ago at={firstSeen} prefix={truncated ? 'more than ' : ''} suffix=" ago" />
        </span>
      </p>
      <details>
        <summary>The newest in full</summary>
        <pre tabIndex={0}>{message}</pre>
      </details>
    </li>
  );
}

export function ErrorGroups({ groups, truncated }: { readonly groups: readonly ErrorGroup[]; readonly truncated: boolean }): VNode {
  if (groups.length === 0) return <p class="waiting">No errors in this time.</p>;
  return (
    <>
      <ol class="causes">
        {groups.map((group) => (
          <Group key={`${group.service} ${group.headline} ${group.firstSeen}`} group={group} truncated={truncated} />
        ))}
      </ol>
      {truncated && <p class="muted">Only the newest reports were read: there are older ones, perhaps of other groups.</p>}
    </>
  );
}
