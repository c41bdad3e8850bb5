/** Results and runs to points: pure, from the catalogue alone. */
import { timestamp } from '../clock';
import type { Observed, Result, RunReport } from '../result';
import { metricPrefix, metrics, type Label, type Metric, type MetricName } from './catalogue';

/** The labels of the monitored resource `generic_task` but for the project. */
export interface Task {
  readonly location: string;
  readonly namespace: string;
  readonly job: string;
  readonly task_id: string;
}

/** One value of one series. */
export interface Point {
  readonly metric: MetricName;
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  readonly task: Task;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where the points of a run belong. */
export interface Place {
  readonly region: string;
  readonly environment: string;
}

type Values = readonly (readonly [MetricName, number, Partial<Record<Label, string>>?])[];

const works = { success: 1, degraded: 1, failure: 0, unknown: undefined } as const;

function flagOf(metric: MetricName, outcome: Result['outcome'], more?: Partial<Record<Label, string>>): Values {
  const value = works[outcome];
  return value === undefined ? [] : [[metric, value, more]];
}

/** The metrics that export a fact as it stands. */
const ofFacts = (Object.entries(metrics) as [MetricName, Metric][]).flatMap(([metric, { fact, labels }]) =>
  fact === undefined ? [] : [{ metric, fact, label: labels.at(-1) }],
);

function factValues(observed: Observed): Values {
  return ofFacts.flatMap(({ metric, fact, label }): Values => {
    const observedFact = observed[fact] ?? null;
    if (typeof observedFact === 'number') return [[metric, observedFact]];
    if (observedFact === null || typeof observedFact !== 'object' || label === undefined) return [];
    return Object.entries(observedFact).flatMap(([name, value]): Values =>
      typeof value === 'number' ? [[metric, value, { [label]: name }]] : [],
    );
  });
}

/** @returns the points of one result, all stamped `at`: milliseconds since 1970 when its target was done. */
export function pointsOf(result: Result, place: Place, at: number): Point[] {
  const { kind, target, severity, outcome, reason, domain, owner } = result;
  const values: Values = [
    ...flagOf('probe/success', outcome),
    ...flagOf('probe/first_success', result.firstOutcome),
    ...(reason && domain && owner ? ([['probe/problem', 1, { outcome, reason, domain, owner }]] as const) : []),
    ...(outcome === 'unknown' ? [] : ([['probe/latency', result.durationMs]] as const)),
    ...Object.entries(result.phases).map(([phase, ms]) => ['probe/phase_latency', ms, { phase }] as const),
    ...factValues(result.observed),
    ...(kind === 'secrets'
      ? result.findings.flatMap((finding) => flagOf('secrets/valid', finding.outcome, { secret: finding.subject }))
      : []),
  ];
  const task: Task = { location: place.region, namespace: place.environment, job: kind, task_id: target };
  return values.map(([metric, value, more]) => ({ metric, labels: { kind, target, severity, ...more }, task, value, at }));
}

/** @returns the points that say how the run itself went: its heartbeat. */
export function heartbeatOf(
  report: Pick<RunReport, 'function' | 'shard' | 'trigger' | 'counts' | 'durationMs'>,
  loopDelayMs: number,
  place: Place,
  at: number,
): Point[] {
  const shared = {
    labels: { kind: report.function, shard: String(report.shard), trigger: report.trigger },
    task: { location: place.region, namespace: place.environment, job: report.function, task_id: `shard-${report.shard}` },
    at,
  };
  return [
    { ...shared, metric: 'prober/healthy', value: report.counts.unknown > 0 ? 0 : 1 },
    { ...shared, metric: 'prober/run_duration', value: report.durationMs },
    { ...shared, metric: 'prober/event_loop_delay', value: loopDelayMs },
  ];
}

/** @returns the series as the Cloud Monitoring API v3 writes it (`TimeSeries`), in the JSON form of its protocol buffer. */
export function timeSeriesOf(point: Point, project: string) {
  const { valueType } = metrics[point.metric];
  return {
    metric: { type: metricPrefix + point.metric, labels: { ...point.labels } as Record<string, string> },
    resource: { type: 'generic_task', labels: { project_id: project, ...point.task } },
    metricKind: 'GAUGE' as const,
    valueType,
    points: [
      {
        interval: { endTime: { seconds: Math.floor(point.at / 1000), nanos: (point.at % 1000) * 1_000_000 } },
        value: valueType === 'INT64' ? { int64Value: point.value } : { doubleValue: point.value },
      },
    ],
  };
}

/** @returns the series for a log line, its time as RFC 3339. */
export function printedPoint(point: Point, project: string): object {
  const { points, ...series } = timeSeriesOf(point, project);
  return { ...series, points: points.map(({ value }) => ({ interval: { endTime: timestamp(point.at) }, value })) };
}
