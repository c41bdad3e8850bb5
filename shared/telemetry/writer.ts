/** Gathers the points of a run and sends them: few requests, none late, none lost without a line that holds it. */
import type { TelemetryCounts } from '../result';
import type { Log } from './log';
import { printedPoint, type Point } from './points';

/** The limit of CreateTimeSeries. */
export const seriesPerRequest = 200;
/** A point waits less than 5 s for others to share its request. */
const longestWaitMs = 4900;

/** How the points of one request fared. */
export interface Sent {
  readonly written: number;
  readonly superseded: number;
  readonly unwritten: readonly Point[];
  /** Why, where something was not written. */
  readonly problem?: string;
}

/** Sends at most 200 points; never throws. */
export type Send = (points: readonly Point[]) => Promise<Sent>;

export interface PointWriter {
  add(points: readonly Point[]): void;
  /** Sends what is left and waits for all; afterwards nothing is pending. */
  finish(): Promise<TelemetryCounts>;
}

/** @returns a writer for one run. */
export function createPointWriter(send: Send, log: Log, project: string): PointWriter {
  let gathered: Point[] = [];
  let timer: NodeJS.Timeout | undefined;
  const sending: Promise<Sent>[] = [];
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length === 0) return;
    sending.push(send(gathered));
    gathered = [];
  };
  return {
    add(points) {
      for (const point of points) {
        gathered.push(point);
        if (gathered.length === seriesPerRequest) flush();
      }
      if (gathered.length > 0) timer ??= setTimeout(flush, longestWaitMs);
    },
    async finish() {
      flush();
      const all = await Promise.all(sending);
      for (const { unwritten, problem } of all) {
        for (const point of unwritten) {
          log({
            severity: 'WARNING',
            event: 'point_unwritten',
            message: `a point was not written: ${problem ?? 'for no known reason'}`,
            point: printedPoint(point, project),
          });
        }
      }
      return {
        written: all.reduce((sum, { written }) => sum + written, 0),
        superseded: all.reduce((sum, { superseded }) => sum + superseded, 0),
        unwritten: all.reduce((sum, { unwritten }) => sum + unwritten.length, 0),
      };
    },
  };
}

/** Stands in where a run writes no points. */
export const noPoints: PointWriter = {
  add() {},
  async finish() {
    return { written: 0, superseded: 0, unwritten: 0 };
  },
};
