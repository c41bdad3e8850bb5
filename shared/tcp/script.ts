/** A scripted dialogue over TCP: dials, plays the steps, and says of the one that failed what was expected and what came. */
import type { Destination, TlsSettings } from '../dial/connection';
import { Fault } from '../fault';
import { patternOf, type Pattern } from '../pattern';
import type { ProbeContext, Resolved } from '../probe';
import type { Reason } from '../reasons';
import { excerptOf } from '../report/text';
import { playSteps, type Played, type ScriptOptions } from '../script';
import type { Match } from './lines';
import { createSession, type Session } from './session';
import { startsPlain, type Step } from './steps';

/** Where a dialogue leads; every text but those of the steps in its final form. */
export interface Dialogue {
  readonly to: Destination['to'];
  /** Without it the connection stays plain, unless a step starts TLS: then it is `verify-full`. */
  readonly tls?: TlsSettings;
  readonly steps: readonly Resolved<Step>[];
}

/** What a dialogue needs of the context. */
export type DialogueContext = Pick<
  ProbeContext,
  'dial' | 'secure' | 'phase' | 'within' | 'render' | 'capture' | 'redact' | 'find' | 'observe'
>;

type Expectation = Extract<Resolved<Step>, { readonly expect: unknown }>;

/**
 * Goes through the phases dns, connect and tls, then through exchange for the steps; a step that starts TLS is the phase tls.
 * @throws the Fault of the step that failed, after its finding; its message begins with the step.
 */
export async function converse({ to, tls, steps }: Dialogue, context: DialogueContext, options: ScriptOptions = {}): Promise<Played> {
  const settings: TlsSettings = tls ?? { mode: 'verify-full' };
  if (startsPlain(steps) && settings.mode === 'disable') throw new Fault('config_invalid', 'a startTls step contradicts tls: disable');
  const session = createSession(await context.dial({ to, tls: startsPlain(steps) ? undefined : tls }));
  try {
    return await playSteps(
      steps,
      async (step, variables, index) => {
        if ('startTls' in step) return startTls(step.within, settings, to, session, context);
        const next = steps[index + 1];
        return context.phase('exchange', () =>
          'send' in step
            ? send(step.send, session, context)
            : expect(step, next !== undefined && 'startTls' in next, session, context, variables),
        );
      },
      context,
      options,
    );
  } finally {
    if (steps.length > 0) context.observe({ 'tcp.bytesReceived': session.received });
    session.close();
  }
}

async function startTls(
  limitMs: number | undefined,
  settings: TlsSettings,
  to: Destination['to'],
  session: Session,
  context: DialogueContext,
): Promise<string> {
  await context.within(
    limitMs,
    () => session.startTls((plain) => context.secure(plain, settings, to)),
    (ms) => `the TLS handshake took more than ${ms} ms`,
  );
  return 'TLS started';
}

async function send(text: string, session: Session, context: DialogueContext): Promise<string> {
  try {
    await context.within(
      undefined,
      () => session.send(text),
      (ms) => `the text could not be sent within ${ms} ms`,
    );
  } catch (error) {
    throw error instanceof Fault ? told(error, session, context) : error;
  }
  return 'sent';
}

/** Waits for a line and captures it. `asksForTls`: where the line does not come, the server does not go on with TLS. */
async function expect(
  { expect: { pattern, shown }, within, capture }: Expectation,
  asksForTls: boolean,
  session: Session,
  context: DialogueContext,
  variables: Record<string, string>,
): Promise<string> {
  const compiled = compile(pattern);
  let match: Match;
  try {
    match = await context.within(
      within,
      () => session.expect(compiled),
      (ms) => `no line matched /${shown}/ within ${ms} ms`,
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const isOver = error.reason === 'timeout' || error.reason === 'prober_exhausted';
    const message = isOver ? error.message : `${error.message} before a line matched /${shown}/`;
    const isRefusal = session.isAnswered && (error.reason === 'timeout' || error.reason === 'connection_reset');
    if (asksForTls && isRefusal) throw told(error, session, context, { reason: 'tls_not_offered', message, hint: refusedHint });
    throw told(error, session, context, { message, hint: error.reason === 'timeout' && session.isAnswered ? answeredHint : undefined });
  }
  if (capture !== undefined)
    for (const [group, value] of match.entries()) {
      context.capture(value);
      variables[`${capture}.${group}`] = value;
      if (group === 0) variables[capture] = value;
    }
  return 'matched';
}

function compile(pattern: string): Pattern {
  try {
    return patternOf(pattern);
  } catch {
    // The library quotes the expression, which may hold a secret by now.
    throw new Fault('config_invalid', 'what is expected is not a regular expression once its templates are filled in');
  }
}

const answeredHint = 'The service answers, but not what this step expects. Compare what the message quotes with the expression.';
const refusedHint =
  'The server answers, but does not go on with TLS. Switch STARTTLS on at the server, or correct the steps; the message quotes what it said.';

/** @returns the fault with the last that the server said at the end of its message. */
function told(
  error: Fault,
  session: Session,
  context: DialogueContext,
  { reason = error.reason, message = error.message, hint }: { reason?: Reason; message?: string; hint?: string } = {},
): Fault {
  const last = JSON.stringify(excerptOf(context.redact(session.last), 120));
  const heard = session.isAnswered ? `the last received is ${last}` : `nothing came after ${last}`;
  return new Fault(reason, `${message}; ${session.last === '' ? 'nothing was received' : heard}`, { code: error.code, hint, cause: error });
}
