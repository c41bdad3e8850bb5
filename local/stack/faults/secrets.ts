/** What can break in the secrets. */
import type { SecretManagerEmulator } from '../../emulators/secret-manager';
import { putSecret, type SecretName } from '../secrets';
import { failing, type Fault } from './fault';

const secrets = failing('secrets', 'app');

/** Something done to a secret; it is put back as it was. */
const secret = (name: SecretName, change: (secretManager: SecretManagerEmulator) => void): Pick<Fault, 'breaks' | 'strike'> => ({
  breaks: `secrets/${name}`,
  async strike({ secretManager, secrets: values }) {
    change(secretManager);
    return async () => putSecret(secretManager, name, values[name]);
  },
});

export const secretFaults: readonly Fault[] = [
  {
    name: 'secret-revoked',
    title: 'The newest version of the secret api-key is disabled',
    ...secret('api-key', (secretManager) => secretManager.setState('api-key', 'latest', 'DISABLED')),
    expects: secrets('secret_disabled', 'operator'),
  },
  {
    name: 'secret-missing',
    title: 'The secret jwt-secret is deleted',
    ...secret('jwt-secret', (secretManager) => secretManager.remove('jwt-secret')),
    expects: secrets('secret_missing', 'operator'),
  },
  {
    name: 'secret-empty',
    title: 'The newest version of the secret smtp-password is empty',
    ...secret('smtp-password', (secretManager) => void secretManager.addVersion('smtp-password', '')),
    expects: secrets('secret_empty', 'operator'),
  },
  {
    name: 'secret-access-denied',
    title: 'The functions may not read the secret oauth-client-secret',
    breaks: 'secrets/oauth-client-secret',
    expects: [{ kind: 'secrets', target: 'app', outcome: 'unknown', reason: 'api_denied', owner: 'monitor' }],
    async strike({ secretManager }) {
      const lift = secretManager.deny('oauth-client-secret', 'secretmanager.versions.access');
      return async () => lift();
    },
  },
];
