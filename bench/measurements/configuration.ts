/** A configuration of 10 000 targets: how long it takes to load, to check and to plan. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { kinds } from '../../functions/kinds';
import { monotonic } from '../../shared/clock';
import { loadConfig } from '../../shared/config/load';
import { configurationOf, targetOf, targetsOf, writeConfiguration } from '../configurations';
import { alone, compare, type Figure } from '../figures';
import type { Surroundings } from '../surroundings';

const execute = promisify(execFile);
const targets = 10_000;
const readings = 3;
const command = resolve(__dirname, '../../../cli/synthetics.js');

async function timed(work: () => unknown): Promise<number> {
  const began = monotonic();
  await work();
  return monotonic() - began;
}

async function taken(work: () => unknown): Promise<readonly number[]> {
  const all: number[] = [];
  for (let reading = 0; reading < readings; reading += 1) all.push(await timed(work));
  return all;
}

const mixed = ['http', 'tcp', 'postgres', 'websocket'] as const;

/** Four kinds in equal parts, as YAML and compiled; against parsers that check nothing. */
export async function measureConfiguration(surroundings: Surroundings): Promise<readonly Figure[]> {
  const { folder } = surroundings;
  const named = (kind: string): Readonly<Record<string, object>> =>
    Object.fromEntries(
      Object.entries(targetsOf(targets / mixed.length, () => targetOf(kind, surroundings))).map(([name, target]) => [
        `${kind}-${name}`,
        target,
      ]),
    );
  const configuration = configurationOf(Object.fromEntries(mixed.map((kind) => [kind, named(kind)])));
  const json = await writeConfiguration(folder, 'big', configuration);
  const yaml = join(folder, 'big.yaml');
  await writeFile(yaml, stringify(configuration));
  const parsers = { name: 'parser', readings: await taken(() => JSON.parse(readFileSync(json, 'utf8'))) };
  const yamlParser = { name: 'parser', readings: await taken(() => parse(readFileSync(yaml, 'utf8'), { maxAliasCount: 0 })) };
  const cli = (...args: readonly string[]): Promise<unknown> =>
    execute(process.execPath, [command, ...args], { maxBuffer: 2 ** 28 }).catch((error: unknown) => {
      // Such a plan exceeds quotas, which is what exit code 1 says.
      if ((error as { readonly code?: unknown }).code !== 1) throw error;
    });
  return [
    compare('load, compiled', 'ms', await taken(() => loadConfig(json, kinds)), parsers),
    compare('load, YAML', 'ms', await taken(() => loadConfig(yaml, kinds)), yamlParser),
    alone('synthetics check', 'ms', await taken(() => cli('check', '--config', yaml))),
    alone('synthetics plan', 'ms', await taken(() => cli('plan', '--config', yaml))),
  ];
}
