/** Functions under the functions framework as they are deployed: a process each, started from its folder. */
import { resolve } from 'node:path';
import { memory } from '../deploy/plan/functions';
import { runtimeEnvironment } from '../deploy/plan/runtime-environment';
import { freePort } from '../local/services/free-port';
import { ask, askWhenUp, type Answered } from './ask';
import { startMeasured, type MeasuredProcess } from './measured-process';
import type { Surroundings } from './surroundings';

const root = resolve(__dirname, '../..');
const framework = resolve(root, 'node_modules/@google-cloud/functions-framework/build/src/main.js');

/** Where a function lies, and what it is told. */
export interface FunctionFolder {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** @returns one of ours, with a configuration. */
export function ours(name: string, configPath: string, { addresses }: Surroundings, monitoring = addresses.monitoring): FunctionFolder {
  return {
    name,
    folder: resolve(root, 'dist/functions', name),
    environment: {
      SYNTHETICS_CONFIG: configPath,
      MONITORING_EMULATOR_HOST: monitoring,
      SECRET_MANAGER_EMULATOR_HOST: addresses.secretManager,
      PLATFORM_EMULATOR_HOST: addresses.platform,
      ...runtimeEnvironment(memory.sizesMiB[0]),
    },
  };
}

/** A function whose process runs. */
export interface RunningFunction extends MeasuredProcess {
  readonly url: string;
}

/** Starts a function's process; does not wait until it listens. */
export async function launch({ name, folder, environment }: FunctionFolder): Promise<RunningFunction> {
  const port = await freePort();
  const base = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', PORT: String(port) };
  const started = startMeasured(
    process.execPath,
    [framework, `--source=${folder}`, `--target=${name}`],
    { ...base, ...environment },
    folder,
  );
  return { ...started, url: `http://127.0.0.1:${port}` };
}

/** Starts a function and waits for its first answer. */
export async function start(folder: FunctionFolder): Promise<RunningFunction> {
  const running = await launch(folder);
  await askWhenUp(`${running.url}/favicon.ico`, running);
  return running;
}

/** What of a run's answer the measurements look at. */
export interface RunAnswer {
  readonly durationMs: number;
  readonly counts: { readonly success: number };
  readonly results: readonly {
    readonly startedAt: string;
    readonly durationMs: number;
    readonly phases: Readonly<Record<string, number>>;
    readonly observed: Readonly<Record<string, unknown>>;
  }[];
  readonly telemetry: { readonly written: number; readonly unwritten: number; readonly superseded: number };
}

/** @returns the answer of a run in which every target succeeded and every point was written. */
export function runOf({ status, text }: Answered): RunAnswer {
  const answer = JSON.parse(text) as RunAnswer;
  const { counts, results, telemetry } = answer;
  if (status !== 200 || counts.success !== results.length || telemetry.unwritten + telemetry.superseded > 0)
    throw new Error(`a run went wrong (${status}): ${text.slice(0, 2000)}`);
  return answer;
}

/** Makes a run of all targets. */
export async function run({ url }: { readonly url: string }): Promise<RunAnswer & { readonly at: number }> {
  const answered = await ask(`${url}/`);
  return { ...runOf(answered), at: answered.at };
}
