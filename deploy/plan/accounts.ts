/** Service accounts: one a function, with no more than the function needs, and one by which the Scheduler calls them. */
import type { Config } from '../../shared/config/config';
import type { Service } from '../../shared/serve/service';
import type { Names } from './names';
import { secretsOf, type Group } from './needs';
import type { AccountPlan, SecretGrant } from './plan';
import { rolesOf, secretReader, secretViewer } from './roles';
import { serviceRoles } from './service-needs';

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

/** What runs as an account of its own, and what it may do. */
interface User {
  readonly name: string;
  readonly title: string;
  readonly roles: readonly string[];
  readonly secrets: readonly SecretGrant[];
}

/** @returns the accounts, the Scheduler's last. */
export function accountsOf(groups: readonly Group[], services: readonly Service[], names: Names, config: Config): readonly AccountPlan[] {
  const { project, environment } = config;
  if (groups.length === 0) return [];
  const users: readonly User[] = [
    ...groups.map((group) => ({ ...group.kind, roles: rolesOf(group, project), secrets: grantsOf(group, project) })),
    ...services.map((service) => ({ ...service, roles: serviceRoles(service), secrets: [] })),
  ];
  return [
    ...users.map(({ name, title, roles, secrets }): AccountPlan => ({
      id: names.account(name),
      email: accountOf(name, names, config),
      displayName: `synthetics ${environment} ${name}`,
      description: `${names.marker} the function ${name} (${title}) runs as it`,
      roles,
      secrets,
    })),
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
