/** The targets of the embedded stack: one section of the configuration a kind. */
import { chatEvents } from '../services/chat';
import { backend, type SecretName } from './secrets';
import type { Services } from './services';

/** When everything runs: nobody who watches a demonstration waits an hour for a secret. */
export const schedule = '* * * * *';

const secret = (name: SecretName): object => ({ secret: name });

/** Kind to its section, target by name. A kind without one here has no targets. */
export const sections: Readonly<Record<string, (services: Services) => object>> = {
  secrets: () => ({
    app: {
      schedule,
      require: [
        { secret: 'database-url', format: 'url', schemes: ['postgresql'], maxAge: '90d', readableBy: [backend] },
        { secret: 'redis-url', format: 'url', schemes: ['redis'], maxAge: '90d', readableBy: [backend] },
        { secret: 'db-ca', format: 'pem-certificate', minValidity: '30d' },
        { secret: 'chat-ca', format: 'pem-certificate', minValidity: '30d' },
        { secret: 'chat-token', minLength: 32 },
        { secret: 'jwt-secret', minLength: 32, readableBy: [backend] },
        { secret: 'smtp-password', minLength: 8 },
        { secret: 'oauth-client-secret', minLength: 8 },
        { secret: 'api-key', matches: '^sk_live_[A-Za-z0-9]{24,}$' },
      ] satisfies { readonly secret: SecretName; readonly [rule: string]: unknown }[],
    },
  }),
  postgres: () => ({
    'orders-db': {
      url: secret('database-url'),
      tls: { mode: 'verify-full', ca: secret('db-ca') },
      expect: { value: 1, writable: true, connectionUtilizationBelow: 0.95 },
      warn: { connectionUtilizationBelow: 0.8, minCertificateValidity: '21d' },
    },
  }),
  redis: () => ({
    cache: { url: secret('redis-url'), expect: { role: 'master' }, warn: { memoryUtilizationBelow: 0.9 } },
  }),
  websocket: ({ chat, loadBalancer }) => ({
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
  }),
};
