/** Writes points to Cloud Monitoring, and tells truthfully how each of them fared; reads them again. */
import { describe, Fault } from '../fault';
import { timeSeriesOf, type Point } from '../telemetry/points';
import { filterOf, type ReadPoint, type ReadSeries, type Read, type SeriesQuery } from '../telemetry/reader';
import type { Send, Sent } from '../telemetry/writer';
import { apiFault, call, code, codeOf } from './call';
import { field, openChannel, stamp, textMap, type Channel, type Service } from './grpc';
import { failedIndices, isBenign, summaryOf } from './write-summary';

const limits = { totalMs: 8000, tryMs: 4000 } as const;
/** Of one page, which may hold a hundred thousand points. */
const pageLimits = { totalMs: 15_000, tryMs: 8_000 } as const;

// Fields and numbers: google/monitoring/v3/metric_service.proto, metric.proto, common.proto; google/api/metric.proto, monitored_resource.proto.
const service: Service = {
  host: 'monitoring.googleapis.com',
  name: 'google.monitoring.v3.MetricService',
  messages: {
    nested: {
      CreateTimeSeriesRequest: { fields: { name: field('string', 3), timeSeries: field('TimeSeries', 2, 'repeated') } },
      Empty: { fields: {} },
      ListTimeSeriesRequest: {
        fields: {
          name: field('string', 10),
          filter: field('string', 2),
          interval: field('Interval', 4),
          view: field('int32', 7),
          pageToken: field('string', 9),
        },
      },
      ListTimeSeriesResponse: {
        fields: {
          timeSeries: field('TimeSeries', 1, 'repeated'),
          nextPageToken: field('string', 2),
          executionErrors: field('Status', 3, 'repeated'),
        },
      },
      TimeSeries: {
        fields: {
          metric: field('Metric', 1),
          resource: field('Resource', 2),
          metricKind: field('int32', 3),
          valueType: field('int32', 4),
          points: field('Point', 5, 'repeated'),
        },
      },
      Metric: { fields: { type: field('string', 3), labels: textMap(2) } },
      Resource: { fields: { type: field('string', 1), labels: textMap(2) } },
      Point: { fields: { interval: field('Interval', 1), value: field('Value', 2) } },
      Interval: { fields: { endTime: field('Stamp', 2), startTime: field('Stamp', 1) } },
      Value: { fields: { int64Value: field('int64', 2), doubleValue: field('double', 3) } },
      Stamp: stamp,
      Status: { fields: { code: field('int32', 1), message: field('string', 2) } },
    },
  },
};
const create = { name: 'CreateTimeSeries', request: 'CreateTimeSeriesRequest', answer: 'Empty' };
const list = { name: 'ListTimeSeries', request: 'ListTimeSeriesRequest', answer: 'ListTimeSeriesResponse' };
/** `TimeSeriesView.FULL`. */
const full = 0;
/** `MetricDescriptor.MetricKind` and `MetricDescriptor.ValueType`. */
const numbers = { GAUGE: 1, INT64: 2, DOUBLE: 3 } as const;

function wireSeries(point: Point, project: string): object {
  const { metricKind, valueType, ...series } = timeSeriesOf(point, project);
  return { ...series, metricKind: numbers[metricKind], valueType: numbers[valueType] };
}

/** @returns how the points of a refused request fared. */
function fate(points: readonly Point[], error: unknown): Sent {
  const problem = describe(error).message;
  const none: Sent = { written: 0, superseded: 0, unwritten: points, problem };
  const summary = summaryOf(error);
  if (!summary || summary.total !== points.length) return none;
  const benign = summary.errors.filter(({ message }) => isBenign(message)).reduce((sum, { count }) => sum + count, 0);
  if (summary.written + benign === summary.total) return { written: summary.written, superseded: benign, unwritten: [] };
  const failed = failedIndices(problem, summary);
  if (!failed) return none;
  return {
    written: summary.written,
    superseded: failed.benign.size,
    unwritten: points.filter((_, index) => failed.lost.has(index)),
    problem,
  };
}

