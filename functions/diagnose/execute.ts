/** One run of `diagnose`: reads the latest points, names the causes, and writes what follows from them. */
import { ulid } from 'ulid';
import { monotonic, timestamp } from '../../shared/clock';
import type { Config } from '../../shared/config/config';
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { Graph } from '../../shared/diagnose/graph';
import { toldOf, type Told } from '../../shared/diagnose/told';
import { describe, Fault } from '../../shared/fault';
import type { Asking } from '../../shared/latest/ask';
import { diagnoseLatest } from '../../shared/latest/diagnose-latest';
import { look, unknownRuns } from '../../shared/latest/look';
import { roundMs, type Trigger } from '../../shared/result';
import { watchLoop } from '../../shared/run/loop-watch';
import { blockedPoints, causePoints } from '../../shared/telemetry/diagnosis-points';
import type { Log } from '../../shared/telemetry/log';
import { heartbeatOf } from '../../shared/telemetry/points';
import type { Read } from '../../shared/telemetry/reader';
import { createPointWriter, noPoints, type Send } from '../../shared/telemetry/writer';
import { version } from '../../shared/version';
import type { DiagnoseReport } from './report';

/** What a caller asks for. */
export interface Execution {
  readonly function: string;
  readonly trigger: Trigger;
  readonly shard: number;
  /** False: no points are written. */
  readonly record: boolean;
  readonly coldStart: boolean;
}

/** What it is carried out with. */
export interface ExecutionOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly read: Read;
  readonly send: Send;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that reading may take. */
  readonly readLimitMs: number;
}

/** What was found out. */
interface Found {
  readonly causes: readonly Cause[];
  readonly told: Told;
}

/** Never throws for what Cloud Monitoring does; everything is written, or printed as unwritten, when it resolves. */
export async function execute(execution: Execution, options: ExecutionOptions): Promise<DiagnoseReport> {
  const { config, log, now } = options;
  const startedAt = timestamp(now());
  const begun = monotonic();
  const counts = { queries: 0, series: 0 };
  const loop = watchLoop();
  const found = await findOut(options, counted(options.read, counts));
  const durationMs = roundMs(monotonic() - begun);
  const loopDelayMs = roundMs(loop.longestMs());
  loop.stop();

  const writer = execution.record ? createPointWriter(options.send, log, config.project) : noPoints;
  const at = now();
  const { causes, told } = found instanceof Fault ? silence : found;
  const beat = { ...execution, durationMs, counts: { success: 0, degraded: 0, failure: 0, unknown: found instanceof Fault ? 1 : 0 } };
  writer.add([
    ...causePoints(told.active, config, at),
    ...blockedPoints(config.targets, told.blocked, config, at),
    ...heartbeatOf(beat, loopDelayMs, config, at),
  ]);
  const telemetry = await writer.finish();
  const report: DiagnoseReport = {
    runId: ulid(),
    function: execution.function,
    version,
    configHash: config.hash,
    environment: config.environment,
    trigger: execution.trigger,
    shard: execution.shard,
    startedAt,
    durationMs,
    coldStart: execution.coldStart,
    outcome: found instanceof Fault ? 'unknown' : 'success',
    reason: found instanceof Fault ? found.reason : null,
    message: found instanceof Fault ? found.message : '',
    causes: causes.map((cause) => ({ ...cause, active: told.active.includes(cause) })),
    blocked: config.targets.flatMap(({ kind, name }) => (told.blocked.get(name) ?? []).map((cause) => ({ kind, target: name, cause }))),
    read: counts,
    telemetry,
  };
  log({ severity: severityOf(report), event: 'run', ...report, message: `diagnose: ${sentenceOf(report)}` });
  return report;
}

/** Nothing is said: then the policies of the targets page by themselves. */
const silence: Found = { causes: [], told: { active: [], blocked: new Map() } };

async function findOut({ config, graph, now, readLimitMs }: ExecutionOptions, read: Read): Promise<Found | Fault> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), readLimitMs);
  try {
    const asking: Asking = { read, config, now: now(), signal: over.signal };
    const latest = await look(asking, { onlyTroubled: true });
    const diagnosis = await diagnoseLatest(graph, asking, latest);
    return { causes: diagnosis.causes, told: toldOf(diagnosis, latest, { consecutive: config.alerts.consecutive, unknownRuns }) };
  } catch (error) {
    return error instanceof Fault ? error : new Fault('internal', describe(error).message, { cause: error });
  } finally {
    clearTimeout(timer);
    // What is still on its way when one question failed is not waited for.
    over.abort();
  }
}

function counted(read: Read, counts: { queries: number; series: number }): Read {
  return async (query, signal) => {
    counts.queries += 1;
    const series = await read(query, signal);
    counts.series += series.length;
    return series;
  };
}

function severityOf({ outcome, causes }: DiagnoseReport): 'ERROR' | 'WARNING' | 'INFO' {
  if (outcome === 'unknown') return 'ERROR';
  return causes.length > 0 ? 'WARNING' : 'INFO';
}

function sentenceOf({ outcome, reason, message, causes, blocked }: DiagnoseReport): string {
  if (outcome === 'unknown') return `the points could not be read: ${reason}\n${message}`;
  if (causes.length === 0) return 'nothing is broken';
  const named = causes.map(({ cause, owner, active }) => `${cause} (${owner}${active ? '' : ', not yet lasting'})`).join(', ');
  return `${named}; ${new Set(blocked.map(({ target }) => target)).size} targets blocked`;
}
