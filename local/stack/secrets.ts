/** The secrets of the embedded stack, and who may read them. */
import type { SecretManagerEmulator } from '../emulators/secret-manager';

/** Who reads the application's secrets besides the functions. */
export const backend = 'serviceAccount:backend@local-project.iam.gserviceaccount.com';

const names = [
  'database-url',
  'db-ca',
  'redis-url',
  'chat-ca',
  'chat-token',
  'jwt-secret',
  'smtp-password',
  'oauth-client-secret',
  'api-key',
] as const;
export type SecretName = (typeof names)[number];
export type SecretValues = Readonly<Record<SecretName, string>>;

/** Puts a secret as it is when nothing is broken. */
export function putSecret(secretManager: SecretManagerEmulator, name: SecretName, value: string): void {
  secretManager.put(name, { value, bindings: [{ role: 'roles/secretmanager.secretAccessor', members: [backend] }] });
}

export function putSecrets(secretManager: SecretManagerEmulator, values: SecretValues): void {
  for (const name of names) putSecret(secretManager, name, values[name]);
}
