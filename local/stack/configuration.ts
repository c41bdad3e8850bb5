/** Writes the configuration of the embedded stack: a file as users write it, with the ports that its servers happen to have. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { compile } from '../../shared/config/compile';
import type { Config } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';
import type { Kind } from '../../shared/probe';
import { chatEvents } from '../services/chat';
import { backend, type SecretName } from './secrets';
import { project, type Services } from './services';

/** The configuration, loaded, and where the functions find it compiled. */
export interface Configuration {
  readonly config: Config;
  readonly yaml: string;
  readonly compiled: string;
}

// Nobody who watches a demonstration waits an hour for a secret.
const schedule = '* * * * *';

type Sections = Readonly<Record<string, (services: Services) => object>>;

const secret = (name: SecretName): object => ({ secret: name });

/** The targets of each kind that there may be. */
const sections: Sections = {
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
  websocket: ({ chat }) => ({
    chat: {
      url: `wss://127.0.0.1:${chat.port}/ws`,
      tls: { ca: secret('chat-ca') },
      subprotocols: ['jwt-auth', 'jwt.${secret:chat-token|base64url}'],
      steps: [
        { send: { type: 'chat', text: 'ping' } },
        ...chatEvents.map((event) => ({ expect: `type == '${event}'`, within: '2s', name: event })),
      ],
      expect: { subprotocol: 'jwt-auth' },
      warn: { minCertificateValidity: '21d' },
    },
  }),
  http: ({ chat }) => ({
    backend: {
      url: `https://127.0.0.1:${chat.port}/health/ready`,
      tls: { ca: secret('chat-ca') },
      expect: { status: [200], json: ["status == 'ready'", "core_db == 'connected'"] },
      warn: { maxLatency: '2s', minCertificateValidity: '21d' },
    },
  }),
};

function documentOf(kinds: readonly Kind[], services: Services): object {
  const ofKinds = kinds.flatMap(({ name }) => {
    const section = sections[name];
    return section ? [[name, section(services)] as const] : [];
  });
  return {
    environment: 'local',
    project,
    region: 'us-central1',
    network: { connector: 'local-connector', egress: 'private-ranges-only' },
    defaults: { schedule, timeout: '3s', severity: 'critical', confirm: { attempts: 2, interval: '500ms' } },
    ...Object.fromEntries(ofKinds),
  };
}

/**
 * Writes `synthetics.yaml` and, compiled as for a deployment, `config.json` into the folder.
 * @throws ConfigError where the file does not keep the configuration's own rules
 */
export function writeConfiguration(folder: string, kinds: readonly Kind[], services: Services): Configuration {
  mkdirSync(folder, { recursive: true });
  const yaml = join(folder, 'synthetics.yaml');
  const compiled = join(folder, 'config.json');
  writeFileSync(yaml, stringify(documentOf(kinds, services)));
  writeFileSync(compiled, compile(yaml, kinds));
  return { config: loadConfig(compiled, kinds), yaml, compiled };
}
