/** What a step does, for one user: a request, a dialogue, a pause or an assertion. */
import { captureFrom } from '../../shared/capture';
import { pause } from '../../shared/clock';
import { isTrue, namesAskedFor } from '../../shared/expression';
import { Fault } from '../../shared/fault';
import { conditions } from '../../shared/http/conditions';
import { exchange } from '../../shared/http/exchange';
import { anySuccess, type ExpectedStatus } from '../../shared/http/status';
import type { ProbeContext, Resolved } from '../../shared/probe';
import { judge } from '../../shared/run/judge';
import { converse } from '../../shared/tcp/script';
import { open } from '../../shared/websocket/open';
import { measurePing, play } from '../../shared/websocket/script';
import type { Ear } from './markers';
import type { Step } from './steps';

/** What a user carries from step to step. */
export interface Carried {
  /** For templates. */
  readonly variables: Record<string, string>;
  /** For assertions: what came out of JSON is as it was there. */
  readonly captures: Record<string, unknown>;
}

/** What surrounds a step of one user. */
export interface Surroundings {
  readonly carried: Carried;
  readonly hear: Ear['hear'];
  /** Waits for the other users that go through the same step. */
  readonly meet: (place: string) => Promise<void>;
  /** Stays a moment longer where there are other users. */
  readonly linger: () => Promise<void>;
  /** Is given the latencies of events so far. */
  readonly told: (latencies: Readonly<Record<string, number>>) => void;
}

type Action<Name extends keyof Step> = NonNullable<Resolved<Step>[Name]>;

/** Does what the step says. @returns what is said of it; what it captures is carried on. */
export async function act(step: Resolved<Step>, around: Surroundings, context: ProbeContext): Promise<string> {
  if (step.http) return request(step.http, step.capture, around, context);
  if (step.websocket) return converseOverWebsocket(step.websocket, around, context);
  if (step.tcp) return converseOverTcp(step.tcp, around, context);
  if (step.pause !== undefined) return rest(step.pause, context);
  return assert(step.assert ?? '', around.carried);
}

async function request(
  http: Action<'http'>,
  capture: Resolved<Step>['capture'],
  { carried, hear }: Surroundings,
  context: ProbeContext,
): Promise<string> {
  const rendered = context.render({ http, capture: capture ?? {} }, carried.variables);
  const { expect = {}, ...asked } = rendered.http;
  const answer = await exchange(asked, (expect.status as readonly ExpectedStatus[] | undefined) ?? anySuccess, context);
  hear(answer.text);
  const [failure] = judge({ spec: {}, expect, warn: {} }, conditions, answer, {}, 0).failures;
  if (failure) throw new Fault(failure.reason ?? 'assertion_failed', failure.message);
  if (capture !== undefined && answer.json() === undefined)
    throw new Fault('assertion_failed', `the body is ${answer.text === '' ? 'empty' : 'not JSON'}: there is nothing to capture`);
  const captured = keeping(carried);
  for (const { name, value, text } of captureFrom(answer.json(), rendered.capture, context)) captured(name, value, text);
  return `status ${answer.status}`;
}

async function converseOverWebsocket(
  { steps, ping, ...opening }: Action<'websocket'>,
  { carried, hear, meet, linger, told }: Surroundings,
  context: ProbeContext,
): Promise<string> {
  const session = await open({ ...context.render(opening, carried.variables), heard: hear }, context);
  await meet('opened');
  await context.phase('message', async () => {
    if (ping) await measurePing(session, context);
    await play(steps, session, context, { variables: carried.variables, told, captured: keeping(carried) });
  });
  // Whoever goes first would not hear what the others cause.
  await meet('said');
  await linger();
  await session.close(context.remaining() / 2);
  return `${steps.length} steps`;
}

async function converseOverTcp(tcp: Action<'tcp'>, { carried, hear }: Surroundings, context: ProbeContext): Promise<string> {
  const heard = (chunk: Buffer): void => hear(chunk.toString('latin1'));
  await converse(tcp, context, { variables: carried.variables, heard, captured: keeping(carried) });
  return `${tcp.steps.length} steps`;
}

/** Keeps what a step captures as it does, so that a step that cleans up after a failure has it, too. */
const keeping =
  ({ variables, captures }: Carried) =>
  (name: string, value: unknown, text: string): void => {
    variables[name] = text;
    captures[name] = value;
  };

async function rest(milliseconds: number, context: ProbeContext): Promise<string> {
  await context.phase('step', () =>
    context.within(
      undefined,
      () => pause(milliseconds, context.signal),
      (ms) => `the pause was cut after ${ms} ms`,
    ),
  );
  return 'paused';
}

function assert(expression: string, { captures }: Carried): string {
  const [missing] = namesAskedFor(expression, captures);
  if (missing !== undefined) throw new Fault('assertion_failed', `${expression} asks for ${missing}, which was not captured`);
  // What was captured may be secret, and is not shown.
  if (!isTrue(expression, captures)) throw new Fault('assertion_failed', `${expression} is not true`);
  return 'true';
}
