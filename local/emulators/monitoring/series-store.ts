/** The time series of the Monitoring emulator, with the rules that depend on what is stored. */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import { labelledKey, seriesKey } from './types';
import type { CheckedSeries, MetricKind, StoredPoint, StoredSeries, TypedValue } from './types';

const samplingPeriod = 5_000_000_000n;
const millisecond = 1_000_000n;

/** All series of all projects. */
export interface SeriesStore {
  /** Adds the one point of a series, or throws: out of order, too soon after the last, too many series on a resource. */
  readonly append: (series: CheckedSeries, kind: MetricKind) => void;
  readonly all: () => readonly StoredSeries[];
  /** Forgets the series of a deleted metric. */
  readonly removeMetric: (project: string, type: string) => void;
  readonly clear: () => void;
}

interface Entry extends StoredSeries {
  readonly points: StoredPoint[];
  start: bigint;
  end: bigint;
}

/** Makes an empty store; `limit` is how many series a monitored resource may have. */
export function createSeriesStore(limit: number): SeriesStore {
  const stored = new Map<string, Entry>();
  const perResource = new Map<string, number>();

  return {
    append(series, kind) {
      const key = seriesKey(series);
      const present = stored.get(key);
      const start = series.start ?? series.end;
      const point = { startMs: Number(start) / 1e6, endMs: Number(series.end) / 1e6, value: plainValue(series.value) };
      if (present) {
        checkOrder(kind, present, start, series.end);
        present.points.push(point);
        present.start = start;
        present.end = series.end;
        return;
      }
      const count = perResource.get(resourceKey(series)) ?? 0;
      if (count >= limit) {
        throw new StatusError(status.RESOURCE_EXHAUSTED, `Quota of active time series for a monitored resource exhausted: ${limit}.`);
      }
      perResource.set(resourceKey(series), count + 1);
      const { project, metric, resource, valueType } = series;
      stored.set(key, { project, metric, resource, kind, valueType, points: [point], start, end: series.end });
    },
    all: () =>
      [...stored.values()].map(({ project, metric, resource, kind, valueType, points }) => ({
        project,
        metric,
        resource,
        kind,
        valueType,
        points: [...points],
      })),
    removeMetric(project, type) {
      for (const [key, entry] of stored) {
        if (entry.project !== project || entry.metric.type !== type) continue;
        stored.delete(key);
        perResource.set(resourceKey(entry), (perResource.get(resourceKey(entry)) ?? 1) - 1);
      }
    },
    clear() {
      stored.clear();
      perResource.clear();
    },
  };
}

function resourceKey({ project, resource }: Pick<StoredSeries, 'project' | 'resource'>): string {
  return `${project} ${labelledKey(resource)}`;
}

function checkOrder(kind: MetricKind, last: Entry, start: bigint, end: bigint): void {
  if (end <= last.end) {
    throw invalid('Points must be written in order. One or more of the points specified had an older end time than the most recent point.');
  }
  if (kind === 'CUMULATIVE' && start !== last.start && start < last.end + millisecond) {
    throw invalid(
      'Points must be written in order. One or more of the points specified had an older start time than the most recent point.',
    );
  }
  if (end - last.end < samplingPeriod) {
    throw invalid('One or more points were written more frequently than the maximum sampling period configured for the metric.');
  }
}

function plainValue(value: TypedValue): StoredPoint['value'] {
  if (value.distributionValue) return value.distributionValue;
  return value.boolValue ?? value.doubleValue ?? value.stringValue ?? Number(value.int64Value?.toString());
}

function invalid(message: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, message);
}
