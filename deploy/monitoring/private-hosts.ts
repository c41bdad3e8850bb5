/** Hosts that nobody outside a private network can reach. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { canonicalHost, isLinkLocal } from '../../shared/hosts';

const privateRanges = new BlockList();
// IANA, "Special-Purpose Address Registry": not globally reachable.
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  privateRanges.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['ff00::', 8],
] as const)
  privateRanges.addSubnet(network, prefix, 'ipv6');

/** Names of private use (RFC 6761, RFC 6762, RFC 9476; Compute Engine, "Internal DNS"; ICANN's `internal`). */
const privateNames = /(^|\.)(localhost|local|internal|invalid|test|example|onion|alt|home\.arpa)$/;

/** @returns whether a host is surely private: a private address, a name of private use, or one without a dot. */
export function isPrivateHost(host: string): boolean {
  const name = canonicalHost(host);
  if (isLinkLocal(name)) return true;
  if (isIP(name) === 0) return !name.includes('.') || privateNames.test(name);
  return privateRanges.check(name, isIPv6(name) ? 'ipv6' : 'ipv4');
}
