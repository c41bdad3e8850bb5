/** What CreateTimeSeries asks of one series, whatever is stored already (google/monitoring/v3: metric_service, metric and common.proto). */
import { status } from '@grpc/grpc-js';
import { StatusError } from '../status-error';
import { msToNanos, toNanos } from '../timestamps';
import { distributionFault } from './distribution';
import { checkLabelKey, checkLabelValue, checkMetricType, maxLabels, tooManyLabels } from './metric-type';
import { checkResource } from './resources';
import type { CheckedSeries, Labels, MetricKind, Point, TimeSeries, TypedValue, ValueType } from './types';

const oldest = msToNanos(25 * 3_600_000);
const newest = msToNanos(5 * 60_000);

/** Where a series stands: its project, its place in the request and the server's clock (milliseconds). */
export interface SeriesPlace {
  readonly project: string;
  readonly index: number;
  readonly nowMs: number;
}

/** Gives the series in a form that can be stored, or throws the `StatusError` that the server refuses it with. */
export function checkSeries(series: TimeSeries, place: SeriesPlace): CheckedSeries {
  const type = series.metric?.type ?? '';
  const labels: Labels = series.metric?.labels ?? {};
  checkMetricType(type);
  for (const [key, value] of Object.entries(labels)) {
    checkLabelKey(key);
    checkLabelValue(key, value);
  }
  if (Object.keys(labels).length > maxLabels) throw tooManyLabels(type);
  const resource = checkResource(series.resource?.type ?? '', series.resource?.labels ?? {}, place.project);
  const [point] = series.points ?? [];
  if (!point || series.points?.length !== 1) {
    throw invalid(
      `Field timeSeries[${place.index}].points had an invalid value: Only one point can be written per TimeSeries per request.`,
    );
  }
  const valueType = typeOfValue(point.value, place);
  const stated = enumName(series.valueType, 'VALUE_TYPE_UNSPECIFIED');
  if (stated !== undefined && stated !== valueType) throw invalid(`Value type for metric ${type} must be ${stated}, but is ${valueType}.`);
  const kind = kindOf(series, type, valueType);
  return {
    project: place.project,
    metric: { type, labels },
    resource,
    kind,
    valueType,
    value: point.value ?? {},
    ...interval(point, place),
  };
}

/** Throws where the interval does not suit the metric's kind. */
export function checkKindOfInterval(series: CheckedSeries, kind: MetricKind, index: number): void {
  const field = `Field timeSeries[${index}].points[0].interval.start_time had an invalid value`;
  if (kind === 'GAUGE' && series.start !== undefined && series.start !== series.end) {
    throw invalid(`${field}: The start time must be equal to the end time for the gauge metric '${series.metric.type}'.`);
  }
  if (kind === 'CUMULATIVE' && (series.start === undefined || series.start >= series.end)) {
    throw invalid(`${field}: The start time must be before the end time for the non-gauge metric '${series.metric.type}'.`);
  }
}

function kindOf(series: TimeSeries, type: string, valueType: ValueType): MetricKind | undefined {
  const stated = enumName(series.metricKind, 'METRIC_KIND_UNSPECIFIED');
  if (stated !== undefined && stated !== 'GAUGE' && stated !== 'CUMULATIVE') {
    throw invalid(`Metric kind for metric ${type} must be GAUGE or CUMULATIVE, but is ${stated}.`);
  }
  if (stated === 'CUMULATIVE' && (valueType === 'BOOL' || valueType === 'STRING')) {
    throw invalid(`Metric kind for metric ${type} must be GAUGE, but is CUMULATIVE: its value type is ${valueType}.`);
  }
  return stated;
}

function interval(point: Point, { index, nowMs }: SeriesPlace): { start: bigint | undefined; end: bigint } {
  const field = `Field timeSeries[${index}].points[0].interval.end_time had an invalid value`;
  const { startTime, endTime } = point.interval ?? {};
  if (!endTime) throw invalid(`${field}: The end time is required.`);
  const end = toNanos(endTime);
  const now = msToNanos(nowMs);
  if (end < now - oldest) throw invalid(`${field}: Data points cannot be written more than approximately 24 hours in the past.`);
  if (end > now + newest) throw invalid(`${field}: Data points cannot be written more than 5 minutes in the future.`);
  return { start: startTime ? toNanos(startTime) : undefined, end };
}

function typeOfValue(value: TypedValue | null | undefined, { index }: SeriesPlace): ValueType {
  if (value?.distributionValue) {
    const fault = distributionFault(value.distributionValue);
    if (fault) throw invalid(`Field timeSeries[${index}].points[0].distributionValue had an invalid value: ${fault}`);
    return 'DISTRIBUTION';
  }
  if (typeof value?.boolValue === 'boolean') return 'BOOL';
  if (typeof value?.doubleValue === 'number') return 'DOUBLE';
  if (typeof value?.stringValue === 'string') return 'STRING';
  if (value?.int64Value !== undefined && value.int64Value !== null) return 'INT64';
  throw invalid(`Field timeSeries[${index}].points[0].value had an invalid value: A point needs a value.`);
}

/** The name of an enum value as the server decodes it, or nothing where the sender left it out. */
function enumName<T extends string>(value: T | number | null | undefined, unspecified: T): T | undefined {
  return typeof value === 'string' && value !== unspecified ? value : undefined;
}

function invalid(message: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, message);
}
