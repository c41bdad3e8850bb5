/** IAM policies as they are read: which roles our accounts hold on the project and on secrets. */
import { ApiError, documentsOf, objectOf, textOf, textsOf, type Document } from './google';
import { eachOf, type Surroundings } from './surroundings';

/** A role that a member holds on a resource. */
export interface Grant {
  /** `projects/P`, or a secret's full name. */
  readonly resource: string;
  readonly role: string;
  /** `serviceAccount:…`, `allUsers`, … */
  readonly member: string;
}

/** @returns the grants of a policy; those with a condition are somebody else's and left out. */
export function grantsOf(resource: string, policy: Document): readonly Grant[] {
  return documentsOf(policy['bindings'])
    .filter(({ condition }) => condition === undefined)
    .flatMap(({ role, members }) => textsOf(members).map((member) => ({ resource, role: textOf(role), member })));
}

/** Without it a server leaves conditions out and writes roles that have one in another way (IAM, "Policy versions"). */
export const withConditions = { 'options.requestedPolicyVersion': 3 } as const;

/** @returns the grants on the project itself. */
export async function projectGrants({ plan, google }: Surroundings): Promise<readonly Grant[]> {
  const policy = await google.call('POST', 'cloudresourcemanager', `v1/projects/${plan.project}:getIamPolicy`, {
    body: { options: { requestedPolicyVersion: 3 } },
  });
  return grantsOf(`projects/${plan.project}`, policy);
}

function ignoreDenied(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 403) return undefined;
  throw error;
}

/** Secrets, and who has which role on them. */
export interface SecretGrants {
  /** Full names, with the project as the plan names it. */
  readonly existing: ReadonlySet<string>;
  readonly grants: readonly Grant[];
}

/** Reads all secrets of the project, because grants on secrets that the plan no longer names have to go, and those that it names elsewhere. */
export async function secretGrants({ plan, google }: Surroundings): Promise<SecretGrants> {
  const listed = await google.list('secretmanager', `v1/projects/${plan.project}/secrets`, 'secrets');
  // The server answers with the project's number.
  const own = listed.map(({ name }) => `projects/${plan.project}/secrets/${textOf(name).replace(/^.*\//, '')}`);
  const named = plan.accounts.flatMap(({ secrets }) => secrets.map(({ secret }) => secret)).filter((secret) => !own.includes(secret));
  // Who may not look at a secret of others is told the same as where there is none.
  const elsewhere = await eachOf([...new Set(named)], async (secret) => {
    const policy = await google.find('secretmanager', `v1/${secret}:getIamPolicy`, withConditions).catch(ignoreDenied);
    return policy === undefined ? [] : [{ secret, policy }];
  });
  const policies = await eachOf(own, async (secret) => ({
    secret,
    policy: objectOf(await google.find('secretmanager', `v1/${secret}:getIamPolicy`, withConditions)),
  }));
  const all = [...policies, ...elsewhere.flat()];
  return { existing: new Set(all.map(({ secret }) => secret)), grants: all.flatMap(({ secret, policy }) => grantsOf(secret, policy)) };
}
