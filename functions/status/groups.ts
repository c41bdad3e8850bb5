/** Whether somebody is a member of a group, by Cloud Identity. */
import type { RestApis } from '../../shared/cloud/cloud';
import { Fault } from '../../shared/fault';

/** Tells whether the address is a member of the group, also by way of other groups. Throws a Fault where that can't be told. */
export type IsMember = (address: string, group: string) => Promise<boolean>;

/** Whoever was taken out of a group can act for no longer than this. */
const keepMs = 120_000;
const limitMs = 6_000;
const mostKept = 1_000;

/** A text in an expression (CEL, "String and Bytes Values"). */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const isDenied = (error: unknown): error is Fault => error instanceof Fault && error.reason === 'api_denied';
const isMissing = (error: unknown): boolean => error instanceof Fault && error.reason === 'resource_missing';

/**
 * Asks `groups.lookup` and `groups.memberships.checkTransitiveMembership` (Cloud Identity API v1). The latter is refused unless the
 * edition of Workspace or Cloud Identity has it; then `groups.memberships.lookup` tells of direct members at least.
 * @param now milliseconds since 1970
 */
export function memberships(rest: () => Pick<RestApis, 'get'>, now: () => number): IsMember {
  const known = new Map<string, { readonly isMember: boolean; readonly at: number }>();

  const isDirect = async (parent: string, address: string, signal: AbortSignal): Promise<boolean> => {
    try {
      await rest().get('cloudidentity', `/v1/${parent}/memberships:lookup?memberKey.id=${encodeURIComponent(address)}`, signal);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  };

  const ask = async (address: string, group: string): Promise<boolean> => {
    const signal = AbortSignal.timeout(limitMs);
    const lookup = `/v1/groups:lookup?groupKey.id=${encodeURIComponent(group)}`;
    const { name } = (await rest().get('cloudidentity', lookup, signal)) as { readonly name?: unknown };
    if (typeof name !== 'string' || !/^groups\/[^/]+$/.test(name))
      throw new Fault('api_unavailable', 'cloudidentity: the group has no name');
    const query = encodeURIComponent(`member_key_id == ${quoted(address)}`);
    try {
      const path = `/v1/${name}/memberships:checkTransitiveMembership?query=${query}`;
      const { hasMembership } = (await rest().get('cloudidentity', path, signal)) as { readonly hasMembership?: unknown };
      return hasMembership === true;
    } catch (error) {
      if (!isDenied(error)) throw error;
      if (await isDirect(name, address, signal)) return true;
      // Whether there is another way into the group is not known.
      throw error;
    }
  };

  return async (address, group) => {
    const key = JSON.stringify([address, group]);
    const last = known.get(key);
    if (last && now() - last.at >= 0 && now() - last.at < keepMs) return last.isMember;
    const at = now();
    const isMember = await ask(address, group);
    if (known.size >= mostKept) known.clear();
    known.set(key, { isMember, at });
    return isMember;
  };
}
