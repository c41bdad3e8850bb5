/** Runs the embedded stack as its users do: as a program. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '../../..');

/** A program that runs, or has ended. */
export interface StackProgram {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves once the text was printed on stdout, with what stands behind it; throws when the program ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code, or the signal. */
  readonly ended: Promise<number | string>;
  /** What it left behind: processes, and files in its folder for temporary files. Waits for them to go, at most `limitMs`. */
  leftBehind(limitMs: number): Promise<string[]>;
  /** Ends it, and removes its folder. */
  clear(): Promise<void>;
}

/** Starts `build/local/main.js`, or other arguments for Node, with a folder of its own for temporary files. */
export function startProgram(args: readonly string[], program: readonly string[] = ['build/local/main.js']): StackProgram {
  // Directly below /tmp: a longer path would not fit a unix socket, and the stack would turn to another folder.
  const folder = mkdtempSync(join(realpathSync('/tmp'), 'vs-'));
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  let hasEnded = false;
  const ended = new Promise<number | string>((fulfil) => {
    child.once('close', (code, signal) => {
      hasEnded = true;
      fulfil(signal ?? code ?? 0);
    });
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(stdout);
        if (found) return found;
        if (hasEnded) throw new Error(`ended without printing ${String(pattern)}:\n${stdout}${stderr}`);
        await delay(20);
      }
    },
    async leftBehind(limitMs) {
      const limit = performance.now() + limitMs;
      for (;;) {
        const left = [...readdirSync(folder), ...(await processesThatName(folder))];
        if (left.length === 0 || performance.now() > limit) return left;
        await delay(100);
      }
    },
    async clear() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that the stack starts has its folder for temporary files in its arguments or in its environment. */
async function processesThatName(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['axeww', '-o', 'pid,stat,command'], { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder) && !/^\s*\d+ Z/.test(line))
    .map((line) => line.slice(0, 500));
}
