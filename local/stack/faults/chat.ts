/** What can break in the chat itself. */
import type { ChatFaults } from '../../services/chat-faults';
import { failing, type Fault, type Symptom } from './fault';

const socket = failing('websocket', 'chat');
const path = failing('journey', 'golden-path');

/** What befalls whoever chats. */
const chat = (...symptom: Parameters<typeof socket>): Symptom[] => [...socket(...symptom), ...path(...symptom)];

/** Faults of the application itself; several are on at a time unless they set the same thing. */
const application = <Name extends keyof ChatFaults>(name: Name, value: ChatFaults[Name]): Pick<Fault, 'breaks' | 'strike'> => ({
  breaks: `chat/${name}`,
  strike: ({ breakChat }) => breakChat({ [name]: value }),
});

export const chatFaults: readonly Fault[] = [
  {
    name: 'websocket-1011',
    title: 'The chat application closes every WebSocket with 1011, an internal error',
    ...application('closeWith', 1011),
    expects: chat('unexpected_close', 'application'),
  },
  {
    name: 'websocket-overloaded',
    title: 'The chat application closes every WebSocket with 1013, try again later',
    ...application('closeWith', 1013),
    expects: chat('overloaded', 'infrastructure'),
  },
  {
    name: 'websocket-silent',
    title: 'The chat application takes messages and never answers',
    ...application('silent', 'messages'),
    expects: chat('timeout', 'application'),
  },
  {
    name: 'websocket-events-missing',
    title: 'The last two of the five events of an answer never come',
    ...application('eventsAtMost', 3),
    expects: chat('timeout', 'application'),
  },
  {
    name: 'websocket-events-out-of-order',
    title: 'A tool completes before it executes: two of the five events of an answer are swapped',
    ...application('eventsSwapped', true),
    expects: chat('timeout', 'application'),
  },
  {
    name: 'websocket-cross-talk',
    title: 'Every event goes to all who are connected, not only to the one who asked',
    ...application('crossTalk', true),
    expects: path('assertion_failed', 'application'),
  },
  {
    name: 'websocket-unavailable',
    title: 'Every upgrade is answered with 503',
    ...application('rejectWith', { status: 503 }),
    expects: chat('upgrade_rejected', 'application'),
  },
  {
    name: 'websocket-bad-gateway',
    title: 'Every upgrade is answered with 502, as by a gateway whose service is gone',
    ...application('rejectWith', { status: 502 }),
    expects: chat('bad_gateway', 'infrastructure'),
  },
  {
    name: 'websocket-login-broken',
    title: 'The chat application does not take the token of the secret any more',
    breaks: 'chat/token',
    // A login over HTTP hands out the new one.
    expects: socket('credentials_rejected', 'operator'),
    async strike({ chat: server, secrets: { 'chat-token': token } }) {
      await server.setToken('known to the application only');
      return () => server.setToken(token);
    },
  },
];
