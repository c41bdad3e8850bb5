/** Draws an environment: what is probed, by which way, and what needs what. */
import type { Config } from '../../shared/config/config';
import type { Graph, Node } from '../../shared/diagnose/graph';
import { dependenciesOf, secretsUsed, type Dependency } from '../../shared/diagnose/picture';
import { groupBy } from '../../shared/group';
import type { FlowGroup, Flowchart, FlowLine, FlowNode, Outline } from './mermaid';

/** From so many targets on, those that are alike are drawn as one: nobody reads more, and Mermaid draws at most 500 lines. */
const mostSingle = 60;

type Place = 'vpc' | 'public' | 'control' | 'secrets';

const outlines: Readonly<Record<string, Outline>> = {
  postgres: 'cylinder',
  redis: 'cylinder',
  journey: 'stadium',
  platform: 'double',
  secrets: 'round',
};

const resourceTitles = {
  vpcConnector: 'VPC connector',
  cloudSql: 'Cloud SQL',
  cloudRun: 'Cloud Run',
  backendService: 'load balancer',
  certificate: 'certificate',
  memorystore: 'Memorystore',
  schedulerJob: 'Scheduler job',
  logs: 'logs',
} as const;

function placeOf({ kind, way }: Node): Place {
  if (kind === 'secrets') return 'secrets';
  if (way === 'none') return 'control';
  return way === 'outside' ? 'public' : 'vpc';
}

/** @returns where it leads, in a few words. */
function leadsTo({ kind, resource, endpoints, sockets, checks }: Node): string {
  if (resource) return `${resourceTitles[resource.type]}${resource.name === '' ? '' : ` ${resource.name}`}`;
  if (kind === 'secrets') return `${checks.length} ${checks.length === 1 ? 'secret' : 'secrets'}`;
  const [first, ...others] = [...endpoints, ...sockets];
  if (first === undefined) return `${kind}, address in a secret`;
  return `${kind} ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

/** One node of the picture: a target, or several that are alike. */
interface Drawn {
  readonly id: string;
  readonly members: readonly Node[];
}

/** Alike are those of one kind, at one place, that need the same. */
function drawnOf(nodes: readonly Node[]): readonly Drawn[] {
  const isAlone = nodes.length <= mostSingle;
  const groups = groupBy(nodes, (node) =>
    isAlone ? node.name : JSON.stringify([node.kind, placeOf(node), node.resource?.type ?? '', node.needs, node.secrets]),
  );
  return [...groups.values()].map((members) => ({ id: `t_${members[0]?.name.replaceAll('-', '_')}`, members }));
}

function flowNode({ id, members }: Drawn): FlowNode {
  const [first] = members;
  const last = members.at(-1);
  if (!first || !last) throw new Error('nothing is drawn for no target');
  const outline = outlines[first.kind] ?? 'box';
  if (first === last) return { id, outline, lines: [first.name, leadsTo(first)] };
  const what = first.resource ? resourceTitles[first.resource.type] : first.kind;
  return { id, outline, lines: [`${members.length} × ${what}`, `${first.name} … ${last.name}`] };
}

/** Each line once, none from a node to itself. */
function unique(lines: readonly FlowLine[]): readonly FlowLine[] {
  return [...new Map(lines.filter(({ from, to }) => from !== to).map((line) => [`${line.from} ${line.to}`, line])).values()];
}

/**
 * Draws targets and what they need.
 * @param selected names of the targets to draw, those that they need included; all of them where it is left out
 */
export function environmentChart(
  config: Pick<Config, 'environment' | 'project' | 'network'>,
  graph: Graph,
  selected?: ReadonlySet<string>,
): Flowchart {
  const nodes = [...graph.nodes.values()].filter(({ name }) => selected?.has(name) ?? true);
  const drawn = drawnOf(nodes);
  const idOf = new Map(drawn.flatMap(({ id, members }) => members.map(({ name }) => [name, id] as const)));
  const line = (from: string | undefined, to: string | undefined, dotted = false): readonly FlowLine[] =>
    from === undefined || to === undefined ? [] : [{ from, to, dotted }];

  const secretIds = new Map(secretsUsed(nodes).map((name, index) => [name, `s${index}`]));
  const connector = nodes.find(({ resource }) => resource?.type === 'vpcConnector' && resource.name === graph.connector);
  // What lies behind the connector shows by where it is drawn.
  const isShown = ({ from, to, by }: Dependency): boolean => {
    const node = graph.nodes.get(from);
    return !(by === 'needs' && node && placeOf(node) === 'vpc' && to === connector?.name);
  };
  const titles: Readonly<Record<Place, string>> = {
    vpc: 'Inside the VPC',
    public: 'Public',
    control: 'Control plane',
    secrets: 'Secrets',
  };
  const groups = (Object.keys(titles) as Place[]).map((place): FlowGroup => {
    const own = drawn.filter(({ members: [first] }) => first !== undefined && placeOf(first) === place).map(flowNode);
    const secrets = place === 'secrets' ? [...secretIds].map(([name, id]): FlowNode => ({ id, lines: [name], outline: 'hexagon' })) : [];
    return { id: place, title: titles[place], nodes: [...own, ...secrets] };
  });
  const isDrawn = (place: Place): boolean => groups.some(({ id, nodes: { length } }) => id === place && length > 0);
  const { network, subnet } = config.network;
  const way = graph.connector ?? (network === undefined ? undefined : `${network}${subnet === undefined ? '' : `/${subnet}`}`);
  const ways: readonly FlowLine[] = [
    ...(isDrawn('vpc') ? [{ from: 'prober', to: 'vpc', ...(way === undefined ? {} : { text: way }) }] : []),
    ...(isDrawn('public') ? [{ from: 'prober', to: 'public' }] : []),
    ...(isDrawn('control') ? [{ from: 'prober', to: 'control' }] : []),
    ...(isDrawn('vpc') && connector ? line('vpc', idOf.get(connector.name)) : []),
  ];
  const drawnLines = dependenciesOf(nodes)
    .filter(isShown)
    .flatMap(({ from, to, by }) =>
      by === 'secret' ? line(idOf.get(from), secretIds.get(to), true) : line(idOf.get(from), idOf.get(to), by !== 'needs'),
    );
  const alike = drawn.some(({ members }) => members.length > 1);
  return {
    title: `${config.environment} (${config.project})`,
    notes: [
      `${nodes.length} targets: a solid arrow leads to what a target needs, a dotted one to secrets and addresses that it shares.`,
      ...(alike ? ['Targets that are alike are drawn as one; name kinds or targets to see each.'] : []),
    ],
    nodes: [{ id: 'prober', lines: ['vpc-synthetics', config.environment], outline: 'stadium' }],
    groups,
    lines: [...ways, ...unique(drawnLines)],
  };
}
