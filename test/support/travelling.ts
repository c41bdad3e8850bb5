/** Probes the chat application, and servers that a test scripts, with the journey kind. */
import { kind, probe } from '../../functions/journey';
import { chatEvents } from '../../local/services/chat';
import type { Result } from '../../shared/result';
import { watchLeaks } from './leaks';
import { probeOne, type ProbingOptions } from './probing';

/** The kind with its code. */
export const journey = { kind, probe };

/** Walks a journey, and looks whether anything stays open. */
export async function travelled(target: Readonly<Record<string, unknown>>, options?: ProbingOptions): Promise<Result> {
  const leaks = await watchLeaks();
  const result = await probeOne(journey, { timeout: '5s', ...target }, options);
  await leaks.assertNothingLeft();
  return result;
}

/** A place where the chat application listens. */
interface Place {
  readonly port: number;
}

/** The steps of the golden path: a login, and a question that is answered with all events. */
export const login = ({ port }: Place, credentials: object, more: object = {}): object => ({
  name: 'login',
  http: { url: `http://127.0.0.1:${port}/auth/login`, json: credentials },
  capture: { token: 'access_token' },
  ...more,
});

/** A question over WebSocket; each event is expected in turn. */
export const chat = ({ port }: Place, more: object = {}): object => ({
  name: 'chat',
  websocket: {
    url: `ws://127.0.0.1:${port}/ws`,
    subprotocols: ['jwt-auth', 'jwt.${token|base64url}'],
    steps: [
      { send: { type: 'chat', text: 'say ${marker}', marker: '${marker}' } },
      ...chatEvents.map((name) => ({ expect: `type == '${name}' && marker == '\${marker}'`, name })),
    ],
  },
  ...more,
});

/** Findings without their times. */
export const said = ({ findings }: Result): readonly (readonly string[])[] =>
  findings.map(({ subject, outcome, message }) => [subject, outcome, message]);
