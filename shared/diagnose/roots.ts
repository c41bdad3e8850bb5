/** Turns failing targets that nothing explains into causes: each by itself, or several that share a server or an endpoint. */
import type { Reason } from '../reasons';
import { list, namesOf, reasonsOf, told, type Claim } from './claim';
import { endpointGroups } from './endpoint-groups';
import type { Node } from './graph';
import { refusalsIn } from './refusals';
import { breaksOthers, depthOf } from './rules';
import { commonReason, compareTexts, works, type Scene, type Seen } from './scene';
import type { Server } from './servers';

const titles = { cloudSql: 'Cloud SQL instance', memorystore: 'Memorystore instance' } as const;
const prefixes = { cloudSql: 'cloud-sql', memorystore: 'memorystore' } as const;

const isServer = (type: string | undefined): type is keyof typeof prefixes => type === 'cloudSql' || type === 'memorystore';

/** @returns the causes of these roots. */
export function claimsOfRoots(all: readonly Seen[], scene: Scene): readonly Claim[] {
  const refusals = refusalsIn(scene);
  // What refuses everybody is the service, and no credential.
  const roots = all.map((root): Seen => (refusals.strikeAll(root) ? { ...root, owner: 'application' } : root));
  const open = new Map(roots.map((root) => [root.node.name, root]));
  const groups = [
    ...scene.graph.servers.flatMap((server) => serverGroup(server, open, scene)),
    ...balancerGroups(open, scene),
    ...endpointGroups(open, scene, refusals),
  ];
  return [...groups, ...[...open.values()].map((root) => single(root, scene))];
}

/** Ways in which a server that is lost shows itself: one target on it may time out while another is refused. */
const ofServers: ReadonlySet<Reason> = new Set([
  'connection_reset',
  'out_of_memory',
  'overloaded',
  'shutting_down',
  'starting_up',
  'timeout',
  'too_many_connections',
  'unexpected_close',
]);

const isOfServer = ({ reason }: Seen): boolean => depthOf(reason) === 'reach' || ofServers.has(reason);

/** @returns those of them that fail for want of the server, or else those that fail for the reason that most have. */
function alikeOf(failing: readonly Seen[]): readonly Seen[] {
  const lost = failing.filter(isOfServer);
  const reason = commonReason(failing);
  return lost.length >= 2 ? lost : failing.filter((seen) => seen.reason === reason);
}

/** All that lives on one server fails alike, whatever the control plane says of it. */
function serverGroup({ resource, checks, members }: Server, open: Map<string, Seen>, scene: Scene): readonly Claim[] {
  const known = members.flatMap((member) => scene.seen.get(member) ?? []);
  const failing = members.flatMap((member) => open.get(member) ?? []);
  if (failing.length < 2 || known.some(works) || !isServer(resource.type)) return [];
  const alike = alikeOf(failing).toSorted((a, b) => compareTexts(a.node.name, b.node.name));
  const reason = commonReason(alike);
  const first = alike.find((seen) => seen.reason === reason);
  if (!first || alike.length < 2) return [];
  for (const { node } of alike) open.delete(node.name);
  const well = checks.filter((name) => [scene.seen.get(name)].some((check) => check && works(check)));
  return [
    {
      cause: `${prefixes[resource.type]}/${resource.name}`,
      title: `All that leads to the ${titles[resource.type]} ${resource.name} fails: ${plain(first.reason)}`,
      owner: first.owner,
      reason: first.reason,
      confidence: 'medium',
      evidence: [
        `${alike.length} of ${known.length} targets on it fail (${reasonsOf(alike)}): ${list(namesOf(alike))}`,
        ...well.map((name) => `${name}: the control plane says that it is well`),
      ],
      own: namesOf(alike),
      claims: [],
    },
  ];
}

/** What goes wrong in front of a service, rather than in it. */
const ofFronts: ReadonlySet<Reason> = new Set(['connection_reset', 'tls_handshake', 'tls_not_offered']);
const ofGateways: ReadonlySet<Reason> = new Set(['bad_gateway', 'overloaded']);

