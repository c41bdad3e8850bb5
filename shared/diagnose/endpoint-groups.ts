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

/** Takes those that it tells of out of the open ones: first what fails whatever is spoken, then what fails in one protocol alone. */
export function endpointGroups(open: Map<string, Seen>, scene: Scene, refusals: Refusals): readonly Claim[] {
  return [
    ...groupsAt(wholePlaces, open, scene, isOfEndpoint),
    ...groupsAt(spokenPlaces, open, scene, (seen) => (isOfEndpoint(seen) && depthIn(seen) === 'service') || refusals.strikeAll(seen)),
  ];
}

function groupsAt(
  placesIn: (seen: Seen) => readonly Place[],
  open: Map<string, Seen>,
  { working }: Scene,
  isOfPlace: (seen: Seen) => boolean,
): readonly Claim[] {
  const healthy = new Set(working.flatMap((seen) => placesIn(seen).map(keyOf)));
  const pairs = [...open.values()]
    .filter(isOfPlace)
    .flatMap((root) => placesIn(root).flatMap((place) => (healthy.has(keyOf(place)) ? [] : [{ place, root }])));
  const groups = [...groupBy(pairs, ({ place }) => keyOf(place))].toSorted(([a, m], [b, n]) => n.length - m.length || compareTexts(a, b));
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
  const spoken = speaks === null ? undefined : (protocolNames[speaks] ?? speaks);
  return [
    {
      cause: `endpoint/${endpoint}`,
      title: `${spoken === undefined ? 'Nothing works' : `No ${spoken} works`} at ${endpoint}: ${first.reason.replaceAll('_', ' ')}`,
      owner: first.owner,
      reason: first.reason,
      confidence: 'high',
      evidence: [
        `${members.length} of ${members.length} targets seen there${spoken === undefined ? '' : ` that speak ${spoken}`} fail, e.g. ${told(first)}`,
      ],
      own: namesOf(members),
      claims: [],
    },
  ];
}
