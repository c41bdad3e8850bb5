/** Addresses that a monitor must not be led to: link-local ones and the metadata servers behind them. */
import { BlockList, isIP } from 'node:net';
import { bareHost } from './lookup';

// IPv4: RFC 3927; IPv6: RFC 4291, 2.5.6; the last is the IPv6 address of a metadata server.
const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');

const refusedNames = new Set(['metadata', 'metadata.google.internal', 'metadata.goog']);

/**
 * @param host a name or a literal address; forms that only a resolver understands are judged once they are resolved.
 * @param allowed hosts and addresses that the configuration lists in `allowLinkLocal`.
 * @returns whether connecting to it has to be refused.
 */
export function isLinkLocal(host: string, allowed: readonly string[]): boolean {
  const name = bareHost(host).toLowerCase().replace(/\.$/, '').replace(/%.*$/, '');
  if (allowed.some((item) => bareHost(item).toLowerCase() === name)) return false;
  const family = isIP(name);
  // BlockList also sees through IPv4-mapped IPv6 addresses.
  return family === 0 ? refusedNames.has(name) : refused.check(name, family === 6 ? 'ipv6' : 'ipv4');
}
