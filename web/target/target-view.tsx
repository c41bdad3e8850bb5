/** One target with everything that is known of it. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TargetAnswer, TargetState } from '../../shared/status/state';
import { useTarget, useTargets } from '../data/answers';
import { runbookUrl } from '../data/address';
import { Ago, Since } from '../parts/ago';
import { OutcomeMark, OwnerMark, ReasonLink, SeverityMark } from '../parts/marks';
import { Await, Staleness } from '../parts/notice';
import { CauseLink } from '../parts/target-links';
import { linkTo } from '../route';
import { latency } from '../text/times';
import { Facts } from './facts';
import { Failures } from './failures';
import { TargetHistory } from './history';
import { RunNow } from './run-now';

function State({ state }: { readonly state: TargetState }): VNode {
  const { outcome, severity, since, sinceIsAtLeast, lastSeen, stale, latencyMs } = state;
  return (
    <p class="facts">
      <OutcomeMark outcome={outcome} />
      {stale && <span class="tag">silent</span>}
      <SeverityMark severity={severity} />
      {since && <Since at={since} isAtLeast={sinceIsAtLeast} />}
      <span>{lastSeen ? <>last seen {<Ago at={lastSeen} suffix=" ago" />}</> : 'never seen'}</span>
      {latencyMs !== null && <span>{latency(latencyMs)}</span>}
    </p>
  );
}

function Trouble({ answer }: { readonly answer: TargetAnswer }): VNode | null {
  const { state, hint, runbook } = answer;
  const { outcome, reason, owner, blockedBy } = state;
  if (outcome === 'success' || (!reason && !hint && !blockedBy)) return null;
  const url = runbook === null ? undefined : runbookUrl(runbook);
  return (
    <div class={`trouble is-${outcome}`}>
      <p class="facts">
        {reason && <ReasonLink reason={reason} runbook={runbook} />}
        {owner && <OwnerMark owner={owner} />}
        {blockedBy && (
          <span>
            blocked by <CauseLink cause={blockedBy} />
          </span>
        )}
      </p>
      {hint && <p class="hint">{hint}</p>}
      {url && (
        <p>
          <a href={url}>What to do: runbook</a>
        </p>
      )}
    </div>
  );
}

export function TargetView({ name, query }: { readonly name: string; readonly query: URLSearchParams }): VNode {
  const answer = useTarget(name);
  const all = useTargets().value;
  const states = useMemo(() => new Map((all?.targets ?? []).map((state) => [state.target, state])), [all]);
  const kind = answer.value?.state.kind ?? states.get(name)?.kind;
  return (
    <>
      <nav class="crumbs" aria-label="Path">
        <a href={linkTo('overview')}>Overview</a> {kind && <span>/ {kind}</span>}
      </nav>
      <h1 tabIndex={-1}>{name}</h1>
      <Staleness answer={answer} of="target" />
      <Await answer={answer} of="target">
        {(value) => (
          <>
            <State state={value.state} />
            <Trouble answer={value} />
            <RunNow target={name} />
            <TargetHistory name={name} query={query} />
            <div class="columns">
              <Facts answer={value} states={states} />
              <Failures answer={value} />
            </div>
          </>
        )}
      </Await>
    </>
  );
}
