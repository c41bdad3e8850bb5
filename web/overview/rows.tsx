/** Rows of the table of targets; drawn anew only where something changed. */
import { Component, type VNode } from 'preact';
import type { TargetState } from '../../shared/status/state';
import { Ago } from '../parts/ago';
import { OutcomeMark, OwnerMark, ReasonLink, SeverityMark } from '../parts/marks';
import { CauseLink } from '../parts/target-links';
import { linkToTarget } from '../route';
import { latency } from '../text/times';

/** The columns; a narrow window shows each value behind its title. */
export const columns = ['Target', 'Outcome', 'Reason', 'Owner', 'Since', 'Last seen', 'Latency', 'Blocked by'] as const;

const nothing = <span aria-label="none">–</span>;

class Row extends Component<{ readonly state: TargetState }> {
  override shouldComponentUpdate({ state }: { readonly state: TargetState }): boolean {
    return state !== this.props.state;
  }

  override render({ state }: { readonly state: TargetState }): VNode {
    const { target, severity, outcome, reason, owner, since, sinceIsAtLeast, lastSeen, stale, latencyMs, blockedBy } = state;
    return (
      <tr role="row" class={`is-${outcome}`}>
        <th role="rowheader" scope="row">
          <a href={linkToTarget(target)} id={`row-${target}`}>
            {target}
          </a>
          {severity !== 'critical' && <SeverityMark severity={severity} />}
        </th>
        <td role="cell">
          <OutcomeMark outcome={outcome} />
          {stale && <span class="tag">silent</span>}
        </td>
        <td role="cell" data-title="Reason">
          {reason ? <ReasonLink reason={reason} /> : nothing}
        </td>
        <td role="cell" data-title="Owner">
          {owner ? <OwnerMark owner={owner} /> : nothing}
        </td>
        <td role="cell" data-title="Since">
          {since ? <Ago at={since} prefix={sinceIsAtLeast ? 'longer than ' : ''} /> : 'never seen'}
        </td>
        <td role="cell" data-title="Last seen">
          {lastSeen ? <Ago at={lastSeen} suffix=" ago" /> : nothing}
        </td>
        <td role="cell" data-title="Latency" class="number">
          {latencyMs === null ? nothing : latency(latencyMs)}
        </td>
        <td role="cell" data-title="Blocked by">
          {blockedBy ? <CauseLink cause={blockedBy} /> : nothing}
        </td>
      </tr>
    );
  }
}

/** Some rows together. */
export class Rows extends Component<{ readonly states: readonly TargetState[] }> {
  override shouldComponentUpdate({ states }: { readonly states: readonly TargetState[] }): boolean {
    return states !== this.props.states;
  }

  override render({ states }: { readonly states: readonly TargetState[] }): VNode {
    return (
      <tbody role="rowgroup" style={{ '--rows': states.length }}>
        {states.map((state) => (
          <Row key={state.target} state={state} />
        ))}
      </tbody>
    );
  }
}
