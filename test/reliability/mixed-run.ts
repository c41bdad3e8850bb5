/** Runs targets of several kinds in one run, as no deployed function does and the engine must bear. */
import * as http from '../../functions/http';
import * as journey from '../../functions/journey';
import * as postgres from '../../functions/postgres';
import * as redis from '../../functions/redis';
import * as tcp from '../../functions/tcp';
import * as websocket from '../../functions/websocket';
import { createCloud } from '../../shared/cloud/google';
import type { Config } from '../../shared/config/config';
import type { Runnable } from '../../shared/run/attempt';
import { execute, type ExecutionOptions } from '../../shared/run/execute';
import type { RunReport } from '../../shared/result';
import type { LogEntry } from '../../shared/telemetry/log';
import type { Point } from '../../shared/telemetry/points';
import { line } from '../support/line-kind';
import { configOf } from '../support/probing';
import type { Member, Members } from './company';
import { wild } from './wild-kind';

const withCode = [http, journey, postgres, redis, tcp, websocket].map(({ kind, probe }): Runnable => ({ kind, probe }));

/** Every kind that dials, those of the tests included, by name. */
export const runnables: Readonly<Record<string, Runnable>> = Object.fromEntries(
  [...withCode, line, wild].map((runnable) => [runnable.kind.name, runnable]),
);

/** @returns the kind with its code. */
export function runnableOf(kind: string): Runnable {
  const found = runnables[kind];
  if (!found) throw new Error(`${kind} does not dial`);
  return found;
}

/** @param more what every target has besides, e.g. its timeout. */
export function configFor(
  members: Members,
  more: Readonly<Record<string, unknown>>,
  sections: Readonly<Record<string, unknown>> = {},
): Config {
  const byKind: Record<string, Record<string, unknown>> = {};
  for (const [name, { kind, spec }] of Object.entries(members)) (byKind[kind] ??= {})[name] = { schedule: '* * * * *', ...more, ...spec };
  return configOf({ ...sections, ...byKind }, [line.kind, wild.kind]);
}

/** What a run said, printed and handed over to be written. */
export interface MixedRun {
  readonly report: RunReport;
  readonly logged: readonly LogEntry[];
  readonly points: readonly Point[];
  readonly tookMs: number;
}

/** What may be other than usual. */
export interface MixedOptions extends Partial<Pick<ExecutionOptions, 'send' | 'requestTimeoutMs'>> {
  /** `host:port` of an emulator. */
  readonly secretManager?: string;
  /** The targets' names in the order of the run; default: as configured. */
  readonly order?: readonly string[];
  readonly concurrency?: number;
  readonly attempts?: number;
}

/** Carries a run out, whole but for the API that its points go to. */
export async function runMixed(
  config: Config,
  { order, concurrency, attempts, send, requestTimeoutMs, secretManager }: MixedOptions = {},
): Promise<MixedRun> {
  const logged: LogEntry[] = [];
  const points: Point[] = [];
  const cloud = createCloud(config.project, { logLevel: 'error', secretManagerEmulator: secretManager });
  const targets = order ? order.flatMap((name) => config.targets.filter((target) => target.name === name)) : config.targets;
  const begun = performance.now();
  const report = await execute(
    { function: 'mixed', targets, trigger: 'schedule', shard: 0, attempts, record: true, coldStart: false },
    {
      config: { ...config, concurrency: concurrency ?? config.concurrency },
      runnable: runnableOf,
      cloud,
      requestTimeoutMs,
      prepare: async () => {},
      send:
        send ??
        (async (batch) => {
          points.push(...batch);
          return { written: batch.length, superseded: 0, unwritten: [] };
        }),
      log: (entry) => void logged.push(entry),
      reporter: { service: 'mixed', version: '0' },
    },
  );
  const tookMs = performance.now() - begun;
  await cloud.close();
  return { report, logged, points, tookMs };
}

/** @returns targets of the same kind under further names. */
export function repeated(name: string, member: Member, count: number): Members {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}-${index}`, member]));
}
