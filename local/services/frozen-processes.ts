/** Stops and continues a whole server, its child processes too, as a hanging machine would. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from './error-code';

const run = promisify(execFile);

/**
 * Sends SIGSTOP to a process and all its children. The kernel goes on accepting connections for it, but nobody answers them.
 * @returns the ids of all that were stopped, the given one first
 */
export async function freezeProcesses(pid: number): Promise<number[]> {
  process.kill(pid, 'SIGSTOP');
  const frozen = [pid];
  for (;;) {
    // A signal to another process takes effect a moment later; until then it may still make children.
    await delay(10);
    const awake = (await childrenOf(pid)).filter((child) => !frozen.includes(child));
    if (awake.length === 0 && frozen.length > 0) return frozen;
    for (const child of awake) signalIfAlive(child, 'SIGSTOP');
    frozen.push(...awake);
  }
}

/** Continues what `freezeProcesses` stopped, the children first. */
export function thawProcesses(frozen: readonly number[]): void {
  for (const pid of frozen.toReversed()) signalIfAlive(pid, 'SIGCONT');
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  try {
    return numbers(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  } catch {
    // macOS has no /proc.
    const { stdout } = await run('ps', ['-A', '-o', 'ppid=,pid=']);
    return stdout
      .split('\n')
      .map(numbers)
      .flatMap(([parent, child]) => (parent === pid && child !== undefined ? [child] : []));
  }
}

function numbers(text: string): number[] {
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}
