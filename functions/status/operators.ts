/** Who may act: the members that `status.operators` names. */
import { Fault } from '../../shared/fault';
import type { IsMember } from './groups';
import type { Identity } from './identity';

/** @returns why this one may not act, a sentence; undefined for an operator. */
export type Refusal = (identity: Identity) => Promise<string | undefined>;

/** Only service accounts have such addresses (IAM, "Service accounts overview"). */
const isServiceAccount = (address: string): boolean => address.endsWith('.gserviceaccount.com');

function memberOf(member: string): { readonly type: string; readonly value: string } {
  const colon = member.indexOf(':');
  return { type: member.slice(0, colon), value: member.slice(colon + 1).toLowerCase() };
}

/**
 * `domain:` means the accounts that the domain's administrators look after, by the token's `hd`: anybody can make an account of his own
 * with an address of any domain (OpenID Connect at Google, "An ID token's payload"). `principal:` and `principalSet:` have no address.
 * @param operators members as IAM writes them
 */
export function refusalOf(operators: readonly string[], isMember: IsMember): Refusal {
  const members = operators.map(memberOf);
  const groups = members.filter(({ type }) => type === 'group').map(({ value }) => value);
  return async ({ address, domain }) => {
    if (members.length === 0) return 'nobody may act here: the configuration names no status.operators';
    const own = isServiceAccount(address) ? 'serviceAccount' : 'user';
    const isNamed = ({ type, value }: (typeof members)[number]): boolean =>
      (type === own && value === address) || (type === 'domain' && value === domain);
    if (members.some(isNamed)) return undefined;
    const asked = await Promise.all(
      groups.map(async (group) => {
        try {
          return await isMember(address, group);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          return `whether ${address} is in the group ${group} could not be looked up: ${error.message}`;
        }
      }),
    );
    if (asked.includes(true)) return undefined;
    const problem = asked.find((each) => typeof each === 'string');
    return problem ?? `${address} is none of the status.operators of the configuration`;
  };
}
