/** The answers for those who watch health endpoints. */
import type { Cause } from '../../shared/diagnose/diagnosis';
import { reasons } from '../../shared/reasons';
import { isLost } from '../../shared/diagnose/rules';
import type { Latest } from '../../shared/latest/latest';
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
  for (const each of members) if (isLostOne(each) || isFaultyConnector(each)) suffering.add(each.target.name);
  const status = statusOf(members);
  // Who refuses was reached, too.
  const isSeen = members.some((each) => each.outcome !== 'unknown' && !isLostOne(each));
  const isDown = way.length > 0 || members.some(isFaultyConnector);
  return { overall: isDown ? false : status === 'unknown' || !isSeen ? null : true, degraded_count: suffering.size };
}

function isFaultyConnector({ target, outcome }: Latest): boolean {
  return outcome === 'failure' && componentOf(target) === 'vpc_connector';
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

/** @returns the answer and its status: 503 only where something critical fails. */
export function infrastructureHealth(overview: Overview): { readonly status: number; readonly document: InfrastructureHealth } {
  const components = componentsOf(overview.latest.values());
  const status = statusOf([...overview.latest.values()]);
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

/** @returns the same in short. */
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
