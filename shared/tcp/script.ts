/** A scripted dialogue over TCP: dials, plays the steps, and says of the one that failed what was expected and what came. */
import type { Connection, Destination, TlsSettings } from '../dial/connection';
import { Fault } from '../fault';
import { patternOf, type Pattern } from '../pattern';
import type { ProbeContext, Resolved } from '../probe';
import type { Reason } from '../reasons';
import { excerptOf, oneLine } from '../report/text';
import { playSteps, type Act, type Played, type ScriptOptions } from '../script';
import type { Dialogue } from './dialogue';
import type { Match } from './lines';
import { createSession, type Session } from './session';
import { startsTls, type Step } from './steps';

/** What a dialogue needs of the context. */
export type DialogueContext = Pick<
  ProbeContext,
  'dial' | 'secure' | 'phase' | 'within' | 'render' | 'capture' | 'redact' | 'find' | 'observe'
>;

type Expectation = Extract<Resolved<Step>, { readonly expect: unknown }>;
/** Puts a capture in its place. */
type Take = (name: string, value: string) => void;
type StartTls = Extract<Resolved<Step>, { readonly startTls: true }>;

/**
 * Goes through the phases dns, connect and tls, then through exchange for the steps; a step that starts TLS is the phase tls.
 * @param options the variables that the dialogue begins with count everywhere in it, those that it captures in the steps after.
 *   `heard` is told every chunk as it comes.
 * @throws the Fault of the step that failed, after its finding; its message begins with the step.
 */
export async function converse(
  dialogue: Resolved<Dialogue>,
  context: DialogueContext,
  { variables = {}, told, heard, captured }: ScriptOptions & { readonly heard?: (chunk: Buffer) => void } = {},
): Promise<Played> {
  const { steps } = dialogue;
  const { host, port, tls } = context.render({ host: dialogue.host, port: dialogue.port, tls: dialogue.tls }, variables);
  const destination: Destination = { to: addressOf(host, port), tls: startsTls(steps) ? undefined : tls };
  const session = createSession(await context.dial(destination), heard);
  const act: Act<Resolved<Step>> = async (step, known, index) => {
    if ('startTls' in step) return startTls(step, { to: destination.to, tls }, session, context);
    if ('send' in step) return context.phase('exchange', () => send(step.send, session, context));
    const take: Take = (name, value) => {
      known[name] = value;
      captured?.(name, value, value);
    };
    const asksForTls = startsTls(steps.slice(index + 1, index + 2));
    return context.phase('exchange', () => expect(step, asksForTls, session, context, take));
  };
  try {
    return await playSteps(steps, act, context, { variables, told });
  } finally {
    if (steps.length > 0) context.observe({ 'tcp.bytesReceived': session.received });
    session.close();
  }
}

function addressOf(host: string, port: number | undefined): Destination['to'] {
  if (host.startsWith('/')) return { path: host };
  if (host === '') throw new Fault('config_invalid', 'there is no host');
  if (port === undefined) throw new Fault('config_invalid', 'there is no port, and the host is not the path of a unix socket');
  return { host, port };
}

async function startTls({ within }: StartTls, { to, tls }: Destination, session: Session, context: DialogueContext): Promise<string> {
  const settings: TlsSettings = tls ?? { mode: 'verify-full' };
  if (settings.mode === 'disable') throw new Fault('config_invalid', 'the step contradicts tls: {mode: disable}');
  const secured = await context.within(
    within,
    async () => context.secure(await context.phase('tls', () => release(session, context)), settings, to),
    (ms) => `the TLS handshake did not end within ${ms} ms`,
  );
  session.resume(secured);
  return 'TLS started';
}

async function release(session: Session, context: DialogueContext): Promise<Connection> {
  try {
    return await session.release();
  } catch (error) {
    throw error instanceof Fault ? faultOf(error, session, context) : error;
  }
}

async function send(text: string, session: Session, context: DialogueContext): Promise<string> {
  try {
    await context.within(
      undefined,
      () => session.send(text),
      (ms) => `the text could not be sent within ${ms} ms`,
    );
  } catch (error) {
    throw error instanceof Fault ? faultOf(error, session, context) : error;
  }
  return 'sent';
}

/** Waits for a line and captures it. `asksForTls`: where the line does not come, the server does not go on with TLS. */
async function expect(
  { expect: { pattern, shown }, within, capture }: Expectation,
  asksForTls: boolean,
  session: Session,
  context: DialogueContext,
  take: Take,
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
    // A line that broke off says nothing of what the server wants.
    const isRefusal = session.isAnsweredInFull && (error.reason === 'timeout' || error.reason === 'connection_reset');
    if (asksForTls && isRefusal) throw faultOf(error, session, context, { reason: 'tls_not_offered', message, hint: refusedHint });
    throw faultOf(error, session, context, { message, hint: error.reason === 'timeout' && session.isAnswered ? answeredHint : undefined });
  }
  if (capture !== undefined)
    for (const [group, value] of match.entries()) {
      context.capture(value);
      take(`${capture}.${group}`, value);
      if (group === 0) take(capture, value);
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
function faultOf(
  error: Fault,
  session: Session,
  context: DialogueContext,
  { reason = error.reason, message = error.message, hint }: { reason?: Reason; message?: string; hint?: string } = {},
): Fault {
  const last = JSON.stringify(excerptOf(context.redact(oneLine(context.redact(session.last, true))), 120));
  const heard = session.isAnswered ? `the last received is ${last}` : `nothing came after ${last}`;
  return new Fault(reason, `${message}; ${session.last === '' ? 'nothing was received' : heard}`, { code: error.code, hint, cause: error });
}
