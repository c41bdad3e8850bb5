/** What tests of the sign-off do with the embedded stack. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Verification } from '../../shared/verify/verification';

const run = promisify(execFile);

/** Asks the function `verify` behind the stack's port. */
export async function askVerify(base: string, body: object): Promise<Verification> {
  const response = await fetch(`${base}/functions/verify`, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`);
  return JSON.parse(text) as Verification;
}

/** Switches a fault, and waits until that is in effect. */
export async function switchFault(base: string, name: string, on: boolean): Promise<void> {
  const response = await fetch(`${base}/faults/${name}`, { method: 'POST', body: JSON.stringify({ on }) });
  if (response.status !== 200) throw new Error(`${name}: status ${response.status}: ${await response.text()}`);
}

/** @returns the process of a function that a program of the stack has started. */
export async function processOf(programId: number, kind: string): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'pid=,args=', '--ppid', String(programId)]);
  const line = stdout.split('\n').find((each) => each.endsWith(`--target=${kind}`));
  if (line === undefined) throw new Error(`no process of ${kind} among the children of ${programId}`);
  return Number.parseInt(line, 10);
}
