/** Runs one target of a configuration as the functions do: same loader, same run; against real servers and emulators. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '../../functions/kinds';
import { createCloud } from '../../shared/cloud/google';
import type { Config } from '../../shared/config/config';
import { loadConfig } from '../../shared/config/load';
import type { Environment } from '../../shared/environment';
import type { Kind } from '../../shared/probe';
import type { Result } from '../../shared/result';
import type { Runnable } from '../../shared/run/attempt';
import { run } from '../../shared/run/run';
import { createRedactor } from '../../shared/secrets/redactor';

/** Where the emulators are, and what else a test may set. */
export interface ProbingOptions {
  readonly secretManager?: string;
  readonly platform?: string;
  /** Further top-level sections, e.g. `forbiddenHosts`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The targets to run; default: all of the configuration. */
  readonly only?: readonly string[];
}

const base = { environment: 'test', project: 'test-project', region: 'us-central1' };

/** Loads a configuration given as an object, by way of a real file. */
export function configOf(sections: Readonly<Record<string, unknown>>, more: readonly Kind[] = []): Config {
  const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-test-'));
  try {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...base, ...sections }));
    return loadConfig(path, [...kinds, ...more], {});
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs targets of one kind once.
 * @param targets the section of the kind, as in the configuration.
 */
export async function probeAll(
  runnable: Runnable,
  targets: Readonly<Record<string, unknown>>,
  options: ProbingOptions = {},
): Promise<readonly Result[]> {
  const more = kinds.some(({ name }) => name === runnable.kind.name) ? [] : [runnable.kind];
  const config = configOf({ ...options.config, [runnable.kind.name]: targets }, more);
  const chosen = config.targets.filter(({ name }) => options.only?.includes(name) ?? true);
  const environment: Environment = { logLevel: 'error', secretManagerEmulator: options.secretManager, platformEmulator: options.platform };
  const cloud = createCloud(config.project, environment);
  try {
    const { report } = await run(
      { runId: 'test-run', function: runnable.kind.name, targets: chosen, trigger: 'manual', shard: 0 },
      { config, runnable: () => runnable, cloud, redactor: createRedactor(), onResult: () => {} },
    );
    return report.results;
  } finally {
    await cloud.close();
  }
}

/** Runs one target; without a `confirm` of its own it is tried once. */
export async function probeOne(
  runnable: Runnable,
  target: Readonly<Record<string, unknown>>,
  options: ProbingOptions = {},
): Promise<Result> {
  const [result] = await probeAll(runnable, { target: { confirm: { attempts: 1 }, ...target } }, options);
  if (!result) throw new Error('the run gave no result');
  return result;
}
