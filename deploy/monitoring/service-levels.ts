/** Service level objectives: the share of windows in which a critical target's first attempts all succeeded. */
import { createHash } from 'node:crypto';
import type { Target } from '../../shared/config/config';
import { metricPrefix } from '../../shared/telemetry/catalogue';
import type { PlanContext } from '../plan/plan';
import { resourceType } from './descriptors';
import type { ServiceLevelObjective, ServiceLevels } from './documents';

/** Objectives of one service (Cloud Monitoring, "Quotas and limits": SLOs per service). */
const mostObjectives = 500;
const daySeconds = 86_400;
const rollingDays = 28;

/**
 * Windows must be "an integer fraction of a day and at least 60s" (google.monitoring.v3.WindowsBasedSli, `window_period`).
 * @param periodMs between two runs of the target.
 * @returns seconds of the shortest window in which a run surely ends, at most a day.
 */
export function windowSeconds(periodMs: number): number {
  const least = Math.max(60, Math.ceil(periodMs / 1000));
  const most = Math.floor(daySeconds / Math.min(least, daySeconds));
  // The number of windows in a day, downwards: the first that divides it gives the shortest window that is long enough.
  const windows = Array.from({ length: most }, (_, index) => most - index).find((count) => daySeconds % count === 0) ?? 1;
  return daySeconds / windows;
}

/**
 * The mean of 0 and 1 is 1 only where every point of the window is good. A BOOL metric with `goodBadMetricFilter` would count a
 * window as good "if any true values appear" in it: one success would hide failures (google.monitoring.v3.WindowsBasedSli).
 */
function objectiveOf(target: Target, goal: number, { config, names }: PlanContext): ServiceLevelObjective {
  const filter = [
    `metric.type="${metricPrefix}probe/first_success"`,
    `resource.type="${resourceType}"`,
    `resource.labels.namespace="${config.environment}"`,
    `resource.labels.job="${target.kind}"`,
    `resource.labels.task_id="${target.name}"`,
  ].join(' AND ');
  return {
    id: target.name,
    displayName: `${target.name}: first attempts of ${target.kind} succeed`,
    goal,
    rollingPeriod: `${rollingDays * daySeconds}s`,
    serviceLevelIndicator: {
      windowsBased: {
        metricMeanInRange: { timeSeries: filter, range: { min: 1, max: 1 } },
        windowPeriod: `${windowSeconds(target.periodMs)}s`,
      },
    },
    userLabels: { ...names.labels, kind: target.kind, target: target.name },
  };
}

/** @returns a number that stays the target's own. */
function hashOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE();
}

/** @returns the targets in as few groups, a power of two, as hold at most 500 each; a further target moves none, unless the groups are doubled. */
function grouped(targets: readonly Target[]): readonly (readonly Target[])[] {
  for (let count = 1; ; count *= 2) {
    const groups: Target[][] = Array.from({ length: count }, () => []);
    for (const target of targets) groups[hashOf(target.name) % count]?.push(target);
    if (groups.every(({ length }) => length <= mostObjectives)) return groups;
  }
}

/**
 * @returns a service with an objective a critical target, several services where one would hold more than 500; undefined without
 * `alerts.slo` and where nothing is critical. The names of targets are unique and legal ids (`^[a-zA-Z0-9-_:.]+$`), so that an
 * objective keeps its history when others come and go.
 */
export function serviceLevels(context: PlanContext): ServiceLevels | undefined {
  const { config, names } = context;
  const goal = config.alerts.slo;
  const critical = config.targets.filter(({ severity }) => severity === 'critical');
  if (goal === undefined || critical.length === 0) return undefined;
  const groups = grouped(critical);
  const services = groups.map((targets, index) => ({
    id: index === 0 ? names.service : `${names.service}-${index + 1}`,
    displayName: `Synthetics ${config.environment}${groups.length === 1 ? '' : ` (${index + 1} of ${groups.length})`}`,
    userLabels: names.labels,
    objectives: targets.map((target) => objectiveOf(target, goal, context)),
  }));
  return { services: services.filter(({ objectives }) => objectives.length > 0) };
}
