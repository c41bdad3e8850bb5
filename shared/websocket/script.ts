/** Plays a scripted dialogue over an open WebSocket, one finding a step. */
import { monotonic } from '../clock';
import { evaluate, isTrue } from '../expression';
import { Fault } from '../fault';
import type { ProbeContext, Resolved } from '../probe';
import { isMonitors } from '../reasons';
import { roundMs } from '../result';
import type { Session } from './session';
import { unaskedClose } from './session';
import type { Step } from './steps';

/** What a script needs of the context. */
export type ScriptContext = Pick<ProbeContext, 'within' | 'render' | 'capture' | 'find'>;

/** What a script may begin with. */
export interface ScriptOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Is given the latencies so far after each named step. */
  readonly told?: (latencies: Readonly<Record<string, number>>) => void;
}

/** What a script leaves behind. */
export interface Played {
  /** Milliseconds a named step took. */
  readonly latencies: Readonly<Record<string, number>>;
  /** The variables given, and those that the steps captured. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A step's name, else its place. */
const subjectOf = (step: Resolved<Step>, index: number): string => ('expect' in step ? step.name : undefined) ?? `steps[${index}]`;

/**
 * Plays the steps in turn until one fails.
 * @throws the Fault of the step that failed, after its finding; its message begins with the step.
 */
export async function play(
  steps: readonly Resolved<Step>[],
  session: Session,
  context: ScriptContext,
  { variables: given = {}, told = () => {} }: ScriptOptions = {},
): Promise<Played> {
  const latencies: Record<string, number> = {};
  const variables = { ...given };
  for (const [index, template] of steps.entries()) {
    const subject = subjectOf(template, index);
    const begun = monotonic();
    try {
      const message = await act(context.render(template, variables), session, context, variables);
      const durationMs = monotonic() - begun;
      context.find({ subject, outcome: 'success', reason: null, message, durationMs });
      if ('expect' in template && template.name !== undefined) {
        latencies[template.name] = roundMs(durationMs);
        told({ ...latencies });
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { reason, message, code, hint } = error;
      const outcome = isMonitors(reason) ? 'unknown' : 'failure';
      context.find({ subject, outcome, reason, message, durationMs: monotonic() - begun });
      throw new Fault(reason, `${subject}: ${message}`, { code, hint, cause: error });
    }
  }
  return { latencies, variables };
}

/** Carries one step out. @returns what is said of it; what it captures is added to the variables. */
async function act(step: Resolved<Step>, session: Session, context: ScriptContext, variables: Record<string, string>): Promise<string> {
  if ('send' in step) {
    const text = typeof step.send === 'string' ? step.send : JSON.stringify(step.send);
    await context.within(
      undefined,
      () => session.send(text),
      (ms) => `the message could not be sent within ${ms} ms`,
    );
    return 'sent';
  }
  if ('expectClose' in step) {
    const closed = await context.within(
      step.within,
      () => session.closed(),
      (ms) => `the server did not close the connection within ${ms} ms`,
    );
    if (closed.code === step.expectClose) return `closed with ${closed.code}`;
    const { message, code } = unaskedClose(closed);
    throw new Fault('unexpected_close', `${message}; expected ${step.expectClose}`, { code });
  }
  let skipped = 0;
  const matching = async (): Promise<unknown> => {
    while (true) {
      const json = parseJson(await session.next());
      if (json !== undefined && isTrue(step.expect, json)) return json;
      skipped += 1;
    }
  };
  const json = await context.within(step.within, matching, (ms) => `no message matched within ${ms} ms; ${skipped} skipped`);
  for (const [name, expression] of Object.entries(step.capture ?? {})) {
    const value = captured(expression, json);
    if (value === undefined) throw new Fault('assertion_failed', `the message matched, but ${expression} yields nothing to capture`);
    context.capture(value);
    variables[name] = value;
  }
  return skipped > 0 ? `matched; ${skipped} skipped` : 'matched';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns what the expression yields, as text; undefined for nothing, and where it can't be evaluated. */
function captured(expression: string, json: unknown): string | undefined {
  try {
    const value = evaluate(expression, json);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
