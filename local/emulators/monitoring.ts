/** Cloud Monitoring's MetricService on loopback, as strict as the real one about what may be written. */
import { status } from '@grpc/grpc-js';
import { createFaults } from './faults';
import type { Fault } from './faults';
import { loadProtos, startGrpcServer } from './grpc-server';
import { createDescriptors } from './monitoring/descriptors';
import type { StoredDescriptor } from './monitoring/descriptors';
import { listSeries } from './monitoring/list-series';
import type { Indices } from './monitoring/partial-failure';
import { createSeriesStore } from './monitoring/series-store';
import type { CreateTimeSeriesRequest, ListTimeSeriesRequest, SeriesIdentity, StoredSeries } from './monitoring/types';
import { createWriter } from './monitoring/write';

/** How to start the emulator. */
export interface MonitoringEmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The server's clock, in milliseconds since 1970. */
  readonly clock?: () => number;
  /** How errors name the refused series; `plain` unless said otherwise. */
  readonly indices?: Indices;
  /** Series a monitored resource may have (200 000), descriptors a project may have (10 000), points on a page (100 000). */
  readonly limits?: { readonly seriesPerResource?: number; readonly descriptors?: number; readonly pointsOnPage?: number };
}

/** What can go wrong with calls, and with single series of a write. */
export interface MonitoringFault extends Fault {
  /** Refuses these series of each write and takes the rest; `code` and `message` (INTERNAL unless given) are then theirs. */
  readonly refuse?: (series: SeriesIdentity) => boolean;
  /** How errors name the refused series while the fault is on. */
  readonly indices?: Indices;
}

/** One CreateTimeSeries call. */
export interface WriteRequest {
  /** When it arrived, by the server's clock. */
  readonly atMs: number;
  /** How many series it had; each has one point, unless it breaks that rule. */
  readonly series: number;
}

/** Methods that read series, and that keep descriptors. */
export type MetricMethod =
  'ListTimeSeries' | 'CreateMetricDescriptor' | 'GetMetricDescriptor' | 'ListMetricDescriptors' | 'DeleteMetricDescriptor';

/** A running emulator. */
export interface MonitoringEmulator {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Everything that was written and is stored. */
  series(): readonly StoredSeries[];
  /** Every metric descriptor, created or automatic. */
  descriptors(): readonly StoredDescriptor[];
  /** The log of CreateTimeSeries calls, also of those that a fault met. */
  requests(): readonly WriteRequest[];
  /** Carries a method out as the server does, without the wire; faults and logs don't meet it. Throws a StatusError. */
  ask(method: MetricMethod, request: object): object;
  /** How often each method was called. */
  calls(): Readonly<Record<string, number>>;
  /** Forgets series, descriptors and logs; faults stay. */
  clear(): void;
  /** Switches a fault on, besides those that are; what comes back switches it off. */
  fault(fault: MonitoringFault): () => void;
  /** Switches all faults off. */
  heal(): void;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/** Starts the emulator on loopback. */
export async function startMonitoringEmulator(options: MonitoringEmulatorOptions = {}): Promise<MonitoringEmulator> {
  const clock = options.clock ?? (() => Date.now());
  const protos = loadProtos('@google-cloud/monitoring', 'google/monitoring/v3/metric_service.proto');
  const faults = createFaults();
  const descriptors = createDescriptors(options.limits?.descriptors ?? 10_000);
  const store = createSeriesStore(options.limits?.seriesPerResource ?? 200_000);
  const writer = createWriter({ protos, descriptors, store, clock, indices: options.indices ?? 'plain' });
  const requests: WriteRequest[] = [];
  const calls = new Map<string, number>();

  const methods = {
    CreateTimeSeries: (request: CreateTimeSeriesRequest) => writer.write(request),
    ListTimeSeries: (request: ListTimeSeriesRequest) =>
      listSeries(
        request,
        store.all(),
        ({ project, metric }) => descriptors.all().find(({ name }) => name === `projects/${project}/metricDescriptors/${metric.type}`),
        options.limits?.pointsOnPage,
      ),
    CreateMetricDescriptor: descriptors.create,
    GetMetricDescriptor: descriptors.get,
    ListMetricDescriptors: descriptors.list,
    DeleteMetricDescriptor(request: { name: string }) {
      const { project, type } = descriptors.remove(request);
      store.removeMetric(project, type);
      return {};
    },
  };
  const server = await startGrpcServer({
    protos,
    service: 'google.monitoring.v3.MetricService',
    port: options.port,
    faults,
    onCall(method, request) {
      calls.set(method, (calls.get(method) ?? 0) + 1);
      if (method === 'CreateTimeSeries')
        requests.push({ atMs: clock(), series: (request as CreateTimeSeriesRequest).timeSeries?.length ?? 0 });
    },
    methods,
  });

  return {
    address: server.address,
    series: store.all,
    descriptors: descriptors.all,
    requests: () => [...requests],
    ask: (method, request) => (methods[method] as (asked: object) => object)(request),
    calls: () => Object.fromEntries(calls),
    clear() {
      store.clear();
      descriptors.clear();
      requests.length = 0;
      calls.clear();
    },
    fault({ refuse, indices, ...fault }) {
      if (!refuse && !indices) return faults.add(fault);
      const { code, message, times, ...rest } = fault;
      const heals = [
        writer.refuse({ refuse, indices, times, code: code ?? status.INTERNAL, message: message ?? 'Internal error encountered.' }),
        faults.add(rest),
      ];
      return () => heals.forEach((heal) => heal());
    },
    heal() {
      faults.clear();
      writer.heal();
    },
    close: server.close,
  };
}
