/** What is asked of Cloud Monitoring: the points of one metric, and nothing more than is needed. */
import { metricPrefix, type Label, type MetricName } from './catalogue';

/** One question. What is charged for is each series that is returned. */
export interface SeriesQuery {
  readonly metric: MetricName;
  readonly environment: string;
  /** Values that each label may have; a label that is not named may have any. */
  readonly where?: Readonly<Partial<Record<Label, readonly string[]>>>;
  /** Milliseconds since 1970: points later than the one, and not later than the other. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One point of one series. */
export interface ReadPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** One series: its labels, and its points in no order. */
export interface ReadSeries {
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  readonly points: readonly ReadPoint[];
}

/**
 * Asks. A metric that nobody has written yet has no series.
 * @param signal gives up
 * @throws Fault `api_denied` or `api_unavailable`
 */
export type Read = (query: SeriesQuery, signal: AbortSignal) => Promise<readonly ReadSeries[]>;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** @returns the query as a filter of series (Cloud Monitoring, "Monitoring filters"); the names of resource and metric come first, as the API asks. */
export function filterOf({ metric, environment, where = {} }: SeriesQuery): string {
  const labels = Object.entries(where).map(([label, values]) =>
    values.length === 1
      ? `metric.labels.${label} = ${quoted(values[0] ?? '')}`
      : `metric.labels.${label} = one_of(${values.map(quoted).join(', ')})`,
  );
  return [
    `metric.type = ${quoted(metricPrefix + metric)}`,
    'resource.type = "generic_task"',
    `resource.labels.namespace = ${quoted(environment)}`,
    ...labels,
  ].join(' AND ');
}
