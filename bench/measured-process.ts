/** A process whose processor time and memory are measured from outside (proc(5)). */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startGuard } from '../local/services/guard';
import { monotonic } from '../shared/clock';

/** A process that runs. */
export interface MeasuredProcess {
  /** On the monotonic clock. */
  readonly startedAt: number;
  /** Milliseconds of processor time so far, user and system, of all threads; in steps of a clock tick, 10 ms. */
  cpuMs(): number;
  /** The most memory that it ever held, in MiB (VmHWM). */
  peakMiB(): number;
  /** True once it has ended. */
  hasEnded(): boolean;
  /** What it wrote to stderr, the end of it. */
  lastWords(): string;
  stop(): Promise<void>;
}

const running = new Set<number>();
let protect: ((pids: readonly number[]) => void) | undefined;

/**
 * From now on every process that is started here ends with this one, however that ends.
 * @param folder removed then, too. @returns what ends the watch, and removes the folder.
 */
export async function guardProcesses(folder: string): Promise<() => Promise<void>> {
  const guard = await startGuard([folder], 'TERM');
  protect = (pids) => guard.protect(pids);
  return async () => {
    protect = undefined;
    await guard.release();
  };
}

function note(pid: number | undefined, isRunning: boolean): void {
  if (pid === undefined) return;
  if (isRunning) running.add(pid);
  else running.delete(pid);
  protect?.([...running]);
}

// Linux shows times in ticks of USER_HZ, which is 100 everywhere (proc(5), times(2)).
const tickMs = 10;

function readProc(child: ChildProcess, file: string): string {
  return readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
}

/** Starts a program with exactly this environment. */
export function startMeasured(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): MeasuredProcess {
  const startedAt = monotonic();
  const child = spawn(command, [...args], { cwd, env: { ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  note(child.pid, true);
  child.once('exit', () => note(child.pid, false));
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)));
  child.once('error', (error) => (words += String(error)));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    startedAt,
    cpuMs() {
      const text = readProc(child, 'stat');
      // The name, in parentheses, may hold blanks. Behind it utime and stime are the 12th and 13th.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * tickMs;
    },
    peakMiB: () => Number(/VmHWM:\s*(\d+) kB/.exec(readProc(child, 'status'))?.[1]) / 1024,
    hasEnded,
    lastWords: () => words,
    async stop() {
      if (hasEnded()) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(timer);
    },
  };
}
