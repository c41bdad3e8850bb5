/** The parts of the infrastructure as people name them, and how each of them is. */
import type { Target } from '../../shared/config/config';
import { resourceOf } from '../../shared/diagnose/resources';
import { groupBy } from '../../shared/group';
import type { Latest } from '../../shared/latest/latest';
import type { Verdict } from '../../shared/result';

/** One part. */
export interface Component {
  /** A key of the answer, e.g. `database`. */
  readonly name: string;
  readonly status: Verdict;
  /** Whether one of its targets is critical. */
  readonly critical: boolean;
  /** Whether something in it is known to fail or to be degraded, also where something else can't be told. */
  readonly troubled: boolean;
}

const ofResources = {
  vpcConnector: 'vpc_connector',
  cloudSql: 'database',
  cloudRun: 'cloud_run',
  backendService: 'load_balancer',
  certificate: 'certificates',
  memorystore: 'redis',
  schedulerJob: 'scheduler',
  logs: 'logs',
} as const;

/** @returns the part that a target belongs to; a kind without a name of its own is its own part. */
export function componentOf(target: Pick<Target, 'kind' | 'spec'>): string {
  const resource = resourceOf(target);
  if (resource) return ofResources[resource.type];
  return target.kind === 'postgres' ? 'database' : target.kind;
}

/**
 * @param counts which critical failures are down; default: all.
 * @returns how they are together: only a critical failure is down; else what can't be told, of whatever severity, is taken neither for down
 * nor for up.
 */
export function statusOf(members: readonly Latest[], counts: (failed: Latest) => boolean = () => true): Verdict {
  if (members.some((each) => each.outcome === 'failure' && each.target.severity === 'critical' && counts(each))) return 'unhealthy';
  if (members.length === 0 || members.some(({ outcome }) => outcome === 'unknown')) return 'unknown';
  return members.every(({ outcome }) => outcome === 'success') ? 'healthy' : 'degraded';
}

/** @returns every part that has a target, by name. */
export function componentsOf(all: Iterable<Latest>): readonly Component[] {
  return [...groupBy(all, ({ target }) => componentOf(target))]
    .map(([name, members]) => ({
      name,
      status: statusOf(members),
      critical: members.some(({ target }) => target.severity === 'critical'),
      troubled: members.some(({ outcome }) => outcome === 'failure' || outcome === 'degraded'),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
