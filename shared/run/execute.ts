/** A run with all that belongs to it: points, logs, error reports, all awaited, and the report. */
import { ulid } from 'ulid';
import { wallClock } from '../clock';
import type { Config, Target } from '../config/config';
import type { RunReport, Trigger } from '../result';
import type { Log } from '../telemetry/log';
import { heartbeatOf, pointsOf, type Place } from '../telemetry/points';
import { entryOf, type Reporter } from '../telemetry/result-log';
import { createRedactor } from '../secrets/redactor';
import { createPointWriter, noPoints, type Send } from '../telemetry/writer';
import { version } from '../version';
import { run, type RunOptions } from './run';

/** What a caller asked of a function. */
export interface Execution {
  readonly function: string;
  readonly targets: readonly Target[];
  readonly trigger: Trigger;
  readonly shard: number;
  readonly attempts?: number;
  /** False: no points are written. */
  readonly record: boolean;
  readonly coldStart: boolean;
}

/** The clients that a run needs: for its points, for secrets, for Google's REST APIs. */
export interface Needs {
  readonly points: boolean;
  readonly secrets: boolean;
  readonly rest: boolean;
}

/** What it is carried out with. */
export interface ExecutionOptions extends Omit<RunOptions, 'onResult' | 'redactor'> {
  readonly config: Config;
  readonly send: Send;
  /** Makes the clients that the run needs ready. */
  readonly prepare: (needs: Needs) => Promise<void>;
  readonly log: Log;
  readonly reporter: Reporter;
}

/** Carries the run out and tells of it; everything is written, or printed as unwritten, when it resolves. */
export async function execute(execution: Execution, options: ExecutionOptions): Promise<RunReport> {
  const { config, reporter } = options;
  const redactor = createRedactor();
  // What a library says of a point that it could not write comes from elsewhere; the texts of results are clean already.
  const ofPoints: Log = (entry) => options.log({ ...entry, message: redactor.redact(entry.message) });
  const runId = ulid();
  const place: Place = { region: config.region, environment: config.environment };
  const writer = execution.record ? createPointWriter(options.send, ofPoints, config.project) : noPoints;
  await options.prepare({
    points: execution.record,
    secrets: execution.targets.some(({ kind, secrets }) => secrets.length > 0 || options.runnable(kind).kind.asksSecretManager === true),
    rest: execution.targets.some(({ kind }) => options.runnable(kind).kind.asksRest === true),
  });
  const { report, loopDelayMs } = await run(
    { ...execution, runId },
    {
      ...options,
      redactor,
      onResult(result) {
        writer.add(pointsOf(result, place, wallClock()));
        options.log(entryOf(result, reporter, runId));
      },
    },
  );
  writer.add(heartbeatOf(report, loopDelayMs, place, wallClock()));
  const telemetry = await writer.finish();
  const { results, ...summary } = report;
  options.log({
    severity: report.verdict === 'healthy' ? 'INFO' : 'WARNING',
    event: 'run',
    message: `${execution.function}: ${report.verdict}, ${results.length} targets in ${Math.round(report.durationMs)} ms`,
    ...summary,
    telemetry,
  });
  // In the order in which people read it.
  const { function: name, configHash, environment, trigger, shard, startedAt, durationMs, verdict, counts } = report;
  const { coldStart } = execution;
  return {
    runId,
    function: name,
    version,
    configHash,
    environment,
    trigger,
    shard,
    startedAt,
    durationMs,
    coldStart,
    verdict,
    counts,
    results,
    telemetry,
  };
}
