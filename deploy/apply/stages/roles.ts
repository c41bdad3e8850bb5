/** Stage: each account holds the roles of the plan on the project and on secrets, and no other. */
import type { AccountPlan } from '../../plan/plan';
import { planRoles } from '../../plan/roles';
import { projectGrants, secretGrants, type Grant } from '../iam';
import type { Stage, Step } from '../step';
import type { Surroundings } from '../surroundings';
import { accountsOf } from './accounts';
import { keptOf } from './apis';

const key = ({ resource, role, member }: Grant): string => `${resource} ${role} ${member}`;

/** @returns `projects/P/secrets/S` in its parts. */
export function secretParts(secret: string): { readonly project: string; readonly location?: string; readonly id: string } {
  const [, project = '', location, id = ''] = /^projects\/([^/]+)(?:\/locations\/([^/]+))?\/secrets\/([^/]+)$/.exec(secret) ?? [];
  return { project, location, id };
}

/** @returns the gcloud command that adds or removes a grant. */
export function grantWords(verb: 'add' | 'remove', { resource, role, member }: Grant): readonly string[] {
  const words = [`--member=${member}`, `--role=${role}`];
  if (!resource.includes('/secrets/'))
    return ['projects', `${verb}-iam-policy-binding`, resource.replace('projects/', ''), ...words, '--condition=None', '--quiet'];
  const { project, location, id } = secretParts(resource);
  const place = location === undefined ? [] : [`--location=${location}`];
  return ['secrets', `${verb}-iam-policy-binding`, id, ...words, ...place, `--project=${project}`, '--quiet'];
}

/** @returns a step that adds or removes a grant; those on one resource go one after the other, since they write one policy. */
export function grantStep(verb: 'add' | 'remove', grant: Grant): Step {
  const to = grant.member.replace(/^serviceAccount:/, '').replace(/@.*$/, '');
  const where = grant.resource.includes('/secrets/') ? ` on secret ${secretParts(grant.resource).id}` : '';
  return {
    title: `${to}: ${verb === 'add' ? '' : 'no longer '}${grant.role.replace('roles/', '')}${where}`,
    lane: grant.resource,
    command: { gcloud: grantWords(verb, grant) },
    ...(verb === 'remove' && { done: /not found/ }),
  };
}

function plannedGrants(project: string, { email, roles: onProject, secrets }: AccountPlan): readonly Grant[] {
  const member = `serviceAccount:${email}`;
  return [
    ...onProject.map((role) => ({ resource: `projects/${project}`, role, member })),
    ...secrets.map(({ secret, role }) => ({ resource: secret, role, member })),
  ];
}

/** @returns the steps of the stage. */
export async function roles(around: Surroundings): Promise<Stage> {
  const { plan } = around;
  const [onProject, onSecrets] = await Promise.all([projectGrants(around), secretGrants(around)]);
  const accounts = accountsOf(around);
  const members = new Set(accounts.map(({ email }) => `serviceAccount:${email}`));
  const held = new Map([...onProject, ...onSecrets.grants].filter(({ member }) => members.has(member)).map((grant) => [key(grant), grant]));
  const planned = accounts.flatMap((account) => plannedGrants(plan.project, account));
  const wanted = new Set(planned.map(key));
  const isThere = ({ resource }: Grant): boolean =>
    around.offline === true || !resource.includes('/secrets/') || onSecrets.existing.has(resource);
  // What an earlier plan gave is taken away; what no plan gives, somebody gave by hand.
  const missing = planned.filter((grant) => !held.has(key(grant)));
  const surplus = [...held.values()].filter((grant) => !wanted.has(key(grant)));
  return {
    steps: [
      ...missing.filter(isThere).map((grant) => grantStep('add', grant)),
      ...surplus.map((grant): Step => {
        const step = grantStep('remove', grant);
        return planRoles.has(grant.role) ? step : { ...step, takesBack: [`${grant.role}  planned nothing, found on ${grant.resource}`] };
      }),
    ],
    kept: keptOf(planned.length - missing.length),
    notes: absentSecrets(
      plan.project,
      missing.filter((grant) => !isThere(grant)),
    ),
  };
}

function absentSecrets(project: string, grants: readonly Grant[]): readonly string[] {
  const names = [...new Set(grants.map(({ resource }) => resource))].toSorted();
  return names.map((secret) =>
    secret.startsWith(`projects/${project}/`)
      ? `The secret ${secret} does not exist: nobody may read it yet. Once it does, run this again.`
      : `The secret ${secret} does not exist, or you may not see who reads it: nobody was let in. Once you may, run this again.`,
  );
}
