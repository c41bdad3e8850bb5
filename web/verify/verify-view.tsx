/** After a fix: runs everything several times and signs off, or says why not. */
import type { ComponentProps, VNode } from 'preact';
import { useSession } from '../data/answers';
import { Notice } from '../parts/notice';
import { Progress } from './progress';
import { SignOff } from './sign-off';
import { type Asked, startVerification, stopVerification, useAsked, useVerification } from './verification-run';

interface FieldProps {
  readonly label: string;
  readonly hint: string;
  readonly name: keyof Asked;
  /** What besides is said of the input. */
  readonly input: ComponentProps<'input'>;
  readonly state: ReturnType<typeof useAsked>;
}

function Field({ label, hint, name, input, state: [asked, setAsked] }: FieldProps): VNode {
  const id = `field-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        aria-describedby={`${id}-hint`}
        value={asked[name]}
        onInput={({ currentTarget }) => setAsked({ ...asked, [name]: currentTarget.value })}
        {...input}
      />
      <small id={`${id}-hint`}>{hint}</small>
    </div>
  );
}

function Form({ allowed, running }: { readonly allowed: boolean; readonly running: boolean }): VNode {
  const state = useAsked();
  const submit = (event: Event): void => {
    event.preventDefault();
    void startVerification(state[0]);
  };
  return (
    <form class="filters verify-form" onSubmit={submit}>
      <Field
        state={state}
        label="Rounds"
        hint="as configured, if empty"
        name="rounds"
        input={{ type: 'number', min: 1, max: 100, placeholder: '3' }}
      />
      <Field
        state={state}
        label="Interval"
        hint="e.g. 10s; as configured, if empty"
        name="interval"
        input={{ type: 'text', pattern: '[0-9]+(ms|s|m|h)', placeholder: '10s' }}
      />
      <Field
        state={state}
        label="Issue"
        hint="named in the report"
        name="issue"
        input={{ type: 'text', maxLength: 200, placeholder: '#1278' }}
      />
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
