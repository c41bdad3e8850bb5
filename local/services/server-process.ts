/** Runs a server as a child process: its last words for error messages, its readiness, its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { unrefStreams } from './guard';

/** How a server is started; `user` only where it must not run as root. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** The whole environment; ours when absent. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A running child process. It does not keep ours alive, except while something is awaited of it. */
export interface ServerProcess {
  readonly pid: number;
  /** Fulfilled with a sentence on how it ended, once it has. */
  readonly ended: Promise<string>;
  /** Whether it has ended. */
  hasEnded(): boolean;
  /** The last lines it wrote to stdout and stderr. */
  lastWords(): string;
  /** Tries `check` until it resolves, and returns what it does; when `limitMs` pass first, ends the process. Throws then, with its last words. */
  ready<T>(check: () => Promise<T>, limitMs: number): Promise<T>;
  /** Signals it, and kills it when it is still there after `graceMs`; resolves once it is gone. */
  end(signal: NodeJS.Signals, graceMs: number): Promise<void>;
}

const linesKept = 15;

/**
 * Spawns a server in a session of its own (Ctrl-C is for its owner to handle).
 * @throws the error of spawn, e.g. ENOENT when there is no such command
 */
export async function startServerProcess({ command, args, cwd, user, env }: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...user, ...(env && { env }) });
  const lastWords = collectLastWords([child.stdout, child.stderr]);
  const name = command.split('/').at(-1) ?? command;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`${name} ended ${signal ? `by ${signal}` : `with exit code ${code}`}`));
  });
  await once(child, 'spawn');
  unrefStreams(child);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} has no process id`);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const end: ServerProcess['end'] = async (signal, graceMs) => {
    if (hasEnded()) return;
    child.ref();
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(timer);
  };

  return {
    pid,
    ended,
    hasEnded,
    lastWords,
    ready: (check, limitMs) => waitUntilReady({ name, child, lastWords, hasEnded, ended, end, check, limitMs }),
    end,
  };
}

function collectLastWords(streams: readonly Readable[]): () => string {
  let lines: string[] = [];
  for (const stream of streams) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      lines = [...lines, ...text.split('\n').filter((line) => line.trim() !== '')].slice(-linesKept);
    });
  }
  return () => lines.join('\n');
}

interface Readiness<T> extends Pick<ServerProcess, 'lastWords' | 'hasEnded' | 'ended' | 'end'> {
  readonly name: string;
  readonly child: ChildProcess;
  readonly check: () => Promise<T>;
  readonly limitMs: number;
}

async function waitUntilReady<T>({ name, child, lastWords, hasEnded, ended, end, check, limitMs }: Readiness<T>): Promise<T> {
  child.ref();
  const limit = performance.now() + limitMs;
  try {
    for (;;) {
      try {
        return await check();
      } catch (error) {
        // The pipes may hold words that were written just before the end.
        if (hasEnded()) throw new Error(`${await ended} before it was ready:\n${await afterLastWords(lastWords)}`, { cause: error });
        if (performance.now() > limit) {
          await end('SIGTERM', 2000);
          throw new Error(`${name} was not ready within ${limitMs} ms:\n${lastWords()}`, { cause: error });
        }
      }
      await delay(25);
    }
  } finally {
    if (!hasEnded()) child.unref();
  }
}

async function afterLastWords(lastWords: () => string): Promise<string> {
  await delay(50);
  return lastWords();
}
