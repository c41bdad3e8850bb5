/** One path of the status function: what is there, and what answers. */
import type { Response } from '@google-cloud/functions-framework';
import type * as z from 'zod';
import type { Environment } from '../../shared/environment';
import { Fault } from '../../shared/fault';
import type { Kind } from '../../shared/probe';
import { refuse, sendJson, type Answer } from '../../shared/serve/handler';
import type { Instance } from '../../shared/serve/instance';
import { readFields, type Fields } from '../../shared/serve/read-fields';
import type { Log } from '../../shared/telemetry/log';
import type { Everything, Reading } from './reading';
import type { Look } from './viewer';

/** What every path has to answer with. */
export interface Surroundings {
  readonly instance: Instance;
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Every kind there is. */
  readonly kinds: readonly Kind[];
  /** The folder of the function. */
  readonly folder: string;
  readonly reading: Reading;
  /** Milliseconds that a reading may take for which somebody waits who looks at the page. */
  readonly readLimitMs: number;
  /** Says who asks. */
  readonly look: Look;
}

/** A path; `GET` answers `HEAD`, too. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The whole path, e.g. `/api/targets`. */
  readonly path: string;
  /** What is there, for people; with its parameters. */
  readonly what: string;
  /** Called once an instance; what it makes lives as long. */
  readonly start: (surroundings: Surroundings) => Answer;
}

/** The fields of a request that takes none. */
export const none: Fields<z.ZodRawShape> = { shape: {}, allowed: {}, truths: [], numbers: [] };

/** What was read, and why there is nothing newer or not all of it. */
export interface Sent {
  readonly document: object;
  readonly problem: Fault | null;
}

/** Whoever is answered all the same may not see that something could not be read. */
export function report(log: Log, problem: Fault | null): void {
  if (problem)
    log({ severity: 'ERROR', event: 'warning', message: `status: points could not be read: ${problem.reason}\n${problem.message}` });
}

/** Answers what can be read; what can't is our own fault, not that of what is watched. */
export async function sendRead(response: Response, log: Log, read: () => Promise<Sent>): Promise<void> {
  try {
    const { document, problem } = await read();
    report(log, problem);
    sendJson(response, 200, document);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report(log, error);
    refuse(response, 500, error.reason, error.message);
  }
}

/** @returns a path without parameters that is answered from everything that is kept. */
export function overviewRoute(path: string, what: string, documentOf: (everything: Everything) => object): Route {
  return {
    method: 'GET',
    path,
    what,
    start:
      ({ reading }) =>
      async (request, response, log) => {
        await readFields(request, none, 'query');
        await sendRead(response, log, async () => {
          const everything = await reading.everything();
          return { document: documentOf(everything), problem: everything.problem };
        });
      },
  };
}
