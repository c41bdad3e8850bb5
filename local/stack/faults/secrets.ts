/** What can break in the secrets. */
import type { Target } from '../../../shared/config/config';
import type { Reason } from '../../../shared/reasons';
import type { SecretManagerEmulator } from '../../emulators/secret-manager';
import { type ApplicationSecret, applicationSecrets, putSecret, type SecretName } from '../secrets';
import { failing, type Fault, type Symptom } from './fault';

type Change = (secretManager: SecretManagerEmulator, name: SecretName, value: string) => void;

/** Something done to a secret; it is put back as it was. */
const secret = (name: SecretName, change: Change): Pick<Fault, 'breaks' | 'strike'> => ({
  breaks: `secrets/${name}`,
  async strike({ secretManager, secrets: values }) {
    change(secretManager, name, values[name]);
    return async () => putSecret(secretManager, name, values[name]);
  },
});

const disable: Change = (secretManager, name) => secretManager.setState(name, 'latest', 'DISABLED');
const remove: Change = (secretManager, name) => secretManager.remove(name);

/** The check of the secrets fails; whoever needs the secret to probe can't tell. */
function withUsers(name: SecretName, reason: Reason, untold: Reason = 'secret_unavailable'): (targets: readonly Target[]) => Symptom[] {
  return (targets) => [
    ...failing('secrets', 'app')(reason, 'operator'),
    ...targets
      .filter(({ secrets }) => secrets.some(({ secret: used }) => used === name))
      .map(({ kind, name: target }): Symptom => ({ kind, target, outcome: 'unknown', reason: untold, owner: 'monitor' })),
  ];
}

/** Where a URL begins with the wrong scheme; what is no URL is cut short. */
const wrongSchemes: Partial<Record<ApplicationSecret, string>> = {
  'database-url': 'mysql',
  'database-direct-url': 'postgresql',
  'redis-url': 'http',
  'cors-allowed-origins': 'http',
};

function malformed(name: ApplicationSecret): Fault {
  const scheme = wrongSchemes[name];
  const spoil = (value: string): string => (scheme === undefined ? value.slice(0, 6) : value.replace(/^[^:]+/, scheme));
  return {
    name: `${name}-malformed`,
    title: `The newest version of the secret ${name} ${scheme === undefined ? 'is too short' : `begins with ${scheme}:`}`,
    ...secret(name, (secretManager, _, value) => void secretManager.addVersion(name, spoil(value))),
    // The control plane compares hosts alone.
    expects: (targets) => withUsers(name, 'secret_malformed', 'config_invalid')(targets.filter(({ kind }) => kind !== 'platform')),
  };
}

const ofApplication = applicationSecrets.flatMap((name): Fault[] => [
  {
    name: `${name}-missing`,
    title: `The secret ${name} is deleted`,
    ...secret(name, remove),
    expects: withUsers(name, 'secret_missing'),
  },
  {
    name: `${name}-disabled`,
    title: `The newest version of the secret ${name} is disabled`,
    ...secret(name, disable),
    expects: withUsers(name, 'secret_disabled'),
  },
  malformed(name),
]);

export const secretFaults: readonly Fault[] = [
  {
    name: 'secret-revoked',
    title: 'The newest version of the secret api-key is disabled',
    ...secret('api-key', disable),
    expects: withUsers('api-key', 'secret_disabled'),
  },
  {
    name: 'secret-missing',
    title: 'The secret api-key is deleted',
    ...secret('api-key', remove),
    expects: withUsers('api-key', 'secret_missing'),
  },
  {
    name: 'secret-empty',
    title: 'The newest version of the secret smtp-password is empty',
    ...secret('smtp-password', (secretManager, name) => void secretManager.addVersion(name, '')),
    expects: withUsers('smtp-password', 'secret_empty'),
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
  {
    name: 'secret-with-deprecated-host',
    title: 'The secret cors-allowed-origins names a deprecated host',
    ...secret(
      'cors-allowed-origins',
      (secretManager, name, value) => void secretManager.addVersion(name, `${value},https://app.staging.example.com`),
    ),
    expects: withUsers('cors-allowed-origins', 'secret_malformed'),
  },
  ...ofApplication,
];
