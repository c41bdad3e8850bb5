/** `GET /api/dependencies`: who needs whom, and what is broken among it. */
import type { Config } from '../../shared/config/config';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { Graph, Node } from '../../shared/diagnose/graph';
import { dependenciesOf } from '../../shared/diagnose/picture';
import { groupBy } from '../../shared/group';
import type { DependenciesAnswer, DependencyNode } from '../../shared/status/state';
import type { Overview } from './overview';
import type { Everything } from './reading';
import { readingOf } from './told';

type Edge = DependenciesAnswer['edges'][number];

const targetId = (name: string): string => `target/${name}`;
const secretId = (name: string): string => `secret/${name}`;

/** The way into the VPC, as it is drawn: the target that checks it, or a node of its own where none does. */
interface Way {
  readonly id: string;
  /** Of a node of its own. */
  readonly label: string | null;
}

function wayIn({ nodes, connector }: Graph, { network }: Pick<Config, 'network'>): Way | undefined {
  if (connector !== undefined) {
    const check = [...nodes.values()].find(({ resource }) => resource?.type === 'vpcConnector' && resource.name === connector);
    return check ? { id: targetId(check.name), label: null } : { id: 'vpc-connector', label: `VPC connector ${connector}` };
  }
  return network.network === undefined ? undefined : { id: 'vpc-network', label: `VPC network ${network.network}` };
}

const titles: Readonly<Record<string, string>> = {
  'vpc-connector': 'VPC connector',
  'vpc-network': 'VPC network',
  network: 'network',
  dns: 'DNS',
  certificate: 'certificate',
  'load-balancer': 'load balancer',
  secret: 'secret',
  'cloud-sql': 'Cloud SQL',
  memorystore: 'Memorystore',
  endpoint: 'endpoint',
  prober: 'the monitor',
};

/** @returns a cause in a few words, e.g. `certificate api.example.com`. */
function labelOf(cause: string): string {
  const slash = cause.indexOf('/');
  const type = slash === -1 ? cause : cause.slice(0, slash);
  return slash === -1 ? (titles[type] ?? type) : `${titles[type] ?? type} ${cause.slice(slash + 1)}`;
}

const causesOfResources: Readonly<Record<string, string>> = {
  cloudSql: 'cloud-sql',
  memorystore: 'memorystore',
  certificate: 'certificate',
};

/** @returns the names by which a cause may speak of the target itself. */
function causesOfTarget({ name, resource }: Node, way: string | undefined): readonly string[] {
  const prefix = resource && causesOfResources[resource.type];
  return [
    targetId(name),
    ...(resource && prefix !== undefined ? [`${prefix}/${resource.name}`] : []),
    ...(way === targetId(name) ? ['vpc-connector'] : []),
  ];
}

/** @returns who leads to a node, also by way of others, the node itself included. */
function leadersOf(edges: readonly Edge[]): (to: string) => ReadonlySet<string> {
  const before = groupBy(edges, ({ to }) => to);
  return (to) => {
    const found = new Set([to]);
    // A set goes on over what is added to it meanwhile.
    for (const id of found) for (const { from } of before.get(id) ?? []) found.add(from);
    return found;
  };
}

/** @returns what needs what, each once; of the secrets only those that are drawn. */
function linesOf(nodes: readonly Node[], secrets: ReadonlySet<string>): readonly Edge[] {
  const drawn = dependenciesOf(nodes).filter(({ to, by }) => by !== 'secret' || secrets.has(to));
  return drawn.map(({ from, to, by }) => ({ from: targetId(from), to: by === 'secret' ? secretId(to) : targetId(to) }));
}

