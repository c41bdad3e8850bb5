/** Several targets lead to one endpoint, and none of those works that lead there, or that speak so with it. */
import { groupBy } from '../group';
import type { Reason } from '../reasons';
import { namesOf, told, type Claim } from './claim';
import { spokenAt, type Refusals } from './refusals';
import { depthIn, depthOf, placesOf } from './rules';
import { commonReason, compareTexts, type Scene, type Seen } from './scene';

/** Reasons by which a whole endpoint is out of order, not only one of its paths. */
const ofEndpoints: ReadonlySet<Reason> = new Set([
  'connection_reset',
  'tls_handshake',
  'tls_not_offered',
  'bad_gateway',
  'overloaded',
  'shutting_down',
  'starting_up',
  'timeout',
  'unexpected_status',
  'unexpected_close',
  'protocol_error',
  'upgrade_rejected',
]);

const isOfEndpoint = ({ reason }: Seen): boolean => depthOf(reason) === 'reach' || ofEndpoints.has(reason);

/** A place at which targets fail together. */
interface Place {
  readonly endpoint: string;
  /** Null: whatever is spoken. */
  readonly speaks: string | null;
}

const keyOf = ({ endpoint, speaks }: Place): string => (speaks === null ? endpoint : spokenAt(endpoint, speaks));

/** A journey goes as far as its steps, each of which speaks in its own way. */
function spokenPlaces(seen: Seen): readonly Place[] {
  return placesOf(seen).places.flatMap(({ speaks, endpoints }) =>
    speaks === null ? [] : endpoints.map((endpoint): Place => ({ endpoint, speaks })),
  );
}

const wholePlaces = (seen: Seen): readonly Place[] =>
  [...new Set(placesOf(seen).places.flatMap(({ endpoints }) => endpoints))].map((endpoint) => ({ endpoint, speaks: null }));

/** A journey of which nobody knows the step goes with those that fail for the same reason. */
function withoutStrays(members: readonly Seen[]): readonly Seen[] {
  const isSure = (seen: Seen): boolean => placesOf(seen).isSure;
  return members.filter((seen) => isSure(seen) || members.some((other) => other !== seen && other.reason === seen.reason));
}

/** What the targets at a place have in common that fail there; undefined where one of them works. */
type Grouping = (place: Place, root: Seen) => string | undefined;

/** Nothing works at an endpoint, whatever is spoken. */
function whole({ working }: Scene): Grouping {
  const healthy = new Set(working.flatMap((seen) => wholePlaces(seen).map(keyOf)));
  return (place, root) => (isOfEndpoint(root) && !healthy.has(keyOf(place)) ? keyOf(place) : undefined);
}

/**
 * No target of a protocol works at an endpoint. A journey that does comes with other credentials, and may be older: then those that fail
 * for the same reason are one.
 */
function spoken({ working }: Scene, { strikeAll }: Refusals): Grouping {
  const isJourney = ({ node }: Seen): boolean => node.steps !== null;
  const keysOf = (all: readonly Seen[]): ReadonlySet<string> => new Set(all.flatMap((seen) => spokenPlaces(seen).map(keyOf)));
  const healthy = keysOf(working.filter((seen) => !isJourney(seen)));
  const passed = keysOf(working.filter(isJourney));
  return (place, root) => {
    const key = keyOf(place);
    if (healthy.has(key) || !((isOfEndpoint(root) && depthIn(root) === 'service') || strikeAll(root))) return undefined;
    return passed.has(key) ? `${key} ${root.reason}` : key;
  };
}

/** Takes those that it tells of out of the open ones: first what fails whatever is spoken, then what fails in one protocol alone. */
export function endpointGroups(open: Map<string, Seen>, scene: Scene, refusals: Refusals): readonly Claim[] {
  return [...groupsAt(wholePlaces, whole(scene), open), ...groupsAt(spokenPlaces, spoken(scene, refusals), open)];
}

function groupsAt(placesIn: (seen: Seen) => readonly Place[], grouping: Grouping, open: Map<string, Seen>): readonly Claim[] {
  const pairs = [...open.values()].flatMap((root) =>
    placesIn(root).flatMap((place) => {
      const key = grouping(place, root);
      return key === undefined ? [] : [{ key, place, root }];
    }),
  );
  const groups = [...groupBy(pairs, ({ key }) => key)].toSorted(([a, m], [b, n]) => n.length - m.length || compareTexts(a, b));
  return groups.flatMap(([, found]): readonly Claim[] => {
    const [first] = found;
    const roots = new Set(found.map(({ root }) => root).filter(({ node }) => open.has(node.name)));
    const members = withoutStrays([...roots]).toSorted((a, b) => compareTexts(a.node.name, b.node.name));
    if (!first || members.length < 2) return [];
    for (const { node } of members) open.delete(node.name);
    return claimOf(first.place, members);
  });
}

const protocolNames: Readonly<Record<string, string>> = { http: 'HTTP', websocket: 'WebSocket', tcp: 'TCP' };

function claimOf({ endpoint, speaks }: Place, members: readonly Seen[]): readonly Claim[] {
  const reason = commonReason(members);
  const first = members.find((member) => member.reason === reason);
  if (!first) return [];
  const protocol = speaks === null ? undefined : (protocolNames[speaks] ?? speaks);
  const title = protocol === undefined ? `Nothing works at ${endpoint}` : `Targets that speak ${protocol} at ${endpoint} fail`;
  const count = `${members.length} of ${members.length} targets seen there`;
  const whom = protocol === undefined ? count : `${members.length} targets that speak ${protocol} there`;
  return [
    {
      cause: `endpoint/${endpoint}`,
      title: `${title}: ${first.reason.replaceAll('_', ' ')}`,
      owner: first.owner,
      reason: first.reason,
      confidence: 'high',
      evidence: [`${whom} fail, e.g. ${told(first)}`],
      own: namesOf(members),
      claims: [],
    },
  ];
}
