/** A scripted dialogue over an open WebSocket. */
import { captureFrom, type Captured } from '../capture';
import { isTrue } from '../expression';
import { Fault } from '../fault';
import type { ProbeContext, Resolved } from '../probe';
import { roundMs } from '../result';
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
  const { captured } = options;
  const passed: unknown[] = [];
  return playSteps(steps, (step, variables) => act(step, session, { ...context, captured, passed }, variables), context, options);
}

/** Sends a ping and waits for its pong. */
export async function measurePing(session: Session, context: Pick<ProbeContext, 'within' | 'observe'>): Promise<void> {
  const pong = await context.within(
    undefined,
    () => session.ping(),
    (ms) => `no pong within ${ms} ms`,
  );
  context.observe({ 'websocket.pingMs': roundMs(pong) });
}

/** So many skipped messages are kept, to tell of what came before its turn. */
const mostPassed = 20;

/** What one step needs besides: `passed` takes what the steps so far have skipped. */
type ActContext = ScriptContext & Pick<ScriptOptions, 'captured'> & { readonly passed: unknown[] };

/** Carries one step out. @returns what is said of it; what it captures is added to the variables. */
async function act(step: Resolved<Step>, session: Session, context: ActContext, variables: Record<string, string>): Promise<string> {
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
  const types: string[] = [];
  const matching = async (): Promise<unknown> => {
    while (true) {
      const json = parseJson(await session.next());
      if (json !== undefined && isTrue(step.expect, json)) return json;
      skipped += 1;
      if (types.length <= mostTypes) types.push(...typeOf(json));
      if (json !== undefined && context.passed.length < mostPassed) context.passed.push(json);
    }
  };
  const early = context.passed.some((json) => isTrue(step.expect, json)) ? '; one came before its turn' : '';
  const late = (ms: number): string => `no message matched within ${ms} ms; ${skipped} skipped${listed(types)}${early}`;
  const json = await context.within(step.within, matching, late);
  for (const { name, value, text } of capturedOf(step, json, context)) {
    variables[name] = text;
    context.captured?.(name, value, text);
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

function capturedOf(
  { capture = {} }: Extract<Resolved<Step>, { expect: string }>,
  json: unknown,
  context: ScriptContext,
): readonly Captured[] {
  try {
    return captureFrom(json, capture, context);
  } catch (error) {
    throw error instanceof Fault ? new Fault(error.reason, `the message matched, but ${error.message}`, { cause: error }) : error;
  }
}

/** So many types of skipped messages are told. */
const mostTypes = 5;

/** @returns the type that a message states, where it is short: when events come in another order, that is what one wants to see. */
function typeOf(json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null || !('type' in json) || typeof json.type !== 'string') return [];
  return /^[\w.:-]{1,40}$/.test(json.type) ? [json.type] : [];
}

function listed(types: readonly string[]): string {
  if (types.length === 0) return '';
  return ` (${types.slice(0, mostTypes).join(', ')}${types.length > mostTypes ? ', …' : ''})`;
}