/** @returns lines to the way into the VPC, from those that take it and need nothing that leads there, too. */
function waysOf(behind: readonly Node[], way: string, lines: readonly Edge[]): readonly Edge[] {
  const direct = behind.map(({ name }) => ({ from: targetId(name), to: way })).filter(({ from }) => from !== way);
  const leaders = leadersOf([...lines, ...direct]);
  const leading = leaders(way);
  const needs = groupBy(lines, ({ from }) => from);
  return direct.filter(({ from }) => {
    const others = (needs.get(from) ?? []).map(({ to }) => to);
    if (others.includes(way)) return false;
    const further = others.filter((to) => leading.has(to));
    // In a circle each would leave it to the next.
    const back = further.length > 0 ? leaders(from) : new Set<string>();
    return further.every((to) => back.has(to));
  });
}

/** What is drawn of a configuration, whatever is the matter. */
interface Drawing {
  readonly nodes: readonly DependencyNode[];
  readonly edges: readonly Edge[];
  /** The node that stands for a cause, by the cause. */
  readonly idOfCause: ReadonlyMap<string, string>;
}

function drawingOf({ graph, config, latest, diagnosis }: Overview): Drawing {
  const all = [...graph.nodes.values()];
  const way = wayIn(graph, config);
  // Authorities are shared by nearly all: one is drawn where it is a cause.
  const secrets = [...new Set(all.flatMap(({ kind, credentials }) => (kind === 'secrets' ? [] : credentials)))].toSorted();
  const active = new Set(diagnosis.causes.map(({ cause }) => cause));
  const other = (id: string, label: string): DependencyNode => {
    const cause = active.has(id) ? id : null;
    return { id, label, kind: null, outcome: cause === null ? null : 'failure', cause, blockedBy: null };
  };
  const behind = all.filter((node) => node.way === 'vpc');
  const ownWay = way === undefined || way.label === null || behind.length === 0 ? [] : [other(way.id, way.label)];
  const targets = all.map((node): DependencyNode => {
    const cause = causesOfTarget(node, way?.id).find((each) => active.has(each)) ?? null;
    const blockedBy = diagnosis.blockedBy.get(node.name) ?? null;
    return {
      id: targetId(node.name),
      label: node.name,
      kind: node.kind,
      outcome: latest.get(node.name)?.outcome ?? 'unknown',
      cause,
      blockedBy: blockedBy === cause ? null : blockedBy,
    };
  });
  const lines = linesOf(all, new Set(secrets));
  const edges = way === undefined ? lines : [...lines, ...waysOf(behind, way.id, lines)];
  return {
    nodes: [...targets, ...ownWay, ...secrets.map((name) => other(secretId(name), name))],
    edges,
    idOfCause: new Map([
      ...secrets.map((name) => [secretId(name), secretId(name)] as const),
      ...ownWay.map(({ id }) => [id, id] as const),
      ...all.flatMap((node) => causesOfTarget(node, way?.id).map((cause) => [cause, targetId(node.name)] as const)),
    ]),
  };
}

/** A cause that is nothing of the configuration gets a node, and whoever it concerns leads to it. */
function withCauses({ nodes, edges, idOfCause }: Drawing, causes: readonly Cause[]): Pick<DependenciesAnswer, 'nodes' | 'edges'> {
  const leaders = leadersOf(edges);
  const more = causes.filter(({ cause }) => !idOfCause.has(cause));
  const leads = causes.flatMap(({ cause, targets, blocks }): readonly Edge[] => {
    const to = idOfCause.get(cause) ?? cause;
    const there = leaders(to);
    return [...new Set([...targets, ...blocks].map(targetId))].filter((from) => !there.has(from)).map((from) => ({ from, to }));
  });
  return {
    nodes: [
      ...nodes,
      ...more.map(({ cause }): DependencyNode => ({
        id: cause,
        label: labelOf(cause),
        kind: null,
        outcome: 'failure',
        cause,
        blockedBy: null,
      })),
    ],
    edges: [...edges, ...leads],
  };
}

export function dependenciesAnswer(everything: Everything): DependenciesAnswer {
  const { overview } = everything;
  return { ...readingOf(everything), ...withCauses(drawingOf(overview), overview.diagnosis.causes) };
}
