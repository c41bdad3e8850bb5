/** What was measured: in `build/bench/results.json`, and in `bench/results.json` where it is for the README. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Figure } from './figures';

const kept = resolve(__dirname, '../../bench/results.json');
const own = resolve(__dirname, 'results.json');

/** What one measurement gave, and when and where. */
export interface Measured {
  readonly startedAt: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
}

/** By the name of the measurement. */
export type Results = Readonly<Record<string, Measured>>;

/** @returns those of the README. @throws where there are none that can be read. */
export function readResults(): Results {
  return JSON.parse(readFileSync(kept, 'utf8')) as Results;
}

/** Keeps them; nobody ever reads a part. */
export async function writeResults(results: Results, isForReadme: boolean): Promise<void> {
  const path = isForReadme ? kept : own;
  await writeFile(`${path}.new`, `${JSON.stringify(results, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
