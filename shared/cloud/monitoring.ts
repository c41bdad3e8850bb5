/** Writes points to Cloud Monitoring, and tells truthfully how each of them fared. */
import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client';
import { grpc } from 'google-gax';
import { describe } from '../fault';
import { timeSeriesOf, type Point } from '../telemetry/points';
import type { Send, Sent } from '../telemetry/writer';
import { call, emulatorAddress, initialized } from './call';
import { failedIndices, isBenign, summaryOf } from './write-summary';

const limits = { totalMs: 8000, tryMs: 4000 } as const;

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
  /** Loads and connects what the first write would. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param emulator `host:port` of a plaintext emulator, or undefined for the real API.
 * @returns what sends points: one CreateTimeSeries a call (https://cloud.google.com/monitoring/api/ref_v3/rpc), retried only while nothing of it was written.
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
    ready: () => initialized(client),
    close: () => client.close(),
  };
}
