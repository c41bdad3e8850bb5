/** Changes of IAM policies: read, change, write back with the etag. */
import { listOf, objectOf, textOf } from '../rest';
import type { Document } from '../rest';
import { required } from './command';
import type { Given } from './command';
import { GcloudError } from './session';
import type { Asked, Session } from './session';

/** A resource's policy, and how its API reads and writes it. */
export interface PolicyAccess {
  readonly api: string;
  /** Without the method. */
  readonly resource: string;
  readonly reading: 'GET' | 'POST';
  /** Where the wanted version of the policy stands in the reading request; absent: nothing is said. */
  readonly version?: 'query' | 'body';
  /** What the written policy says; absent: what was read. */
  readonly writes?: 3;
}

/** @returns the policy. */
export async function readPolicy({ api, resource, reading, version }: PolicyAccess, { ask }: Session): Promise<Document> {
  const asked: Asked = { api, method: reading, path: `${resource}:getIamPolicy` };
  if (version === 'query') return ask({ ...asked, query: { 'options.requestedPolicyVersion': '3' } });
  return ask(version === 'body' ? { ...asked, body: { options: { requestedPolicyVersion: 3 } } } : asked);
}

/** Writes a policy back with other bindings. */
async function writePolicy(
  { api, resource, writes }: PolicyAccess,
  policy: Document,
  bindings: readonly object[],
  { ask }: Session,
): Promise<Document> {
  const { bindings: _bindings, ...rest } = policy;
  const written = { ...rest, ...(bindings.length > 0 && { bindings }), ...(writes && { version: writes }) };
  return ask({ api, method: 'POST', path: `${resource}:setIamPolicy`, body: { policy: written } });
}

function bindingsOf(policy: Document): { readonly role: string; readonly members: readonly string[] }[] {
  return listOf(policy['bindings']).map((binding) => {
    const { role, members } = objectOf(binding);
    return { ...objectOf(binding), role: textOf(role), members: listOf(members).map(textOf) };
  });
}

/** Gives a role to a member. */
export async function addBinding(access: PolicyAccess, role: string, member: string, session: Session): Promise<Document> {
  const policy = await readPolicy(access, session);
  const present = bindingsOf(policy);
  const found = present.find((binding) => binding.role === role);
  const bindings = found
    ? present.map((binding) =>
        binding !== found || binding.members.includes(member) ? binding : { ...binding, members: [...binding.members, member] },
      )
    : [...present, { role, members: [member] }];
  return writePolicy(access, policy, bindings, session);
}

/** Takes a role from a member. @throws GcloudError where they don't have it, unless `lenient` */
export async function removeBinding(
  access: PolicyAccess,
  role: string,
  member: string,
  session: Session,
  lenient = false,
): Promise<Document> {
  const policy = await readPolicy(access, session);
  const present = bindingsOf(policy);
  if (!lenient && !present.some((binding) => binding.role === role && binding.members.includes(member))) {
    throw new GcloudError('Policy binding with the specified principal, role, and condition not found!');
  }
  const bindings = present
    .map((binding) => (binding.role === role ? { ...binding, members: binding.members.filter((one) => one !== member) } : binding))
    .filter(({ members }) => members.length > 0);
  return writePolicy(access, policy, bindings, session);
}

/** Carries out `add-iam-policy-binding` or `remove-iam-policy-binding`. */
export async function changeBinding(given: Given, access: PolicyAccess, session: Session): Promise<Document> {
  const change = given.command.includes('remove-') ? removeBinding : addBinding;
  return change(access, required(given, 'role'), required(given, 'member'), session);
}
