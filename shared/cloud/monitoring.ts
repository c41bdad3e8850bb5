/** Writes points to Cloud Monitoring, and tells truthfully how each of them fared; reads them again. */
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client';
import { grpc } from 'google-gax';
import { describe, Fault } from '../fault';
import { timeSeriesOf, type Point } from '../telemetry/points';
import { filterOf, type ReadPoint, type ReadSeries, type Read, type SeriesQuery } from '../telemetry/reader';
import type { Send, Sent } from '../telemetry/writer';
import { apiFault, call, code, codeOf, emulatorAddress, initialized } from './call';
import { failedIndices, isBenign, summaryOf } from './write-summary';

const limits = { totalMs: 8000, tryMs: 4000 } as const;
/** Of one page, which may hold a hundred thousand points. */
const pageLimits = { totalMs: 15_000, tryMs: 8_000 } as const;

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

function readPoint({ interval, value }: WirePoint): ReadPoint {
  const { seconds, nanos } = interval?.endTime ?? {};
  return {
    at: Number(seconds?.toString() ?? 0) * 1000 + Math.round((nanos ?? 0) / 1e6),
    value: value?.doubleValue ?? Number(value?.int64Value?.toString() ?? NaN),
  };
}

/** All pages of an answer. A page is full when it holds enough points, so that a series may go on in the next. */
async function readAll(
  client: MetricServiceClient,
  project: string,
  query: SeriesQuery,
  signal: AbortSignal,
): Promise<readonly ReadSeries[]> {
  const stamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 });
  const request = {
    name: `projects/${project}`,
    filter: filterOf(query),
    interval: { startTime: stamp(query.fromMs), endTime: stamp(query.toMs) },
    view: 'FULL' as const,
  };
  const found: ReadSeries[] = [];
  for (let pageToken = ''; ;) {
    const page = await call({ ...pageLimits, signal }, async (timeout): Promise<Page> => {
      const [, , answer] = await client.listTimeSeries(
        { ...request, pageToken },
        { autoPaginate: false, timeout, retry: { retryCodes: [] } },
      );
      return answer ?? {};
    });
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
  const client = new MetricServiceClient({
    projectId: project,
    ...(emulator ? { ...emulatorAddress(emulator), sslCreds: grpc.credentials.createInsecure() } : {}),
  });
  return {
    async send(points) {
      const request = { name: `projects/${project}`, timeSeries: points.map((point) => timeSeriesOf(point, project)) };
      try {
        await call({ ...limits, mayRetry: (error) => summaryOf(error) === undefined }, (timeout) =>
          client.createTimeSeries(request, { timeout, retry: { retryCodes: [] } }),
        );
        return { written: points.length, superseded: 0, unwritten: [] };
      } catch (error) {
        return fate(points, error);
      }
    },
    async read(query, signal) {
      try {
        return await readAll(client, project, query, signal);
      } catch (error) {
        // A metric without a descriptor: nobody has written it yet.
        if (codeOf(error) === code.notFound) return [];
        throw apiFault(error, 'Cloud Monitoring');
      }
    },
    ready: () => initialized(client),
    close: () => client.close(),
  };
}
