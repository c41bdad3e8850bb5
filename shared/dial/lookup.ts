/** Names to addresses, by the resolver that every other program of the machine uses (getaddrinfo(3)). */
import { ADDRCONFIG } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** @returns the host without the brackets of an IPv6 literal in a URL. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/**
 * @returns the addresses of a host, IPv4 first; a literal address is its own answer. Families that this machine has no address of
 * are left out, since no client here would try them.
 * @throws errors with the resolver's code: ENOTFOUND, EAI_AGAIN…
 */
export async function lookup(host: string): Promise<readonly Address[]> {
  const name = bareHost(host);
  const literal = isIP(name);
  if (literal === 4 || literal === 6) return [{ address: name, family: literal }];
  const found = await resolve(name, { all: true, hints: ADDRCONFIG, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
