/** ListTimeSeries: finds series by filter and interval, without aggregation. */
import { status } from '@grpc/grpc-js';
import { groupBy } from '../../../shared/group';
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { fromMs, toMs } from '../timestamps';
import type { StoredDescriptor } from './descriptors';
import { matchesSeries, parseFilter } from './filter';
import { projectOf } from './names';
import type { ListTimeSeriesRequest, StoredPoint, StoredSeries } from './types';

/** What a page may hold at most (google.monitoring.v3, `ListTimeSeriesRequest.page_size`). */
const largestPage = 100_000;

/**
 * Answers a request; points come newest first. A filter must name one metric type, an interval must have both ends.
 * @param largest what a page may hold at most: points or, where only headers are asked for, series. A series may go on on the next page.
 */
export function listSeries(
  request: ListTimeSeriesRequest,
  all: readonly StoredSeries[],
  unitOf: (series: StoredSeries) => Pick<StoredDescriptor, 'unit'> | undefined,
  largest = largestPage,
): object {
  const project = projectOf(request.name ?? '');
  const terms = parseFilter(request.filter ?? '');
  if (terms.filter(({ field, exact }) => field === 'metric.type' && exact).length !== 1) {
    throw invalid(`Field filter had an invalid value of "${request.filter}": must specify a single metric type: metric.type = "…".`);
  }
  if (request.aggregation || request.secondaryAggregation) {
    throw new StatusError(status.UNIMPLEMENTED, 'The emulator does not aggregate.');
  }
  if (request.orderBy) throw invalid('Field orderBy is unsupported: it must be left blank.');
  const { from, to } = readInterval(request);
  const found = all
    .filter((series) => series.project === project && matchesSeries(terms, series))
    .map((series) => ({ series, points: series.points.filter(({ endMs }) => endMs > from && endMs <= to) }))
    .filter(({ points }) => points.length > 0);
  const hasPoints = request.view !== 'HEADERS';
  const entries = found.flatMap(({ series, points }): Entry[] =>
    hasPoints ? points.toReversed().map((point) => ({ series, points: [point] })) : [{ series, points: [] }],
  );
  const { items, nextPageToken } = cutPage(entries, request.pageSize ?? 0, request.pageToken ?? '', largest);
  return {
    timeSeries: [...groupBy(items, ({ series }) => series)].map(([series, parts]) => ({
      metric: series.metric,
      resource: series.resource,
      metricKind: series.kind,
      valueType: series.valueType,
      unit: unitOf(series)?.unit ?? '',
      points: parts.flatMap(({ points }) => points).map((point) => encodePoint(point, series.valueType)),
    })),
    nextPageToken,
  };
}

interface Entry {
  readonly series: StoredSeries;
  readonly points: readonly StoredPoint[];
}

function readInterval({ interval }: ListTimeSeriesRequest): { from: number; to: number } {
  if (!interval?.endTime) throw invalid('Field interval.endTime is required.');
  if (!interval.startTime) throw invalid('Field interval.startTime is required.');
  const [from, to] = [toMs(interval.startTime), toMs(interval.endTime)];
  if (from >= to) throw invalid('Field interval.startTime must be earlier than the end time.');
  return { from, to };
}

const fields = {
  BOOL: 'boolValue',
  INT64: 'int64Value',
  DOUBLE: 'doubleValue',
  STRING: 'stringValue',
  DISTRIBUTION: 'distributionValue',
} as const satisfies Record<StoredSeries['valueType'], string>;

function encodePoint({ startMs, endMs, value }: StoredPoint, type: StoredSeries['valueType']): object {
  return {
    interval: { startTime: fromMs(startMs), endTime: fromMs(endMs) },
    value: { [fields[type]]: value },
  };
}

function invalid(message: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, message);
}
