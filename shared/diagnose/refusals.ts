/** Refused logins: whether a service refuses one credential, or everybody. */
import { placesOf, servers } from './rules';
import type { Scene, Seen } from './scene';

/** An endpoint and what is spoken there. */
export const spokenAt = (endpoint: string, speaks: string): string => `${endpoint} ${speaks}`;

/** What is known of whoever is refused. */
export interface Refusals {
  /**
   * Whether somebody who does not hold this secret is refused at the same endpoint, speaking the same, too: then the secret is not why.
   * `sure` counts only those journeys that are known to have been let in with their own credentials, and were refused at a later step.
   */
  readonly strikeOthers: (seen: Seen, secret: string, sure?: 'sure') => boolean;
  /** Whether a service refuses whoever comes, with whichever credential. */
  readonly strikeAll: (seen: Seen) => boolean;
}

/** The refused at one place. */
interface Place {
  total: number;
  /** By the secret that they hold. */
  readonly holding: Map<string, number>;
}

type Places = Map<string, Place>;

function count(places: Places, { node }: Seen, keys: ReadonlySet<string>): void {
  for (const key of keys) {
    const place = places.get(key) ?? { total: 0, holding: new Map<string, number>() };
    places.set(key, place);
    place.total += 1;
    for (const secret of node.credentials) place.holding.set(secret, (place.holding.get(secret) ?? 0) + 1);
  }
}

const keysOf = (seen: Seen): ReadonlySet<string> =>
  new Set(placesOf(seen).places.flatMap(({ speaks, endpoints }) => (speaks === null ? [] : endpoints.map((end) => spokenAt(end, speaks)))));

const others = (place: Place | undefined, secret: string): boolean => place !== undefined && place.total > (place.holding.get(secret) ?? 0);

/** @returns whether the first step of a journey went well, and a later one is where it failed. */
function wasLetIn({ node, observation }: Seen): boolean {
  const [first] = node.steps?.keys() ?? [];
  const findings = observation.findings ?? [];
  return (
    first !== undefined &&
    findings.some(({ outcome }) => outcome === 'failure') &&
    !findings.some(({ subject, outcome }) => subject === first && outcome === 'failure')
  );
}

/** Gathers who is refused where. */
export function refusalsIn({ failing, working }: Scene): Refusals {
  const all: Places = new Map();
  const sure: Places = new Map();
  for (const seen of failing.filter(({ reason }) => reason === 'credentials_rejected')) {
    const keys = keysOf(seen);
    count(all, seen, keys);
    if (wasLetIn(seen)) count(sure, seen, keys);
  }
  const letIn = new Set(working.flatMap((seen) => [...keysOf(seen)]));
  const isOfAll = (key: string): boolean => {
    const place = all.get(key);
    return place !== undefined && place.total > 1 && !letIn.has(key) && [...place.holding.values()].every((each) => each < place.total);
  };
  return {
    strikeOthers: (seen, secret, only) => [...keysOf(seen)].some((key) => others((only === 'sure' ? sure : all).get(key), secret)),
    strikeAll: (seen) => seen.reason === 'credentials_rejected' && !servers.has(seen.node.kind) && [...keysOf(seen)].some(isOfAll),
  };
}
