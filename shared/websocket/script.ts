/** A scripted dialogue over an open WebSocket. */
import { evaluate, isTrue } from '../expression';
import { Fault } from '../fault';
import type { ProbeContext, Resolved } from '../probe';
import { playSteps, type Played, type ScriptOptions } from '../script';
import type { Session } from './session';
import { unaskedClose } from './session';
import type { Step } from './steps';

/** What a script needs of the context. */
export type ScriptContext = Pick<ProbeContext, 'within' | 'render' | 'capture' | 'find'>;

/**
 * Plays the steps in turn until one fails.
 * @throws the Fault of the step that failed, after its finding; its message begins with the step.
 */
export function play(
  steps: readonly Resolved<Step>[],
  session: Session,
  context: ScriptContext,
  options: ScriptOptions = {},
): Promise<Played> {
  return playSteps(steps, (step, variables) => act(step, session, context, variables), context, options);
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
