/** The real Google APIs, or the emulators that the environment names; clients are made at first use and live as long as the instance. */
import type { Environment } from '../environment';
import type { Cloud, IamBinding, SecretManager } from './cloud';
import type * as RestClient from './rest';
import type * as SecretManagerClient from './secret-manager';

interface PolicyAnswer {
  readonly bindings?: readonly { readonly role?: string; readonly members?: readonly string[]; readonly condition?: unknown }[];
}

type Rest = RestClient.Rest;

// Each is loaded with the first client of it, before the first probe.
const loadRest = (): typeof RestClient => require('./rest') as typeof RestClient;
const loadSecretManager = (): typeof SecretManagerClient => require('./secret-manager') as typeof SecretManagerClient;

/** @returns the APIs as the project's function sees them, with what closes their clients. */
export function createCloud(project: string, environment: Environment): Cloud {
  let secrets: (SecretManager & { close(): Promise<void> }) | undefined;
  let rest: Rest | undefined;
  const apis = (): Rest => (rest ??= loadRest().createRest(environment.platformEmulator));
  return {
    secretManager: () => (secrets ??= loadSecretManager().createSecretManager(project, environment.secretManagerEmulator)),
    rest: apis,
    async projectPolicy(signal, other = project) {
      const body = { options: { requestedPolicyVersion: 3 } };
      const answer = (await apis().post('cloudresourcemanager', `/v3/projects/${other}:getIamPolicy`, body, signal)) as PolicyAnswer;
      return (answer.bindings ?? []).map(({ role, members, condition }): IamBinding => ({
        role: role ?? '',
        members: members ?? [],
        conditional: condition !== undefined && condition !== null,
      }));
    },
    accessToken: (scope, signal) => apis().accessToken(scope, signal),
    close: async () => secrets?.close(),
  };
}
