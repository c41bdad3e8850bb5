/** CreateTimeSeries: takes what it can of a request and refuses the rest. */
import { status } from '@grpc/grpc-js';
import type { LoadedProtos } from '../grpc-server';
import { StatusError } from '../status-error';
import type { Descriptors } from './descriptors';
import { projectOf } from './names';
import { partialFailure } from './partial-failure';
import type { Indices, RefusedSeries } from './partial-failure';
import { checkKindOfInterval, checkSeries } from './series-rules';
import type { SeriesStore } from './series-store';
import { seriesKey } from './types';
import type { CreateTimeSeriesRequest, SeriesIdentity, TimeSeries } from './types';

/** Refuses some series of each write on purpose. */
export interface WriteFault {
  readonly refuse?: (series: SeriesIdentity) => boolean;
  readonly indices?: Indices;
  readonly code: number;
  readonly message: string;
  /** How many writes it meets; without it, all. */
  readonly times?: number;
}

/** What a writer works with. */
export interface WriterParts {
  readonly protos: LoadedProtos;
  readonly descriptors: Descriptors;
  readonly store: SeriesStore;
  readonly clock: () => number;
  readonly indices: Indices;
}

/** Carries writes out. */
export interface Writer {
  /** Gives the empty answer, or throws what the server answers with. */
  write(request: CreateTimeSeriesRequest): object;
  /** Switches a fault on; what comes back switches it off. */
  refuse(fault: WriteFault): () => void;
  heal(): void;
}

/** Makes a writer. */
export function createWriter(parts: WriterParts): Writer {
  const faults = new Map<symbol, { fault: WriteFault; left: number }>();

  /** The faults that meet this write. */
  const takeFaults = (): WriteFault[] =>
    [...faults].map(([key, entry]) => {
      entry.left -= 1;
      if (entry.left <= 0) faults.delete(key);
      return entry.fault;
    });

  return {
    write(request) {
      const project = projectOf(request.name ?? '');
      const sent = request.timeSeries ?? [];
      if (sent.length === 0) throw new StatusError(status.INVALID_ARGUMENT, 'Request was missing field timeSeries.');
      if (sent.length > 200) {
        throw new StatusError(
          status.INVALID_ARGUMENT,
          `Field timeSeries had an invalid value: A maximum of 200 TimeSeries can be written in a single request.`,
        );
      }
      const active = takeFaults();
      const seen = new Set<string>();
      const refused: RefusedSeries[] = [];
      sent.forEach((series, index) => {
        const identity = identify(series, project);
        try {
          checkOnce(seen, seriesKey(identity), index);
          refuseOnPurpose(active, identity);
          writeOne(parts, series, project, index);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          refused.push({ index, error, identity, points: series.points?.length ?? 0 });
        }
      });
      if (refused.length === 0) return {};
      const total = sent.reduce((sum, { points }) => sum + (points?.length ?? 0), 0);
      const indices = active.find((fault) => fault.indices)?.indices ?? parts.indices;
      throw partialFailure(parts.protos, refused, total, indices);
    },
    refuse(fault) {
      const key = Symbol('refusal');
      faults.set(key, { fault, left: fault.times ?? Infinity });
      return () => void faults.delete(key);
    },
    heal: () => faults.clear(),
  };
}

function writeOne({ descriptors, store, clock }: WriterParts, series: TimeSeries, project: string, index: number): void {
  const checked = checkSeries(series, { project, index, nowMs: clock() });
  const descriptor = descriptors.admit(checked);
  checkKindOfInterval(checked, descriptor.metricKind, index);
  store.append(checked, descriptor.metricKind);
  descriptors.keep(descriptor);
}

function identify({ metric, resource }: TimeSeries, project: string): SeriesIdentity {
  return {
    project,
    metric: { type: metric?.type ?? '', labels: metric?.labels ?? {} },
    resource: { type: resource?.type ?? '', labels: { ...resource?.labels, project_id: resource?.labels?.['project_id'] || project } },
  };
}

function checkOnce(seen: Set<string>, key: string, index: number): void {
  if (seen.has(key)) {
    throw new StatusError(
      status.INVALID_ARGUMENT,
      `Field timeSeries[${index}] had an invalid value: Duplicate TimeSeries encountered. Only one point can be written per TimeSeries per request.`,
    );
  }
  seen.add(key);
}

function refuseOnPurpose(faults: readonly WriteFault[], identity: SeriesIdentity): void {
  const fault = faults.find(({ refuse }) => refuse?.(identity));
  if (fault) throw new StatusError(fault.code, fault.message);
}