/** Nothing works of all that needs a load balancer, on several hosts: what they have in common is in front of them. */
function balancerGroups(open: Map<string, Seen>, { graph, seen }: Scene): readonly Claim[] {
  const balancers = [...graph.nodes.values()].filter(({ resource }) => resource?.type === 'backendService');
  if (balancers.length === 0) return [];
  const needing = new Map<string, Node[]>();
  for (const node of graph.nodes.values()) for (const name of node.needs) needing.set(name, [...(needing.get(name) ?? []), node]);
  const working = [...seen.values()].filter((each) => works(each));
  const healthy = new Set(working.flatMap(({ node }) => node.endpoints));
  const answering = new Set(working.flatMap(({ node }) => (node.kind === 'tcp' ? [] : node.endpoints)));
  const isOfFront = ({ node, reason }: Seen): boolean => {
    // A gateway that has no backend still makes connections.
    const well = ofGateways.has(reason) ? answering : healthy;
    return (depthOf(reason) === 'reach' || ofGateways.has(reason) || ofFronts.has(reason)) && !node.endpoints.some((end) => well.has(end));
  };
  return balancers.flatMap(({ name, resource }): readonly Claim[] => {
    const needed = (needing.get(name) ?? []).filter(({ way }) => way !== 'none');
    const known = needed.flatMap((node) => seen.get(node.name) ?? []);
    const lost = known.filter((each) => open.has(each.node.name) && isOfFront(each));
    const isGateway = lost.every(({ reason }) => ofGateways.has(reason));
    const idle = isGateway ? known.filter((each) => works(each) && each.node.kind === 'tcp').length : 0;
    const hosts = new Set(lost.flatMap(({ node }) => node.hosts));
    // What was not seen may well work.
    if (hosts.size < 2 || lost.length + idle < needed.length) return [];
    for (const { node } of lost) open.delete(node.name);
    const reason = commonReason(lost) ?? 'bad_gateway';
    const check = seen.get(name);
    return [
      {
        cause: `load-balancer/${resource?.name ?? name}`,
        title: `Nothing works behind the load balancer ${resource?.name ?? name}: ${plain(reason)}`,
        owner: 'infrastructure',
        reason,
        confidence: 'medium',
        evidence: [
          `${lost.length} of ${known.length} targets that need it fail, on ${hosts.size} hosts (${reasonsOf(lost)}): ${list(namesOf(lost))}`,
          ...(check && works(check) ? [`${name}: the control plane says that it is well`] : []),
        ],
        own: namesOf(lost),
        claims: [],
      },
    ];
  });
}

/** A target that is a cause by itself. */
function single(root: Seen, { seen }: Scene): Claim {
  const { node, reason, owner } = root;
  const { resource } = node;
  const needed = node.needs.map((name) => ({ name, found: seen.get(name) }));
  const dark = needed.filter(({ found }) => found === undefined || found.outcome === 'unknown').map(({ name }) => name);
  const weak = needed.flatMap(({ found }) => (found?.outcome === 'degraded' ? [found] : []));
  const isWhole = resource && isServer(resource.type) && breaksOthers(root);
  return {
    cause: isWhole && isServer(resource.type) ? `${prefixes[resource.type]}/${resource.name}` : `target/${node.name}`,
    title:
      isWhole && isServer(resource.type)
        ? `The ${titles[resource.type]} ${resource.name} is not as it should be: ${plain(reason)}`
        : `${node.name} fails: ${plain(reason)}`,
    owner,
    reason,
    confidence: dark.length > 0 ? 'medium' : 'high',
    evidence: [
      told(root),
      ...weak.map((found) => `${told(found)}; ${node.name} needs it`),
      ...(dark.length > 0 ? [`nothing is known of ${list(dark)}, which it needs`] : []),
    ],
    own: [node.name],
    claims: [],
  };
}

const plain = (reason: Reason): string => reason.replaceAll('_', ' ');
