/** How many places targets lie at: one that is down takes all targets on it along, so that they say no more than one does. */
import type { Scene, Seen } from '../scene';

/** What tells two targets' places apart. */
const placeOf = ({ node }: Seen): string =>
  node.endpoints.length > 0 ? node.endpoints.join() : node.credentials.length > 0 ? `secret ${node.credentials.join()}` : node.name;

/** @returns how many places there are. */
export const places = (all: readonly Seen[]): number => new Set(all.map(placeOf)).size;

/** Public targets on fewer hosts than these may fail at the same time by chance, or for one of their owners. */
export const fewestHosts = 3;

/** @returns how many hosts there are. */
export const hostsOf = (all: readonly Seen[]): number => new Set(all.flatMap(({ node }) => node.hosts)).size;

/** @returns the targets of which it could be told whether they work. */
export const definitive = ({ failing, working }: Scene): readonly Seen[] => [...failing, ...working];