/** The client of one instance. */
export interface Monitoring {
  readonly send: Send;
  readonly read: Read;
  /** Loads and connects what the first write would. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** The parts of `ListTimeSeriesResponse` that count, as the client gives them. */
interface Page {
  readonly timeSeries?: readonly WireSeries[] | null;
  readonly nextPageToken?: string | null;
  readonly executionErrors?: readonly { readonly message?: string | null }[] | null;
}
type Whole = number | string | { toString(): string };
interface WireSeries {
  readonly metric?: { readonly labels?: Readonly<Record<string, string>> | null } | null;
  readonly points?: readonly WirePoint[] | null;
}
interface WirePoint {
  readonly interval?: { readonly endTime?: { readonly seconds?: Whole | null; readonly nanos?: number | null } | null } | null;
  readonly value?: { readonly int64Value?: Whole | null; readonly doubleValue?: number | null } | null;
}

/** A decoded message shows the default of a field that was not sent; of a choice only what was sent counts. */
function own<M extends object, K extends keyof M>(message: M | null | undefined, name: K): M[K] | undefined {
  return message && Object.hasOwn(message, name) ? message[name] : undefined;
}

function readPoint({ interval, value }: WirePoint): ReadPoint {
  const { seconds, nanos } = interval?.endTime ?? {};
  return {
    at: Number(seconds?.toString() ?? 0) * 1000 + Math.round((nanos ?? 0) / 1e6),
    value: own(value, 'doubleValue') ?? Number(own(value, 'int64Value')?.toString() ?? NaN),
  };
}

/** All pages of an answer. A page is full when it holds enough points, so that a series may go on in the next. */
async function readAll(channel: Channel, project: string, query: SeriesQuery, signal: AbortSignal): Promise<readonly ReadSeries[]> {
  const stampOf = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 });
  const request = {
    name: `projects/${project}`,
    filter: filterOf(query),
    interval: { startTime: stampOf(query.fromMs), endTime: stampOf(query.toMs) },
    view: full,
  };
  const found: ReadSeries[] = [];
  for (let pageToken = ''; ;) {
    const page = await call({ ...pageLimits, signal }, (timeout) =>
      channel.call<Page>(list, { ...request, pageToken }, ['name', request.name], timeout),
    );
    // Fail closed: of what is missing nobody could say whether it works.
    const [incomplete] = page.executionErrors ?? [];
    if (incomplete) throw new Fault('api_unavailable', `Cloud Monitoring: the answer is not complete: ${incomplete.message ?? ''}`);
    for (const { metric, points } of page.timeSeries ?? [])
      found.push({ labels: metric?.labels ?? {}, points: (points ?? []).map(readPoint) });
    if (!page.nextPageToken) return found;
    pageToken = page.nextPageToken;
  }
}

/**
 * @param emulator `host:port` of a plaintext emulator, or undefined for the real API.
 * @returns what reads points, and what sends them: one CreateTimeSeries a call (https://cloud.google.com/monitoring/api/ref_v3/rpc), retried only while nothing of it was written.
 */
export function createMonitoring(project: string, emulator: string | undefined): Monitoring {
  const channel = openChannel(service, emulator);
  const name = `projects/${project}`;
  return {
    async send(points) {
      const request = { name, timeSeries: points.map((point) => wireSeries(point, project)) };
      try {
        await call({ ...limits, mayRetry: (error) => summaryOf(error) === undefined }, (timeout) =>
          channel.call(create, request, ['name', name], timeout),
        );
        return { written: points.length, superseded: 0, unwritten: [] };
      } catch (error) {
        return fate(points, error);
      }
    },
    async read(query, signal) {
      try {
        return await readAll(channel, project, query, signal);
      } catch (error) {
        // A metric without a descriptor: nobody has written it yet.
        if (codeOf(error) === code.notFound) return [];
        throw apiFault(error, 'Cloud Monitoring');
      }
    },
    ready: channel.ready,
    close: async () => channel.close(),
  };
}
