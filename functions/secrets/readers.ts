/** Tells from IAM policies whether a member may read the values of a secret (IAM, "Policy reference"; Secret Manager, "Access control"). */
import type { IamBinding } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';
import { isMonitors } from '../../shared/reasons';
import { breach, type Breach } from './breach';

/** Whether a member may read: surely, surely not by this policy, or the policy does not say. */
export type Reading = 'granted' | 'unclear' | 'denied';

/** The predefined roles that hold secretmanager.versions.access. */
const readingRoles: ReadonlySet<string> = new Set(['roles/secretmanager.secretAccessor', 'roles/secretmanager.admin', 'roles/owner']);

/** Members that stand for others whom the policy does not name. */
const opaque = /^(group|domain|principalSet|projectOwner|projectEditor|projectViewer):/;

/** Addresses know no case; identifiers of federated principals do. */
function canonical(member: string): string {
  return /^(user|group|serviceAccount|domain):/i.test(member) ? member.toLowerCase() : member;
}

function isEverybody(bound: string, member: string): boolean {
  return bound === 'allUsers' || (bound === 'allAuthenticatedUsers' && !/^principal(Set)?:/.test(member));
}

/** Accounts of services belong to no Workspace domain. */
function mayInclude(bound: string, member: string): boolean {
  return opaque.test(bound) && !(bound.startsWith('domain:') && member.startsWith('serviceAccount:'));
}

/** @returns what one policy says of a member. */
export function readingOf(member: string, bindings: readonly IamBinding[]): Reading {
  const readings = bindings.map(({ role, members, conditional }): Reading => {
    const isCustom = !role.startsWith('roles/');
    if (!isCustom && !readingRoles.has(role)) return 'denied';
    const names = members.some((bound) => canonical(bound) === canonical(member) || isEverybody(bound, member));
    if (names && !conditional && !isCustom) return 'granted';
    return names || members.some((bound) => mayInclude(bound, member)) ? 'unclear' : 'denied';
  });
  if (readings.includes('granted')) return 'granted';
  return readings.includes('unclear') ? 'unclear' : 'denied';
}

/** @returns the members who may not read, or of whom the policies that were read don't tell. */
export function readerBreaches(members: readonly string[], policies: readonly (readonly IamBinding[] | Fault)[]): readonly Breach[] {
  const read = policies.filter((policy): policy is readonly IamBinding[] => !(policy instanceof Fault));
  const unread = policies.find((policy): policy is Fault => policy instanceof Fault);
  return members.flatMap((member) => {
    const readings = read.map((bindings) => readingOf(member, bindings));
    if (readings.includes('granted')) return [];
    const doubt = `whether ${member} may read it can't be told`;
    if (readings.includes('unclear'))
      return [breach('api_denied', `${doubt}: a condition, a group, a domain or a custom role decides, which the monitor can't look into`)];
    if (unread)
      return unread.reason === 'secret_missing'
        ? []
        : [breach(isMonitors(unread.reason) ? unread.reason : 'api_denied', `${doubt}: ${unread.message}`)];
    return [
      breach('secret_denied', `${member} may not read it: no role with secretmanager.versions.access, on the secret or on its project`),
    ];
  });
}
