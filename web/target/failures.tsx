/** The last runs of a target that were not well, as the log tells them. */
import type { VNode } from 'preact';
import type { FailedRun, TargetAnswer } from '../../shared/status/state';
import { millisecondsOf } from '../clock';
import { runbookUrl } from '../data/address';
import { Ago } from '../parts/ago';
import { OutcomeMark, OwnerMark, ReasonLink } from '../parts/marks';
import { Notice } from '../parts/notice';
import { dateTime, latency } from '../text/times';
import { many } from '../text/words';
import { Findings } from './findings';

function Failure({ run, open }: { readonly run: FailedRun; readonly open: boolean }): VNode {
  const { at, outcome, reason, owner, phase, code, message, hint, runbook, attempts, durationMs, findings, runId } = run;
  const url = runbook === null ? undefined : runbookUrl(runbook);
  return (
    <li>
      <details open={open}>
        <summary>
          <time dateTime={at}>{dateTime(millisecondsOf(at))}</time> <OutcomeMark outcome={outcome} /> {reason && <code>{reason}</code>}
          <span class="excerpt">{message}</span>
        </summary>
        <p class="message">{message}</p>
        <p class="facts">
          <Ago at={at} suffix=" ago" />
          {owner && <OwnerMark owner={owner} />}
          {reason && <ReasonLink reason={reason} runbook={runbook} />}
          {phase && <span>in phase {phase}</span>}
          {code && (
            <span>
              code <code>{code}</code>
            </span>
          )}
          <span>{latency(durationMs)}</span>
          <span>{many(attempts, 'attempt')}</span>
          <span>
            run <code>{runId}</code>
          </span>
        </p>
        {hint && <p class="hint">{hint}</p>}
        {url && (
          <p>
            <a href={url}>Runbook: {reason}</a>
          </p>
        )}
        <Findings findings={findings} />
      </details>
    </li>
  );
}

export function Failures({ answer }: { readonly answer: TargetAnswer }): VNode {
  const { failures, logProblem } = answer;
  return (
    <section class="panel" aria-labelledby="failures">
      <h2 id="failures">Last failures</h2>
      {logProblem && (
        <Notice tone="warning">
          <p>
            The log could not be read: <code>{logProblem.reason}</code> {logProblem.message}
          </p>
        </Notice>
      )}
      {failures?.length === 0 && <p class="muted">None in the log.</p>}
      {failures && failures.length > 0 && (
        <ol class="failures">
          {failures.map((run, index) => (
            <Failure key={`${run.runId} ${run.at}`} run={run} open={index === 0} />
          ))}
        </ol>
      )}
    </section>
  );
}
