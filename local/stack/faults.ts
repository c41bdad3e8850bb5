/** Everything that can be broken in the embedded stack, and what each break looks like from outside. */
import { status } from '@grpc/grpc-js';
import type { Owner, Reason } from '../../shared/reasons';
import { chatFault, redisSetting, secretFault, statements, type Fault, type Symptom } from './fault';

const failing =
  (kind: string, target: string) =>
  (reason: Reason, owner: Owner): Symptom[] => [{ kind, target, outcome: 'failure', reason, owner }];
const database = failing('postgres', 'orders-db');
const cache = failing('redis', 'cache');
const chat = failing('websocket', 'chat');
const backend = failing('http', 'backend');
const secrets = failing('secrets', 'app');

/** Everything that can break, by what it belongs to. */
export const faults: readonly Fault[] = [
  {
    name: 'database-password-changed',
    title: "The database user's password is changed on the server, not in its secret",
    expects: database('credentials_rejected', 'operator'),
    async strike({ postgres, secrets: { 'database-url': url } }) {
      await postgres.setPassword(postgres.user, 'changed on the server only');
      return () => postgres.setPassword(postgres.user, decodeURIComponent(new URL(url).password));
    },
  },
  {
    name: 'postgres-frozen',
    title: 'PostgreSQL hangs: connections are accepted, nothing is answered',
    expects: database('timeout', 'infrastructure'),
    async strike({ postgres }) {
      await postgres.freeze();
      return async () => postgres.thaw();
    },
  },
  {
    name: 'database-connections-exhausted',
    title: 'The database user has no connection left',
    expects: database('too_many_connections', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER ROLE ${postgres.user} CONNECTION LIMIT 0`,
      ({ postgres }) => `ALTER ROLE ${postgres.user} CONNECTION LIMIT -1`,
    ),
  },
  {
    name: 'database-read-only',
    title: 'The database takes no writes',
    expects: database('read_only', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER DATABASE ${postgres.database} SET default_transaction_read_only = on`,
      ({ postgres }) => `ALTER DATABASE ${postgres.database} RESET default_transaction_read_only`,
    ),
  },
  {
    name: 'database-missing',
    title: 'The database has another name than the secret says',
    expects: database('database_missing', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER DATABASE ${postgres.database} RENAME TO renamed`,
      ({ postgres }) => `ALTER DATABASE renamed RENAME TO ${postgres.database}`,
    ),
  },
  {
    name: 'redis-down',
    title: 'Redis is stopped',
    expects: cache('connect_refused', 'infrastructure'),
    async strike({ redis }) {
      await redis.down();
      return () => redis.up();
    },
  },
  {
    name: 'redis-frozen',
    title: 'Redis hangs: connections are accepted, nothing is answered',
    expects: cache('timeout', 'infrastructure'),
    async strike({ redis }) {
      const server = redis.server();
      await server.freeze();
      return async () => server.thaw();
    },
  },
  {
    name: 'redis-password-changed',
    title: 'The password of Redis is changed on the server, not in its secret',
    expects: cache('credentials_rejected', 'operator'),
    strike: redisSetting('requirepass', 'changed on the server only'),
  },
  {
    name: 'redis-full',
    title: 'The memory of Redis is used up',
    expects: cache('out_of_memory', 'infrastructure'),
    strike: redisSetting('maxmemory', '1'),
  },
  {
    name: 'websocket-1011',
    title: 'The chat application closes every WebSocket with 1011, an internal error',
    expects: chat('unexpected_close', 'application'),
    strike: chatFault({ closeWith: 1011 }),
  },
  {
    name: 'websocket-overloaded',
    title: 'The chat application closes every WebSocket with 1013, try again later',
    expects: chat('overloaded', 'infrastructure'),
    strike: chatFault({ closeWith: 1013 }),
  },
  {
    name: 'websocket-silent',
    title: 'The chat application takes messages and never answers',
    expects: chat('timeout', 'application'),
    strike: chatFault({ silent: 'messages' }),
  },
  {
    name: 'websocket-events-missing',
    title: 'The last two of the five events of an answer never come',
    expects: chat('timeout', 'application'),
    strike: chatFault({ eventsAtMost: 3 }),
  },
  {
    name: 'websocket-bad-gateway',
    title: 'What stands before the chat application answers every upgrade with 502',
    expects: chat('bad_gateway', 'infrastructure'),
    strike: chatFault({ rejectWith: { status: 502 } }),
  },
  {
    name: 'websocket-login-broken',
    title: 'The chat application does not take the token of the secret any more',
    expects: chat('credentials_rejected', 'operator'),
    async strike({ chat: application, secrets: { 'chat-token': token } }) {
      await application.setToken('known to the application only');
      return () => application.setToken(token);
    },
  },
  {
    name: 'backend-unavailable',
    title: 'The health endpoint of the chat application answers 503',
    expects: backend('unexpected_status', 'application'),
    strike: chatFault({ http: { '/health/ready': { status: 503, body: { status: 'starting' } } } }),
  },
  {
    name: 'backend-without-database',
    title: 'The health endpoint of the chat application answers 200, but its database is gone',
    expects: backend('assertion_failed', 'application'),
    strike: chatFault({ http: { '/health/ready': { body: { status: 'ready', core_db: 'disconnected' } } } }),
  },
  {
    name: 'backend-hanging',
    title: 'The health endpoint of the chat application never answers',
    expects: backend('timeout', 'application'),
    strike: chatFault({ http: { '/health/ready': { hang: true } } }),
  },
  {
    name: 'certificate-expired',
    title: 'The chat application shows a certificate that expired yesterday',
    expects: [...chat('certificate_expired', 'infrastructure'), ...backend('certificate_expired', 'infrastructure')],
    async strike({ chat: application, chatCertificates: { good, expired } }) {
      await application.setCertificate(expired);
      return () => application.setCertificate(good);
    },
  },
  {
    name: 'secret-revoked',
    title: 'The newest version of the secret api-key is disabled',
    expects: secrets('secret_disabled', 'operator'),
    strike: secretFault('api-key', ({ secretManager }) => secretManager.setState('api-key', 'latest', 'DISABLED')),
  },
  {
    name: 'secret-missing',
    title: 'The secret jwt-secret is deleted',
    expects: secrets('secret_missing', 'operator'),
    strike: secretFault('jwt-secret', ({ secretManager }) => secretManager.remove('jwt-secret')),
  },
  {
    name: 'secret-empty',
    title: 'The newest version of the secret smtp-password is empty',
    expects: secrets('secret_empty', 'operator'),
    strike: secretFault('smtp-password', ({ secretManager }) => void secretManager.addVersion('smtp-password', '')),
  },
  {
    name: 'secret-access-denied',
    title: 'The functions may not read the secret oauth-client-secret',
    expects: [{ kind: 'secrets', target: 'app', outcome: 'unknown', reason: 'api_denied', owner: 'monitor' }],
    async strike({ secretManager }) {
      const lift = secretManager.deny('oauth-client-secret', 'secretmanager.versions.access');
      return async () => lift();
    },
  },
  {
    name: 'secret-manager-down',
    title: 'Secret Manager is unavailable: nobody can tell how the targets are',
    expects: (targets) =>
      targets
        .filter((target) => target.kind === 'secrets' || target.secrets.length > 0)
        .map(({ kind, name }) => ({ kind, target: name, outcome: 'unknown', reason: 'api_unavailable', owner: 'monitor' })),
    strike: async ({ secretManager }) => {
      const heal = secretManager.fault({ code: status.UNAVAILABLE });
      return async () => heal();
    },
  },
  {
    name: 'monitoring-down',
    title: 'Cloud Monitoring is unavailable: points are not written, no target is at fault',
    expects: [],
    strike: async ({ monitoring }) => {
      const heal = monitoring.fault({ code: status.UNAVAILABLE });
      return async () => heal();
    },
  },
];
