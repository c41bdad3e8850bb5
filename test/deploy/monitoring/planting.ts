/** How a mistake is planted: what is changed in a good document, and what has to be told. */
import type { Change, DocumentKind } from './planted';

/** One mistake. */
export interface Planted {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly changes: readonly Change[];
  /** Matches `path: message`. */
  readonly told: RegExp;
}

/** @returns a maker of mistakes in one kind of document: a name, a place, what is put there, what is told. */
export const planted =
  (kind: DocumentKind) =>
  (name: string, path: string, value: unknown, told: RegExp): Planted => ({ kind, name, changes: [[path, value]], told });

/** A filter of a metric of ours. */
export const filterOf = (metric: string, more = ''): string => `metric.type="${metric}" AND resource.type="generic_task"${more}`;
/** A filter of a BOOL metric. */
export const passed = 'metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND resource.type="uptime_url"';
