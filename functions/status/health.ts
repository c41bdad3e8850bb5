/** The answers for those who watch health endpoints. */
import type { Cause } from '../../shared/diagnose/diagnosis';
import { reasons } from '../../shared/reasons';
import type { Graph } from '../../shared/diagnose/graph';
import { breaksOthers, isLost } from '../../shared/diagnose/rules';
import { sceneOf } from '../../shared/diagnose/scene';
import { observationsOf, type Latest } from '../../shared/latest/latest';
import { componentOf, componentsOf, statusOf, type Component } from './components';
import type { Overview } from './overview';

/** True, false, or null where it can't be told. */
type Told = boolean | null;

/** `GET /health/infrastructure` */
export interface InfrastructureHealth {
  readonly service: string;
  readonly environment: string;
  readonly status: Component['status'];
  readonly infrastructure_ready: Told;
  readonly infrastructure_components: Readonly<Record<string, Pick<Component, 'status' | 'critical'> & { readonly component: string }>>;
  /** Parts in which something is known to fail or to be degraded. */
  readonly degraded_components: readonly string[];
  readonly vpc_connectivity: { readonly overall: Told; readonly degraded_count: number };
  /** By the name of a part: what its people should do, or `none`. */
  readonly infrastructure_team_actions: Readonly<Record<string, string>>;
}

/** `GET /health/ready` */
export interface ReadyHealth {
  readonly service: string;
  readonly environment: string;
  readonly status: 'ready' | 'not_ready' | 'unknown';
  readonly core_db: 'connected' | 'disconnected' | 'unknown';
  readonly websocket_readiness: { readonly websocket_ready: Told };
}

const service = 'vpc-synthetics';

/** Only a critical failure is down; what can't be told is neither. */
function readyFrom(status: Component['status']): Told {
  if (status === 'unknown') return null;
  return status !== 'unhealthy';
}

/** What fails does not work, whatever it is worth; where one can't be told, or there is none, nobody knows. */
function workingOf(members: readonly Latest[]): Told {
  if (members.some(({ outcome }) => outcome === 'failure')) return false;
  return members.length === 0 || members.some(({ outcome }) => outcome === 'unknown') ? null : true;
}

/** Causes that are the way into the VPC itself. */
const ofTheWay = new Set(['vpc-connector', 'vpc-network', 'network']);

function connectivityOf({ latest, graph, diagnosis }: Overview): InfrastructureHealth['vpc_connectivity'] {
  const way = diagnosis.causes.filter(({ cause }) => ofTheWay.has(cause));
  const suffering = new Set(way.flatMap(({ targets, blocks }) => [...targets, ...blocks]));
  const members = [...latest.values()].filter(({ target: { name } }) => {
    const node = graph.nodes.get(name);
    return node?.way === 'vpc' || node?.resource?.type === 'vpcConnector';
  });
  const isLostOne = ({ outcome, reason }: Latest): boolean => reason !== null && isLost({ outcome, reason });
  for (const each of members) if (isLostOne(each) || isFailingConnector(each)) suffering.add(each.target.name);
  const status = statusOf(members);
  // Who refuses was reached, too.
  const isSeen = members.some((each) => each.outcome !== 'unknown' && !isLostOne(each));
  const isDown = way.length > 0 || members.some((each) => isFailingConnector(each) && isInTheWay(each, graph));
  return { overall: isDown ? false : status === 'unknown' || !isSeen ? null : true, degraded_count: suffering.size };
}

function isFailingConnector({ target, outcome }: Latest): boolean {
  return outcome === 'failure' && componentOf(target) === 'vpc_connector';
}

/** A connector of which only the settings are wrong may well carry: whether it does, what lies behind it tells. */
function isInTheWay(connector: Latest, graph: Graph): boolean {
  return sceneOf(graph, observationsOf([connector]), {}).failing.some(breaksOthers);
}

/**
 * Whose fault it is, its causes say, since what fails in the application may come from below. Several may block one target: it is the
 * application's when all of them are.
 */
function isOfApplication({ target: { name }, owner }: Latest, { diagnosis }: Overview): boolean {
  const causes = diagnosis.causes.filter(({ targets, blocks }) => targets.includes(name) || blocks.includes(name));
  return causes.length === 0 ? owner === 'application' : causes.every((cause) => cause.owner === 'application');
}

/** The part that has to be looked at for a cause. */
function partOf({ cause, targets, blocks }: Cause, { latest }: Overview): string {
  if (ofTheWay.has(cause)) return 'vpc_connector';
  if (cause === 'dns' || cause === 'internet') return cause;
  const target = latest.get(targets[0] ?? blocks[0] ?? '')?.target;
  return target ? componentOf(target) : cause;
}

function actionsOf(overview: Overview): Readonly<Record<string, string>> {
  const actions = new Map([['vpc_connector', 'none']]);
  for (const cause of overview.diagnosis.causes) {
    if (cause.owner !== 'infrastructure') continue;
    const part = partOf(cause, overview);
    const before = actions.get(part) ?? 'none';
    const action = `${cause.title}. ${reasons[cause.reason].hint}`;
    actions.set(part, before === 'none' ? action : `${before} ${action}`);
  }
  return Object.fromEntries(actions);
}

/**
 * @returns the answer and its status: 503 only where something critical fails for another reason than the application's own. What the
 * parts say is what is seen of them, whoever's fault it is.
 */
export function infrastructureHealth(overview: Overview): { readonly status: number; readonly document: InfrastructureHealth } {
  const components = componentsOf(overview.latest.values());
  const status = statusOf([...overview.latest.values()], (failed) => !isOfApplication(failed, overview));
  return {
    status: status === 'unhealthy' ? 503 : 200,
    document: {
      service,
      environment: overview.config.environment,
      status,
      infrastructure_ready: readyFrom(status),
      infrastructure_components: Object.fromEntries(
        components.map((each) => [each.name, { status: each.status, component: each.name, critical: each.critical }]),
      ),
      degraded_components: components.filter(({ troubled }) => troubled).map(({ name }) => name),
      vpc_connectivity: connectivityOf(overview),
      infrastructure_team_actions: actionsOf(overview),
    },
  };
}

/** @returns whether all works, whoever's fault it is: 503 where anything critical fails. */
export function readyHealth(overview: Overview): { readonly status: number; readonly document: ReadyHealth } {
  const all = [...overview.latest.values()];
  const status = statusOf(all);
  const ready = readyFrom(status);
  const of = (kind: string): Told => workingOf(all.filter(({ target }) => target.kind === kind));
  const database = of('postgres');
  return {
    status: status === 'unhealthy' ? 503 : 200,
    document: {
      service,
      environment: overview.config.environment,
      status: ready === null ? 'unknown' : ready ? 'ready' : 'not_ready',
      core_db: database === null ? 'unknown' : database ? 'connected' : 'disconnected',
      websocket_readiness: { websocket_ready: of('websocket') },
    },
  };
}
