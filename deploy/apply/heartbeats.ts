/** What the functions wrote to Cloud Monitoring lately: their heartbeats, and how their targets are. */
import { metricPrefix } from '../../shared/telemetry/catalogue';
import { timestamp } from '../../shared/clock';
import type { Outcome, Severity } from '../../shared/result';
import { documentsOf, objectOf, textOf, type Document } from './google';
import type { Surroundings } from './surroundings';

/** Points may be read so much later than they are written (Cloud Monitoring, "Latency of metric data"). */
export const ingestionMs = 4 * 60_000;

const mostPoints = 1000;

/** @returns the series of a metric with points since then; newest points first. */
async function seriesOf({ plan, google }: Surroundings, metric: string, sinceMs: number, more = ''): Promise<readonly Document[]> {
  // What an earlier deployment left running in another region says nothing of this one.
  const place = `resource.labels.namespace = "${plan.environment}" AND resource.labels.location = "${plan.region}"`;
  return google.list('monitoring', `v3/projects/${plan.project}/timeSeries`, 'timeSeries', {
    filter: `metric.type = "${metricPrefix}${metric}" AND resource.type = "generic_task" AND ${place}${more}`,
    'interval.startTime': timestamp(sinceMs),
    // One that is stamped in this second counts, too.
    'interval.endTime': timestamp(google.now() + 1000),
    view: 'FULL',
    pageSize: mostPoints,
  });
}

function latestOf(series: Document): number {
  const ends = documentsOf(series['points']).map(({ interval }) => Date.parse(textOf(objectOf(interval)['endTime'])));
  return Math.max(...ends.filter((end) => !Number.isNaN(end)), 0);
}

/** @returns a job's key in the heartbeats. */
export function jobKey({ kind, shard }: { readonly kind: string; readonly shard: number | string }): string {
  return `${kind} ${shard}`;
}

/** @returns when each job's last scheduled run wrote its heartbeat, milliseconds since 1970, by `jobKey`. */
export async function readHeartbeats(around: Surroundings, sinceMs: number): Promise<ReadonlyMap<string, number>> {
  const found = await seriesOf(around, 'prober/healthy', sinceMs, ' AND metric.labels.trigger = "schedule"');
  return new Map(
    found.map((series) => {
      const labels = objectOf(objectOf(series['metric'])['labels']);
      return [jobKey({ kind: textOf(labels['kind']), shard: textOf(labels['shard']) }), latestOf(series)];
    }),
  );
}

/** How a target was in its latest run. */
export interface TargetState {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  /** Empty where all is well. */
  readonly reason: string;
  readonly owner: string;
  readonly atMs: number;
}

/** @returns the latest state of each target that wrote since then. */
export async function readTargets(around: Surroundings, sinceMs: number): Promise<readonly TargetState[]> {
  const [successes, problems] = await Promise.all([seriesOf(around, 'probe/success', sinceMs), seriesOf(around, 'probe/problem', sinceMs)]);
  const latest = new Map<string, TargetState>();
  // A run that is well writes a success and no problem; a degraded one both, at the same time: the problem then says more.
  for (const series of [...successes, ...problems]) {
    const labels = objectOf(objectOf(series['metric'])['labels']);
    const state: TargetState = {
      kind: textOf(labels['kind']),
      target: textOf(labels['target']),
      severity: textOf(labels['severity']) as Severity,
      outcome: (textOf(labels['outcome']) || 'success') as Outcome,
      reason: textOf(labels['reason']),
      owner: textOf(labels['owner']),
      atMs: latestOf(series),
    };
    const known = latest.get(state.target);
    if (!known || state.atMs >= known.atMs) latest.set(state.target, state);
  }
  return [...latest.values()];
}
