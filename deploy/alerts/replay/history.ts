/** What a target and a function would have written, given how their runs went: the series that policies are tried on. */
import { domainOf, type Owner, type Reason } from '../../../shared/reasons';
import type { Severity } from '../../../shared/result';
import { type MetricName, metricPrefix } from '../../../shared/telemetry/catalogue';
import { resourceType } from '../../monitoring/descriptors';
import { promqlSeries } from '../../monitoring/promql';
import type { Series } from './promtool';

/** `confirmed`: the first attempt failed, a later one did not. */
export type RunOutcome = 'success' | 'confirmed' | 'failure' | 'unknown';

/** One scheduled run of one target. */
export interface TargetRun {
  /** When its target was done: its points are stamped with it. Milliseconds since the beginning of the world. */
  readonly at: number;
  /** When they are seen; `at` by default. */
  readonly seenAt?: number;
  readonly outcome: RunOutcome;
  readonly reason?: Reason;
  readonly owner?: Owner;
  readonly latencyMs?: number;
}

export interface Probed {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
}

/** A point of any metric. */
export interface Dot {
  readonly metric: MetricName;
  readonly job: string;
  readonly task: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly at: number;
  readonly seenAt: number;
  readonly value: number;
}

const usualLatencyMs = 120;
const usual: Readonly<Record<RunOutcome, readonly [Reason, Owner] | undefined>> = {
  success: undefined,
  confirmed: ['connect_timeout', 'infrastructure'],
  failure: ['connect_timeout', 'infrastructure'],
  unknown: ['api_unavailable', 'monitor'],
};

/** @returns the points of one run. */
function dotsOf({ kind, target, severity }: Probed, run: TargetRun): readonly Dot[] {
  const { at, seenAt = at, outcome, latencyMs = usualLatencyMs } = run;
  const [usualReason, usualOwner] = usual[outcome] ?? [];
  const { reason = usualReason, owner = usualOwner } = run;
  const base = { job: kind, task: target, at, seenAt };
  const ofTarget = { kind, target, severity };
  const dot = (metric: MetricName, value: number, more: Readonly<Record<string, string>> = {}): Dot => ({
    ...base,
    metric,
    value,
    labels: { ...ofTarget, ...more },
  });
  const problem =
    reason && owner
      ? [dot('probe/problem', 1, { outcome: outcome === 'confirmed' ? 'degraded' : outcome, reason, domain: domainOf(reason), owner })]
      : [];
  if (outcome === 'unknown') return problem;
  return [
    dot('probe/success', outcome === 'failure' ? 0 : 1),
    dot('probe/first_success', outcome === 'success' ? 1 : 0),
    dot('probe/latency', latencyMs),
    ...problem,
  ];
}

/** @returns the points of all runs of a target. */
export function historyOf(probed: Probed, runs: readonly TargetRun[]): readonly Dot[] {
  return runs.flatMap((run) => dotsOf(probed, run));
}

/** @returns the heartbeats of one shard. */
export function heartbeatsOf(kind: string, shard: number, times: readonly number[], trigger = 'schedule'): readonly Dot[] {
  const labels = { kind, shard: String(shard), trigger };
  return times.map((at) => ({ metric: 'prober/healthy', job: kind, task: `shard-${shard}`, labels, at, seenAt: at, value: 1 }));
}

/**
 * @param now only points that are seen by then; all by default.
 * @returns the points as series.
 */
export function seriesOf(environment: string, dots: readonly Dot[], now = Infinity): readonly Series[] {
  const found = new Map<string, { at: number; value: number }[]>();
  for (const { metric, job, task, labels, at, seenAt, value } of dots) {
    if (seenAt > now) continue;
    const place = { project_id: 'replay', location: 'us-central1', namespace: environment, job, task_id: task };
    const name = promqlSeries({
      metric: { type: `${metricPrefix}${metric}`, labels },
      resource: { type: resourceType, labels: place },
    });
    const samples = found.get(name);
    if (samples) samples.push({ at, value });
    else found.set(name, [{ at, value }]);
  }
  return [...found].map(([series, samples]) => ({ series, samples: samples.toSorted((a, b) => a.at - b.at) }));
}
