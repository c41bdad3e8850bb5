/** Time series to write to the Monitoring emulator in tests. */
import type { protos } from '@google-cloud/monitoring';

export type Series = protos.google.monitoring.v3.ITimeSeries;

/** Where the emulator's clock stands in these tests, in seconds since 1970. */
export const now = 1_767_225_600;

export const prefix = 'custom.googleapis.com/synthetic';

/** What a test wants of a series; the rest is a valid GAUGE of one DOUBLE, now. */
export interface SeriesWish {
  readonly type?: string;
  readonly labels?: Record<string, string>;
  readonly resource?: Series['resource'];
  readonly kind?: Series['metricKind'];
  readonly valueType?: Series['valueType'];
  /** Seconds against the clock. */
  readonly end?: number;
  readonly start?: number;
  readonly value?: protos.google.monitoring.v3.ITypedValue;
  readonly points?: Series['points'];
}

export function task(target: string): NonNullable<Series['resource']> {
  return { type: 'generic_task', labels: { project_id: 'p', location: 'us-central1', namespace: 'staging', job: 'http', task_id: target } };
}

export function series(wish: SeriesWish = {}): Series {
  return {
    metric: { type: wish.type ?? `${prefix}/probe/latency`, labels: wish.labels ?? { kind: 'http' } },
    resource: wish.resource ?? task('backend'),
    metricKind: wish.kind,
    valueType: wish.valueType,
    points: wish.points ?? [point(wish.end ?? 0, wish.value ?? { doubleValue: 12.5 }, wish.start)],
  };
}

/** A point; times are in seconds against the clock. */
export function point(end: number, value: protos.google.monitoring.v3.ITypedValue, start?: number): protos.google.monitoring.v3.IPoint {
  return { interval: { endTime: time(end), ...(start === undefined ? {} : { startTime: time(start) }) }, value };
}

export function time(offset: number): { seconds: number; nanos: number } {
  const ms = Math.round((now + offset) * 1000);
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}
