/** Native synthetic monitors: functions that Cloud Monitoring itself calls, besides the Scheduler, for those who want its list of them. */
import type { Target } from '../../shared/config/config';
import { formatDuration } from '../../shared/config/duration';
import type { PlanContext } from '../plan/plan';
import type { SyntheticMonitor } from './documents';

/** What `gcloud monitoring uptime create --synthetic-target` takes as `--period`, minutes. */
const periods = [1, 5, 10, 15] as const;
const longestSeconds = 60;
const shortestSeconds = 5;
/** For the start of an instance and for the telemetry. */
const overheadMs = 5000;

const worstMs = ({ timeoutMs, confirm }: Target): number => confirm.attempts * timeoutMs + (confirm.attempts - 1) * confirm.intervalMs;

/** @returns milliseconds of a run of all targets of the kind that fail by their deadlines: it is one call, whatever the shards. */
function worstRunMs(targets: readonly Target[], concurrency: number): number {
  const total = targets.reduce((sum, target) => sum + worstMs(target), 0);
  return Math.max(...targets.map(worstMs), total / concurrency) + overheadMs;
}

const wanted = ({ config }: PlanContext): readonly (readonly [kind: string, targets: readonly Target[]])[] =>
  config.syntheticMonitors
    .map((name) => [name, config.targets.filter(({ kind }) => kind === name)] as const)
    .filter(([, targets]) => targets.length > 0);

/** @returns a monitor a kind: as often as its most frequent target, rounded up to what there is, and with at most 60 s. */
export function syntheticMonitors(context: PlanContext): readonly SyntheticMonitor[] {
  const { config, names } = context;
  return wanted(context).map(([kind, targets]) => {
    const minutes = Math.min(...targets.map(({ periodMs }) => periodMs)) / 60_000;
    const seconds = Math.ceil(worstRunMs(targets, config.concurrency) / 1000);
    return {
      displayName: `${names.prefix}${kind}`,
      userLabels: { ...names.labels, kind },
      function: names.function(kind),
      periodMinutes: periods.find((period) => period >= minutes) ?? 15,
      timeoutSeconds: Math.min(longestSeconds, Math.max(shortestSeconds, seconds)),
    };
  });
}

/** @returns what somebody should know of them, one sentence each. */
export function syntheticMonitorNotes(context: PlanContext): readonly string[] {
  return wanted(context)
    .map(([kind, targets]) => [kind, worstRunMs(targets, context.config.concurrency)] as const)
    .filter(([, worst]) => worst > longestSeconds * 1000)
    .map(
      ([kind, worst]) =>
        `The native monitor of ${kind} waits ${longestSeconds}s at most, and its targets may take ${formatDuration(Math.ceil(worst / 1000) * 1000)} when they all fail: it then shows the function as failed.`,
    );
}
