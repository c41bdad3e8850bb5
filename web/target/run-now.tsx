/** Runs a target once, now; nothing is recorded. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { FactValue, Result } from '../../shared/result';
import type { RunAnswer } from '../../shared/status/actions';
import { act, checked, Refused, whyNot } from '../data/asking';
import { useSession } from '../data/answers';
import { OutcomeMark, OwnerMark, ReasonLink } from '../parts/marks';
import { Notice } from '../parts/notice';
import { clockTime, latency } from '../text/times';
import { millisecondsOf } from '../clock';
import { Findings } from './findings';

type State =
  | { readonly is: 'idle' | 'running' }
  | { readonly is: 'done'; readonly report: RunAnswer }
  | { readonly is: 'failed'; readonly why: string };

async function run(target: string): Promise<State> {
  try {
    const response = await act('run', { target });
    const body = await response.clone().text();
    const report = body.startsWith('{') ? (JSON.parse(body) as Partial<RunAnswer>) : {};
    // What could not be told has a whole answer, too, though its status is that of an error.
    if (report.results) return { is: 'done', report: report as RunAnswer };
    await checked(response);
    throw new Refused('The answer holds no result.', response.status);
  } catch (error) {
    return { is: 'failed', why: whyNot(error) };
  }
}

const factText = (value: FactValue): string =>
  value !== null && typeof value === 'object'
    ? Object.entries(value)
        .map(([name, each]) => `${name} ${each}`)
        .join(', ')
    : String(value);

function Told({ result, report }: { readonly result: Result; readonly report: RunAnswer }): VNode {
  const { outcome, reason, owner, message, hint, durationMs, phases, observed, findings, warnings, attempts } = result;
  const facts = Object.entries(observed);
  return (
    <>
      <p class="facts">
        <OutcomeMark outcome={outcome} />
        {reason && <ReasonLink reason={reason} />}
        {owner && <OwnerMark owner={owner} />}
        <span>{latency(durationMs)}</span>
        {attempts > 1 && <span>{attempts} attempts</span>}
        <span>
          at {clockTime(millisecondsOf(report.startedAt))}, <strong>not recorded</strong>
        </span>
      </p>
      <p class="message">{message}</p>
      {hint && <p class="hint">{hint}</p>}
      <p class="muted">
        {Object.entries(phases)
          .map(([phase, took]) => `${phase} ${latency(took)}`)
          .join(' · ')}
      </p>
      <Findings findings={findings} />
      <Findings findings={warnings} title="Warnings" />
      {facts.length > 0 && (
        <details>
          <summary>What was seen ({facts.length})</summary>
          <dl class="pairs">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{factText(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

export function RunNow({ target }: { readonly target: string }): VNode {
  const [state, setState] = useState<State>({ is: 'idle' });
  const session = useSession().value;
  const running = state.is === 'running';
  const start = (): void => {
    if (running) return;
    setState({ is: 'running' });
    void run(target).then(setState);
  };
  const [result] = state.is === 'done' ? state.report.results : [];
  return (
    <section class="run panel" aria-labelledby="run">
      <div class="panel-head">
        <h2 id="run">Run now</h2>
        <button type="button" class="primary" onClick={start} disabled={!session?.operator} aria-busy={running}>
          {running ? 'Running …' : 'Run now'}
        </button>
      </div>
      {session && !session.operator && <p class="muted">Read-only: {session.refused ?? 'only operators may run targets.'}</p>}
      <div role="status">
        {running && <p class="waiting">Running {target} …</p>}
        {state.is === 'done' && result && <Told result={result} report={state.report} />}
        {state.is === 'done' && !result && <p>The function answered without a result.</p>}
        {state.is === 'failed' && (
          <Notice tone="failure">
            <p>
              <strong>Not run.</strong> {state.why}
            </p>
          </Notice>
        )}
      </div>
      {state.is === 'idle' && session?.operator && (
        <p class="muted">Runs it once, now, from where its function runs. It is not recorded: alerts don’t see it.</p>
      )}
    </section>
  );
}
