/** Asks the system about processes. */
import { readFileSync } from 'node:fs';

/** Whether a process with this id runs; one that has ended and only waits to be collected by its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // proc(5): the state follows the name, which is in parentheses and may itself hold some.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^ [ZX] /.test(text.slice(text.lastIndexOf(')') + 1));
  } catch {
    return process.platform !== 'linux';
  }
}
