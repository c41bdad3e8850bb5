/** Service accounts: one a function, with no more than the function needs, and one by which the Scheduler calls them. */
import type { Config } from '../../shared/config/config';
import type { Names } from './names';
import { secretsOf, type Group } from './needs';
import type { AccountPlan, SecretGrant } from './plan';
import { rolesOf, secretReader, secretViewer } from './roles';

/** The user of the account that the Scheduler's jobs call with. */
const schedulerUser = 'scheduler';

/** @returns the address of an account; a project of an organisation's domain, `example.com:p`, stands the other way round in it. */
function emailOf(id: string, project: string): string {
  return `${id}@${project.split(':').toReversed().join('.')}.iam.gserviceaccount.com`;
}

/** @returns the address of the account that a function runs as. */
export function accountOf(kind: string, names: Names, { project }: Config): string {
  return emailOf(names.account(kind), project);
}

/** @returns the address of the account that the Scheduler's jobs call with. */
export function schedulerAccountOf(names: Names, { project }: Config): string {
  return emailOf(names.account(schedulerUser), project);
}

/**
 * Values are read with secretAccessor on each secret alone. Metadata needs a viewer on the project: what is refused on a secret that
 * may not exist can't be told from one that does not; only on secrets of other projects the role stands on the secret itself.
 */
function grantsOf({ kind, targets }: Group, project: string): readonly SecretGrant[] {
  const grants = targets
    .flatMap((target) => secretsOf(target, project))
    .flatMap(({ resource, value }): readonly SecretGrant[] => {
      const isElsewhere = !resource.startsWith(`projects/${project}/`);
      return [
        ...(value ? [{ secret: resource, role: secretReader }] : []),
        ...(kind.asksSecretManager === true && isElsewhere ? [{ secret: resource, role: secretViewer }] : []),
      ];
    });
  const once = new Map(grants.map((grant) => [`${grant.secret} ${grant.role}`, grant]));
  return [...once].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}

/** @returns the accounts, the Scheduler's last. */
export function accountsOf(groups: readonly Group[], names: Names, config: Config): readonly AccountPlan[] {
  const { project, environment } = config;
  const accounts = groups.map((group): AccountPlan => {
    const { name, title } = group.kind;
    return {
      id: names.account(name),
      email: accountOf(name, names, config),
      displayName: `synthetics ${environment} ${name}`,
      description: `${names.marker} the function ${name} (${title}) runs as it`,
      roles: rolesOf(group, project),
      secrets: grantsOf(group, project),
    };
  });
  if (groups.length === 0) return [];
  return [
    ...accounts,
    {
      id: names.account(schedulerUser),
      email: schedulerAccountOf(names, config),
      displayName: `synthetics ${environment} ${schedulerUser}`,
      description: `${names.marker} Cloud Scheduler calls the functions with it`,
      roles: [],
      secrets: [],
    },
  ];
}
