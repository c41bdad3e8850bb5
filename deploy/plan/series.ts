/** How many time series a target keeps alive: from the catalogue of metrics, and from what its kind and its steps say. */
import type { Target } from '../../shared/config/config';
import { isMapping } from '../../shared/config/partly';
import type { Kind } from '../../shared/probe';
import type { Phase } from '../../shared/result';
import { metrics, type Label, type Metric, type MetricName } from '../../shared/telemetry/catalogue';
import { secretsOf } from './needs';

/** Series by metric; what is not there has none. */
export type SeriesCount = ReadonlyMap<MetricName, number>;

/** The phases that a target of the kind goes through when it works. */
const phasesOf: Readonly<Record<string, readonly Phase[]>> = {
  secrets: ['api'],
  postgres: ['dns', 'connect', 'tls', 'auth', 'query'],
  redis: ['dns', 'connect', 'tls', 'auth', 'command'],
  websocket: ['dns', 'connect', 'tls', 'upgrade', 'message'],
  http: ['dns', 'connect', 'tls', 'request', 'transfer'],
  tcp: ['dns', 'connect', 'tls', 'exchange'],
  journey: ['step'],
  platform: ['api'],
};
const otherPhases: readonly Phase[] = ['dns', 'connect', 'tls', 'request', 'transfer'];

/** Metrics that only trouble writes. */
const ofTrouble: ReadonlySet<MetricName> = new Set(['probe/problem', 'probe/blocked', 'cause/active']);

type Json = Readonly<Record<string, unknown>>;
const stepsIn = (value: unknown): readonly Json[] =>
  isMapping(value) && Array.isArray(value['steps']) ? value['steps'].filter(isMapping) : [];

/** Dialogues over WebSocket, of the target itself or of its steps. */
function dialogues({ kind, spec }: Target): readonly Json[] {
  if (kind === 'websocket') return [spec];
  return stepsIn(spec).flatMap(({ websocket }) => (isMapping(websocket) ? [websocket] : []));
}

/** @returns how many values the metric's last label takes for the target. */
function fanOut(metric: MetricName, target: Target, phases: number, project: string): number {
  const { labels }: Metric = metrics[metric];
  const values: Readonly<Partial<Record<Label, () => number>>> = {
    phase: () => phases,
    event: () =>
      dialogues(target)
        .flatMap(stepsIn)
        .filter(({ name }) => name !== undefined).length,
    step: () => stepsIn(target.spec).length,
    secret: () => new Set(secretsOf(target, project).flatMap(({ resource, metadata }) => (metadata ? [resource] : []))).size,
  };
  const label = labels.at(-1);
  return (label && values[label]?.()) ?? 1;
}

/** @returns whether a target that works writes the metric. */
function isWritten(metric: MetricName, target: Target, usesTls: boolean): boolean {
  if (ofTrouble.has(metric)) return false;
  const [area] = metric.split('/');
  if (area === 'probe') return true;
  if (area === 'tls') return usesTls;
  if (metric === 'websocket/ping_rtt') return dialogues(target).some(({ ping }) => ping !== false);
  if (metric === 'websocket/event_latency') return true;
  return area === target.kind;
}

/** @returns the series of a target that works; trouble adds one for each reason it is in. */
export function seriesOf(target: Target, kind: Kind, project: string): SeriesCount {
  const usesTls = kind.tls && kind.plain?.(target.spec) !== true;
  const endpoints = kind.endpoints(target.spec);
  const isSocket = endpoints.length > 0 && endpoints.every((to) => 'path' in to);
  const phases = (phasesOf[kind.name] ?? otherPhases).filter(
    (phase) => (usesTls || phase !== 'tls') && !(isSocket && phase === 'dns') && (phase !== 'exchange' || stepsIn(target.spec).length > 0),
  );
  const names = (Object.keys(metrics) as MetricName[]).filter((metric) => isWritten(metric, target, usesTls));
  return new Map(names.map((metric) => [metric, fanOut(metric, target, phases.length, project)] as const).filter(([, count]) => count > 0));
}

/** @returns the series that a shard writes of the run itself. */
export function seriesOfShard(): SeriesCount {
  return new Map((Object.keys(metrics) as MetricName[]).filter((metric) => metric.startsWith('prober/')).map((metric) => [metric, 1]));
}

/** @returns the sum of some counts. */
export function sumOf(counts: readonly SeriesCount[]): SeriesCount {
  const sum = new Map<MetricName, number>();
  for (const count of counts) for (const [metric, series] of count) sum.set(metric, (sum.get(metric) ?? 0) + series);
  return sum;
}

/** @returns all series of a count. */
export function totalOf(count: SeriesCount): number {
  return [...count.values()].reduce((sum, series) => sum + series, 0);
}
