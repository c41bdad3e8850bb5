/** Prometheus' own tool on PromQL: whether queries are PromQL, and what they answer. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** @returns what promtool prints. @throws with what it prints where it is not content, or where it is missing: Debian's package `prometheus` has it. */
export async function promtool(command: readonly string[], file: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'synthetics-promtool-'));
  const path = join(folder, 'file.yaml');
  writeFileSync(path, JSON.stringify(file));
  try {
    const { stdout, stderr } = await promisify(execFile)('promtool', [...command, path]);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${stdout}${stderr}` || message, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
