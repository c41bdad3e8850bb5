/** Ways to a target: by the VPC, from outside, over a socket, or none; from addresses and names as the configuration shows them. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Network } from '../config/config';

/**
 * How the prober gets there. `vpc`: by the connector or Direct VPC egress. `outside`: by the internet. `socket`: a unix socket that the
 * platform mounts. `none`: nothing is dialled, as for the control plane.
 */
export type Way = 'vpc' | 'outside' | 'socket' | 'none';

/**
 * What the egress setting `private-ranges-only` sends into the VPC: the private ranges of RFC 1918 and RFC 6598, and those of Private
 * Google Access (Cloud Run, "Private networking"); what stays in the machine is no internet either.
 */
const inside = new BlockList();
for (const [range, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['199.36.153.4', 30],
  ['199.36.153.8', 30],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const)
  inside.addSubnet(range, bits, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addSubnet('::1', 128, 'ipv6');

/** @returns whether a host is an address rather than a name. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** What decides the way to a target. */
export interface Lead {
  readonly hosts: readonly string[];
  readonly isSocket: boolean;
  readonly isPublic: boolean;
}

/** @returns whether what is dialled lies outside the VPC; what only a secret knows lies inside, unless it is said to be public. */
export function liesOutside({ hosts, isSocket, isPublic }: Lead, publicHosts: ReadonlySet<string>): boolean {
  if (isSocket) return false;
  const isOutside = (host: string): boolean =>
    publicHosts.has(host) || (isAddress(host) && !inside.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'));
  return isPublic || (hosts.length > 0 && hosts.every(isOutside));
}

/** @returns the way to what is dialled: with the egress setting `all`, what lies outside is reached through the VPC as well. */
export function wayTo(lead: Lead, { egress }: Pick<Network, 'egress'>, publicHosts: ReadonlySet<string>): Way {
  if (lead.isSocket) return 'socket';
  return egress !== 'all' && liesOutside(lead, publicHosts) ? 'outside' : 'vpc';
}
