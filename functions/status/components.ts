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
  readonly members: readonly Latest[];
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
 * Like the verdict of a run, but what is unknown is never taken for something better: nothing else is known to be wrong with it.
 */
export function statusOf(members: readonly Latest[]): Verdict {
  const has = (outcome: Latest['outcome'], isCritical = false): boolean =>
    members.some((each) => each.outcome === outcome && (!isCritical || each.target.severity === 'critical'));
  if (has('failure', true)) return 'unhealthy';
  if (members.length === 0 || has('unknown', true)) return 'unknown';
  if (has('failure') || has('degraded')) return 'degraded';
  return has('unknown') ? 'unknown' : 'healthy';
}

/** @returns every part that has a target, by name. */
export function componentsOf(all: Iterable<Latest>): readonly Component[] {
  return [...groupBy(all, ({ target }) => componentOf(target))]
    .map(([name, members]) => ({
      name,
      members,
      status: statusOf(members),
      critical: members.some(({ target }) => target.severity === 'critical'),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
