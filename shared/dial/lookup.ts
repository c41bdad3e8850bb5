/** Names to addresses, by the resolver that every other program of the machine uses (getaddrinfo(3)). */
import { ADDRCONFIG } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import { readEnvironment } from '../environment';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** @returns the host without the brackets of an IPv6 literal in a URL. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/**
 * Look-ups under way, by name. The system's can't be given up: one whose attempt has ended goes on, keeps its thread, and is joined by
 * the next attempt at the same name instead of taking a further thread.
 */
const pending = new Map<string, Promise<readonly Address[]>>();

/** libuv lets look-ups have half of its threads, which are four unless the environment says otherwise (threadpool.c, "slow I/O"). */
const slots = Math.ceil((readEnvironment().threadPoolSize ?? 4) / 2);

/** A look-up under way. */
export interface Lookup {
  /** @returns whether it still waits for a thread: then nothing can be said of the resolver. */
  readonly isWaiting: () => boolean;
}

async function resolveName(name: string): Promise<readonly Address[]> {
  const found = await resolve(name, { all: true, hints: ADDRCONFIG, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/**
 * @returns the addresses of a host, IPv4 first; a literal address is its own answer. Families that this machine has no address of
 * are left out, since no client here would try them.
 * @param lookingUp told when the resolver has to be asked.
 * @throws errors with the resolver's code: ENOTFOUND, EAI_AGAIN…
 */
export async function lookup(host: string, lookingUp: (lookup: Lookup) => void = () => {}): Promise<readonly Address[]> {
  const name = bareHost(host);
  const literal = isIP(name);
  if (literal === 4 || literal === 6) return [{ address: name, family: literal }];
  lookingUp({ isWaiting: () => [...pending.keys()].indexOf(name) >= slots });
  const underWay = pending.get(name);
  if (underWay) return underWay;
  const started = resolveName(name).finally(() => pending.delete(name));
  pending.set(name, started);
  return started;
}
