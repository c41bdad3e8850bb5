/** Public targets that fail for the world while nobody inside says so: the prober, or its whole region, is lost, or the way in is. */
import { groupBy } from '../../shared/group';
import type { Target } from '../../shared/config/config';
import type { PlanContext } from '../plan/plan';
import { uptimeChecks } from '../monitoring/uptime-checks';
import { among, is, select, span } from '../monitoring/promql';
import { freshMs, latenessMs } from './windows';

/** From so many places at once; one alone may have lost its own way. */
const places = 2;

export interface OutsideHost {
  readonly host: string;
  readonly targets: readonly Target[];
  /** The longest between two checks. */
  readonly periodMs: number;
}

/** @returns the hosts that are checked from outside, with the targets there. */
export function outsideHosts(context: PlanContext): readonly OutsideHost[] {
  const byHost = groupBy(uptimeChecks(context), ({ check }) => {
    const { labels } = check['monitoredResource'] as { readonly labels: { readonly host: string } };
    return labels.host;
  });
  return [...byHost].map(([host, checks]) => ({
    host,
    targets: context.config.targets.filter(({ name }) => checks.some(({ userLabels }) => userLabels['target'] === name)),
    periodMs: Math.max(...checks.map(({ check }) => Number.parseInt(String(check['period']), 10) * 1000)),
  }));
}

/** @returns one series for the host when it fails from several places and none of its targets is known to fail. */
export function outsideQuery({ config }: PlanContext, { host, targets, periodMs }: OutsideHost): string {
  const matchers = [is('monitored_resource', 'uptime_url'), is('project_id', config.project), is('host', host)].join(',');
  const window = span(2 * periodMs + latenessMs);
  const failing = `max_over_time(monitoring_googleapis_com:uptime_check_check_passed{${matchers}}[${window}]) == 0`;
  const names = targets.map(({ name }) => name).toSorted();
  const fresh = span(freshMs(Math.max(...targets.map((target) => target.periodMs))));
  const known = `last_over_time(${select('probe/success', config.environment, among('task_id', names))}[${fresh}]) == 0`;
  const failingPlaces = `count by (project_id, host) (count by (project_id, host, checker_location) (${failing}))`;
  return `(${failingPlaces} >= ${places} unless on () (${known}))`;
}
