/** The secrets of the embedded stack, and who may read them. */
import { randomBytes } from 'node:crypto';
import type { SecretManagerEmulator } from '../emulators/secret-manager';

/** Who reads the application's secrets besides the functions. */
export const backend = 'serviceAccount:backend@local-project.iam.gserviceaccount.com';

/** What the application needs to run. */
export const applicationSecrets = [
  'database-url',
  'database-direct-url',
  'jwt-secret-staging',
  'redis-url',
  'oauth-client-id',
  'oauth-client-secret',
  'openai-api-key',
  'anthropic-api-key',
  'smtp-password',
  'cors-allowed-origins',
] as const;
export type ApplicationSecret = (typeof applicationSecrets)[number];

/** The users who walk the golden path; they are numbered from 1. */
export const probeUsers = [1, 2] as const;

const names = [
  ...applicationSecrets,
  'api-key',
  'db-ca',
  'db-password',
  'chat-ca',
  'chat-token',
  'probe-user-1-email',
  'probe-user-1-password',
  'probe-user-2-email',
  'probe-user-2-password',
] as const;
export type SecretName = (typeof names)[number];
export type SecretValues = Readonly<Record<SecretName, string>>;

/** Secrets that only the configuration knows, none of which leads anywhere. */
export type InventedSecret = Exclude<SecretName, 'database-url' | 'database-direct-url' | 'redis-url' | `db-${string}` | `chat-${string}`>;

/** @returns 24 random bytes as text. */
export function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** @returns values of the right form. */
export function inventSecrets(): Readonly<Record<InventedSecret, string>> {
  return {
    'jwt-secret-staging': randomSecret(),
    'oauth-client-id': `${randomBytes(6).readUIntBE(0, 6)}-local.apps.googleusercontent.com`,
    'oauth-client-secret': `GOCSPX-${randomSecret()}`,
    'openai-api-key': `sk-${randomBytes(24).toString('hex')}`,
    'anthropic-api-key': `sk-ant-${randomBytes(24).toString('hex')}`,
    'smtp-password': randomSecret(),
    'cors-allowed-origins': 'https://staging.example.com,https://api-staging.example.com',
    'probe-user-1-email': 'probe-1@staging.example.com',
    'probe-user-1-password': randomSecret(),
    'probe-user-2-email': 'probe-2@staging.example.com',
    'probe-user-2-password': randomSecret(),
    'api-key': `sk_live_${randomBytes(12).toString('hex')}`,
  };
}

/** Puts a secret as it is when nothing is broken. */
export function putSecret(secretManager: SecretManagerEmulator, name: SecretName, value: string): void {
  secretManager.put(name, { value, bindings: [{ role: 'roles/secretmanager.secretAccessor', members: [backend] }] });
}

export function putSecrets(secretManager: SecretManagerEmulator, values: SecretValues): void {
  for (const name of names) putSecret(secretManager, name, values[name]);
}
