/** The rules for the secrets. */
import { applicationSecrets, backend, probeUsers, type ApplicationSecret, type SecretName } from '../secrets';
import { schedule, type Section } from './section';

const origin = String.raw`https://[a-z0-9.-]+(:\d+)?`;

const ofApplication: Readonly<Record<ApplicationSecret, object>> = {
  'database-url': { format: 'url', schemes: ['postgresql'], maxAge: '90d' },
  'database-direct-url': { format: 'url', schemes: ['postgresql+asyncpg'], maxAge: '90d' },
  'jwt-secret-staging': { minLength: 32 },
  'redis-url': { format: 'url', schemes: ['redis'], maxAge: '90d' },
  'oauth-client-id': { matches: String.raw`^\d+-\w+\.apps\.googleusercontent\.com$` },
  'oauth-client-secret': { minLength: 16 },
  'openai-api-key': { matches: '^sk-[A-Za-z0-9_-]{20,}$' },
  'anthropic-api-key': { matches: '^sk-ant-[A-Za-z0-9_-]{20,}$' },
  'smtp-password': { minLength: 8 },
  'cors-allowed-origins': { matches: `^${origin}(,${origin})*$` },
};

const others: readonly { readonly secret: SecretName; readonly [rule: string]: unknown }[] = [
  { secret: 'api-key', matches: '^sk_live_[A-Za-z0-9]{24,}$' },
  { secret: 'db-ca', format: 'pem-certificate', minValidity: '30d' },
  { secret: 'db-password', minLength: 16 },
  { secret: 'chat-ca', format: 'pem-certificate', minValidity: '30d' },
  { secret: 'chat-token', minLength: 32 },
  ...probeUsers.flatMap((user) => [
    { secret: `probe-user-${user}-email`, matches: '^[^@]+@[^@]+$' } as const,
    { secret: `probe-user-${user}-password`, minLength: 16 } as const,
  ]),
];

export const secrets: Section = () => ({
  app: {
    schedule,
    // Three calls a secret: on a busy machine they take their time.
    timeout: '5s',
    require: [...applicationSecrets.map((name) => ({ secret: name, ...ofApplication[name], readableBy: [backend] })), ...others],
  },
});
