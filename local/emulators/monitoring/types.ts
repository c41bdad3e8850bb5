/** The shapes that the parts of the Monitoring emulator share. */
import type { protos } from '@google-cloud/monitoring';

/** Requests and messages as they come off the wire: longs and enums are strings. */
export type TimeSeries = protos.google.monitoring.v3.ITimeSeries;
export type Point = protos.google.monitoring.v3.IPoint;
export type TypedValue = protos.google.monitoring.v3.ITypedValue;
export type Distribution = protos.google.api.IDistribution;
export type MetricDescriptor = protos.google.api.IMetricDescriptor;
export type LabelDescriptor = protos.google.api.ILabelDescriptor;
export type CreateTimeSeriesRequest = protos.google.monitoring.v3.ICreateTimeSeriesRequest;
export type ListTimeSeriesRequest = protos.google.monitoring.v3.IListTimeSeriesRequest;

export type MetricKind = 'GAUGE' | 'CUMULATIVE';
export type ValueType = 'BOOL' | 'INT64' | 'DOUBLE' | 'STRING' | 'DISTRIBUTION';
export type Labels = Readonly<Record<string, string>>;

/** A metric or a monitored resource: a type and its labels. */
export interface Labelled {
  readonly type: string;
  readonly labels: Labels;
}

/** Which series a point belongs to. */
export interface SeriesIdentity {
  /** The project as the writer named it: id or number. */
  readonly project: string;
  readonly metric: Labelled;
  readonly resource: Labelled;
}

/** One stored point; times in milliseconds since 1970, INT64 as a number. */
export interface StoredPoint {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: number | boolean | string | Distribution;
}

/** One stored series with its points, oldest first. */
export interface StoredSeries extends SeriesIdentity {
  readonly kind: MetricKind;
  readonly valueType: ValueType;
  readonly points: readonly StoredPoint[];
}

/** A series of a request that passed every rule which does not depend on what is stored. */
export interface CheckedSeries extends SeriesIdentity {
  readonly kind: MetricKind | undefined;
  readonly valueType: ValueType;
  readonly start: bigint | undefined;
  readonly end: bigint;
  readonly value: TypedValue;
}

/** One string for one series. */
export function seriesKey({ project, metric, resource }: SeriesIdentity): string {
  return JSON.stringify([project, labelledKey(metric), labelledKey(resource)]);
}

/** One string for one metric or resource, whatever the order of its labels. */
export function labelledKey({ type, labels }: Labelled): string {
  return JSON.stringify([type, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
