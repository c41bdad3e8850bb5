/** The error of a write that took some series and refused others (google/monitoring/v3/metric_service.proto, `CreateTimeSeriesSummary`). */
import { status } from '@grpc/grpc-js';
import type { LoadedProtos } from '../grpc-server';
import { StatusError } from '../status-error';
import type { SeriesIdentity } from './types';
import { groupBy } from '../../../shared/group';

/**
 * How the message names the refused series. The server's own shape has drifted, so a writer must live with each:
 * `plain` `timeSeries[0,2-4]`; `described` adds each series' resource and metric; `none` leaves them out.
 */
export type Indices = 'plain' | 'described' | 'none';

/** A refused series of a request. */
export interface RefusedSeries {
  readonly index: number;
  readonly error: StatusError;
  /** How many points it had. */
  readonly points: number;
  /** As the writer sent it. */
  readonly identity: Pick<SeriesIdentity, 'metric' | 'resource'>;
}

/** Builds the error for `total` points of which the given ones were refused. */
export function partialFailure(protos: LoadedProtos, refused: readonly RefusedSeries[], total: number, indices: Indices): StatusError {
  const groups = [...groupBy(refused, ({ error }) => `${error.code} ${error.message}`).values()];
  const errors = groups.map((group) => ({
    status: { code: group[0]?.error.code, message: group[0]?.error.message },
    pointCount: countPoints(group),
  }));
  const summary = { totalPointCount: total, successPointCount: total - countPoints(refused), errors };
  const texts = groups.map((group) => `${group[0]?.error.message}${naming[indices](group)}`);
  return new StatusError(topCode(refused), `One or more TimeSeries could not be written: ${texts.join('; ')}`, [
    {
      typeUrl: 'type.googleapis.com/google.monitoring.v3.CreateTimeSeriesSummary',
      value: protos.encode('google.monitoring.v3.CreateTimeSeriesSummary', summary),
    },
  ]);
}

function countPoints(refused: readonly RefusedSeries[]): number {
  return refused.reduce((sum, { points }) => sum + points, 0);
}

/** INTERNAL where any series failed internally; else the one code of all, or INVALID_ARGUMENT. */
function topCode(refused: readonly RefusedSeries[]): number {
  const codes = [...new Set(refused.map(({ error }) => error.code))];
  if (codes.includes(status.INTERNAL)) return status.INTERNAL;
  return codes.length === 1 && codes[0] !== undefined ? codes[0] : status.INVALID_ARGUMENT;
}

const naming: Readonly<Record<Indices, (group: readonly RefusedSeries[]) => string>> = {
  none: () => '',
  plain: (group) => `: timeSeries[${ranges(group.map(({ index }) => index))}]`,
  described: (group) =>
    `: ${group.map(({ index, identity }) => `${describe(identity.resource)} timeSeries[${index}]: ${describe(identity.metric)}`).join(', ')}`,
};

/** Three or more numbers in a row are a range, as in `0,2-6,64,65`. */
function ranges(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}

function describe({ type, labels }: SeriesIdentity['metric']): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return `${type}{${pairs.join(',')}}`;
}
