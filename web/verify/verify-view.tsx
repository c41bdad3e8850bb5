/** After a fix: runs everything several times and signs off, or says why not. */
import type { VNode } from 'preact';
import { useSession } from '../data/answers';
import { Notice } from '../parts/notice';
import { Progress } from './progress';
import { SignOff } from './sign-off';
import { type Asked, startVerification, stopVerification, useAsked, useVerification } from './verification-run';

interface FieldProps {
  readonly label: string;
  readonly hint: string;
  readonly children: (id: string, hintId: string) => VNode;
}

function Field({ label, hint, children }: FieldProps): VNode {
  const id = `field-${label.toLowerCase()}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, `${id}-hint`)}
      <small id={`${id}-hint`}>{hint}</small>
    </div>
  );
}

function Form({ allowed, running }: { readonly allowed: boolean; readonly running: boolean }): VNode {
  const [asked, setAsked] = useAsked();
  const take = (name: keyof Asked) => (event: { readonly currentTarget: HTMLInputElement }) =>
    setAsked({ ...asked, [name]: event.currentTarget.value });
  const submit = (event: Event): void => {
    event.preventDefault();
    void startVerification(asked);
  };
  return (
    <form class="filters verify-form" onSubmit={submit}>
      <Field label="Rounds" hint="as configured, if empty">
        {(id, hint) => (
          <input
            id={id}
            aria-describedby={hint}
            type="number"
            min={1}
            max={100}
            value={asked.rounds}
            onInput={take('rounds')}
            placeholder="3"
          />
        )}
      </Field>
      <Field label="Interval" hint="e.g. 10s; as configured, if empty">
        {(id, hint) => (
          <input
            id={id}
            aria-describedby={hint}
            type="text"
            pattern="[0-9]+(ms|s|m|h)"
            value={asked.interval}
            onInput={take('interval')}
            placeholder="10s"
          />
        )}
      </Field>
      <Field label="Issue" hint="named in the report">
        {(id, hint) => (
          <input
            id={id}
            aria-describedby={hint}
            type="text"
            maxLength={200}
            value={asked.issue}
            onInput={take('issue')}
            placeholder="#1278"
          />
        )}
      </Field>
      <div class="buttons">
        <button type="submit" class="primary" disabled={!allowed || running} aria-busy={running}>
          {running ? 'Verifying …' : 'Verify'}
        </button>
        {running && (
          <button type="button" onClick={stopVerification}>
            Stop
          </button>
        )}
      </div>
    </form>
  );
}

export function VerifyView(): VNode {
  const session = useSession().value;
  const run = useVerification();
  return (
    <>
      <h1 tabIndex={-1}>Verify</h1>
      <p class="muted">Runs every function several times, records nothing, and signs the fix off, or says what is left to do.</p>
      {session && !session.operator && (
        <Notice tone="info">
          <p>
            <strong>Read-only.</strong> {session.refused ?? 'Only operators may verify.'}
          </p>
        </Notice>
      )}
      <Form allowed={session?.operator ?? false} running={run.is === 'running'} />
      {run.is === 'failed' && (
        <div class="notice is-failure" role="alert">
          <p>
            <strong>Not verified.</strong> {run.why}
          </p>
        </div>
      )}
      <div role="status" class="hidden">
        {run.done ? `The verification is over: ${run.done.verification.verdict.replaceAll('_', ' ')}.` : ''}
      </div>
      {run.done && <SignOff {...run.done} />}
      {run.is !== 'idle' && <Progress run={run} />}
    </>
  );
}
