/** IAM policies as they are read: which roles our accounts hold on the project and on secrets. */
import { documentsOf, objectOf, textOf, textsOf, type Document } from './google';
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

/** @returns the grants on the project itself. */
export async function projectGrants({ plan, google }: Surroundings): Promise<readonly Grant[]> {
  const policy = await google.call('POST', 'cloudresourcemanager', `v1/projects/${plan.project}:getIamPolicy`, {
    body: { options: { requestedPolicyVersion: 3 } },
  });
  return grantsOf(`projects/${plan.project}`, policy);
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
  const elsewhere = await eachOf([...new Set(named)], async (secret) =>
    (await google.find('secretmanager', `v1/${secret}`)) === undefined ? [] : [secret],
  );
  const existing = [...own, ...elsewhere.flat()];
  const grants = await eachOf(existing, async (secret) =>
    grantsOf(secret, objectOf(await google.find('secretmanager', `v1/${secret}:getIamPolicy`))),
  );
  return { existing: new Set(existing), grants: grants.flat() };
}
