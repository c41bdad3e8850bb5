/** `synthetics run`: one round here and now, in this process, by the same code as the functions. */
import { kinds } from '../../functions/kinds';
import { pause } from '../../shared/clock';
import type { Target } from '../../shared/config/config';
import { readEnvironment } from '../../shared/environment';
import { textReport } from '../../shared/report/text';
import { countOutcomes, roundMs, verdictOf, type RunReport, type Verdict } from '../../shared/result';
import type { AnyProbe } from '../../shared/probe';
import type { Runnable } from '../../shared/run/attempt';
import { execute } from '../../shared/run/execute';
import { createInstance, type Instance } from '../../shared/serve/instance';
import type { Log } from '../../shared/telemetry/log';
import { version } from '../../shared/version';
import { exitCodes, type Arguments, type Command, type ExitCode } from '../command';
import { select } from '../select';
import { clearScreen, complain, print } from '../terminal';

/** Between two rounds of `--watch`: points of one series may not come more often. */
const betweenRoundsMs = 10_000;

const codes: Readonly<Record<Verdict, ExitCode>> = {
  healthy: exitCodes.good,
  degraded: exitCodes.good,
  unhealthy: exitCodes.bad,
  unknown: exitCodes.unknown,
};

/** The probes are loaded by name, so that only the drivers of the kinds that run are loaded. */
async function loadRunnable(name: string): Promise<Runnable> {
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`there is no kind ${name}`);
  const { probe } = (await import(`../../functions/${name}.js`)) as { probe: AnyProbe };
  return { kind, probe };
}

/** What was lost is told even here; results are told by the answer. */
const log: Log = (entry) => {
  if (entry.event === 'point_unwritten') complain(JSON.stringify(entry));
};

/** @returns the reports of several functions as one. */
function merge(reports: readonly RunReport[], config: Instance['config']): RunReport {
  const results = reports.flatMap((report) => report.results);
  const sum = (key: keyof RunReport['telemetry']): number => reports.reduce((total, { telemetry }) => total + telemetry[key], 0);
  return {
    runId: reports[0]?.runId ?? '',
    function: 'run',
    version,
    configHash: config.hash,
    environment: config.environment,
    trigger: 'manual',
    shard: 0,
    startedAt: reports.map(({ startedAt }) => startedAt).toSorted()[0] ?? '',
    durationMs: roundMs(Math.max(0, ...reports.map(({ durationMs }) => durationMs))),
    coldStart: true,
    verdict: verdictOf(results),
    counts: countOutcomes(results),
    results,
    telemetry: { written: sum('written'), superseded: sum('superseded'), unwritten: sum('unwritten') },
  };
}

async function round(instance: Instance, targets: readonly Target[], record: boolean): Promise<RunReport> {
  const names = [...new Set(targets.map(({ kind }) => kind))];
  const runnables = new Map(await Promise.all(names.map(async (name) => [name, await loadRunnable(name)] as const)));
  const runnable = (name: string): Runnable => {
    const found = runnables.get(name);
    if (!found) throw new Error(`kind ${name} is not loaded`);
    return found;
  };
  const reports = await Promise.all(
    names.map((name) =>
      execute(
        { function: name, targets: targets.filter(({ kind }) => kind === name), trigger: 'manual', shard: 0, record, coldStart: true },
        { ...instance, runnable, log, reporter: { service: name, version } },
      ),
    ),
  );
  return merge(reports, instance.config);
}

async function carryOut({ config, positionals, values }: Arguments): Promise<ExitCode> {
  const instance = createInstance(config, kinds, readEnvironment());
  try {
    const targets = select(positionals, instance.config.targets);
    for (;;) {
      const report = await round(instance, targets, values['record'] === true);
      if (values['watch'] === true) clearScreen();
      print(values['json'] === true ? JSON.stringify(report, null, 2) : textReport(report));
      if (values['watch'] !== true) return codes[report.verdict];
      await pause(betweenRoundsMs);
    }
  } finally {
    await instance.close();
  }
}

export const run: Command = {
  summary: 'one round here and now; exits with 0 healthy or degraded, 1 unhealthy, 3 unknown',
  operands: '[kind or target…]',
  options: {
    json: { type: 'boolean', help: '--json              the whole answer as JSON' },
    watch: { type: 'boolean', help: '--watch             again every 10 s until Ctrl-C' },
    record: { type: 'boolean', help: '--record            writes the points, too' },
  },
  run: carryOut,
};
