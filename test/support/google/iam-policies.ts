/** IAM policies of any resource: who has which role, with etags, as every API of Google keeps them. */
import { randomBytes } from 'node:crypto';
import { aborted, invalid, listOf, objectOf, textOf } from './rest';
import type { Document } from './rest';

/** One role and who has it. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: Document;
}

/** A resource's policy. */
export interface IamPolicy {
  readonly version: number;
  readonly etag: string;
  readonly bindings: readonly Binding[];
}

/** The policies of all resources, by resource name. */
export interface IamPolicies {
  readonly get: (resource: string) => IamPolicy;
  /**
   * @param body of setIamPolicy.
   * @throws 409 ABORTED where its etag is not the policy's, 400 where a member does not exist.
   */
  readonly set: (resource: string, body: Document) => IamPolicy;
  /** @returns whether the member has the role on the resource. */
  readonly has: (resource: string, role: string, member: string) => boolean;
  readonly remove: (resource: string) => void;
  /** An account is gone: its bindings stay, but are nobody's any more. */
  readonly forget: (email: string, uniqueId: string) => void;
  /** Every policy that binds anything. */
  readonly all: () => Readonly<Record<string, IamPolicy>>;
}

/** @param exists tells whether there is a service account of this email. */
export function createIamPolicies(exists: (email: string) => boolean): IamPolicies {
  const policies = new Map<string, IamPolicy>();
  const get = (resource: string): IamPolicy => policies.get(resource) ?? { version: 1, etag: 'ACAB', bindings: [] };

  const checkMember = (member: string): void => {
    const [, type, id] = /^([a-zA-Z]+):(.+)$/.exec(member) ?? [];
    if (member === 'allUsers' || member === 'allAuthenticatedUsers' || type === 'deleted') return;
    if (
      !type ||
      !id ||
      ![
        'user',
        'serviceAccount',
        'group',
        'domain',
        'principal',
        'principalSet',
        'projectOwner',
        'projectEditor',
        'projectViewer',
      ].includes(type)
    ) {
      throw invalid(`Invalid value for policy member: ${member}.`);
    }
    if (type === 'serviceAccount' && !exists(id)) throw invalid(`Service account ${id} does not exist.`);
  };

  return {
    get,
    set(resource, body) {
      const policy = objectOf(body['policy']);
      const present = get(resource);
      if (textOf(policy['etag']) !== '' && !isSame(textOf(policy['etag']), present.etag)) {
        throw aborted(
          'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request’s ETag did not match.',
        );
      }
      const bindings = listOf(policy['bindings']).map((binding) => {
        const { role, members, condition } = objectOf(binding);
        if (!/^(roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/.test(textOf(role))) {
          throw invalid(`Role ${textOf(role)} is not supported for this resource.`);
        }
        const texts = listOf(members).map(textOf);
        const known = present.bindings.filter((one) => one.role === role).flatMap((one) => one.members);
        texts.filter((member) => !known.includes(member)).forEach(checkMember);
        return {
          role: textOf(role),
          members: [...new Set(texts)].toSorted(),
          ...(condition !== undefined && { condition: objectOf(condition) }),
        };
      });
      const next = { version: 1, etag: randomBytes(8).toString('base64'), bindings: bindings.filter(({ members }) => members.length > 0) };
      policies.set(resource, next);
      return next;
    },
    has: (resource, role, member) =>
      get(resource).bindings.some((one) => one.role === role && (one.members.includes(member) || one.members.includes('allUsers'))),
    remove: (resource) => void policies.delete(resource),
    forget(email, uniqueId) {
      for (const [resource, policy] of policies) {
        const renamed = (member: string): string =>
          member === `serviceAccount:${email}` ? `deleted:serviceAccount:${email}?uid=${uniqueId}` : member;
        if (!policy.bindings.some(({ members }) => members.includes(`serviceAccount:${email}`))) continue;
        const bindings = policy.bindings.map((binding) => ({ ...binding, members: binding.members.map(renamed) }));
        policies.set(resource, { ...policy, etag: randomBytes(8).toString('base64'), bindings });
      }
    },
    all: () => Object.fromEntries([...policies].filter(([, { bindings }]) => bindings.length > 0)),
  };
}

/** Bytes in JSON come in both alphabets of base64 (ProtoJSON format). */
function isSame(one: string, other: string): boolean {
  return Buffer.from(one, 'base64').equals(Buffer.from(other, 'base64'));
}
