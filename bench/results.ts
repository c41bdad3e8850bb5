/** What was measured, kept in `bench/results.json`. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Figure } from './figures';

const path = resolve(__dirname, '../../bench/results.json');

/** What one measurement gave, and when and where. */
export interface Measured {
  readonly startedAt: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
}

/** By the name of the measurement. */
export type Results = Readonly<Record<string, Measured>>;

/** @throws where there are none that can be read. */
export function readResults(): Results {
  return JSON.parse(readFileSync(path, 'utf8')) as Results;
}

/** Keeps them; nobody ever reads a part. */
export async function writeResults(results: Results): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(results, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
