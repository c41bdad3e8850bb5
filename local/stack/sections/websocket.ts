/** The chat, through the load balancer and, to compare, without it. */
import { chatEvents } from '../../services/chat';
import { secret, type Section } from './section';

export const websocket: Section = ({ chat, loadBalancer }) => ({
  chat: {
    url: `wss://127.0.0.1:${loadBalancer.port}/ws`,
    tls: { ca: secret('chat-ca') },
    subprotocols: ['jwt-auth', 'jwt.${secret:chat-token|base64url}'],
    steps: [
      { send: { type: 'chat', text: 'ping' } },
      ...chatEvents.map((event) => ({ expect: `type == '${event}'`, within: '2s', name: event })),
    ],
    expect: { subprotocol: 'jwt-auth' },
    warn: { minCertificateValidity: '21d' },
    compareWith: { url: `wss://127.0.0.1:${chat.port}/ws`, tls: { ca: secret('chat-ca') } },
  },
});
