/** Runs one bundled function under the functions framework as a process of its own, and starts it again when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { monotonic, pause } from '../../shared/clock';
import { freePort } from '../services/free-port';
import type { LogStream } from './function-log';
import type { Detour, PrivateNetwork } from './private-network';

/** How a function is started. */
export interface FunctionOptions {
  readonly kind: string;
  /** Its bundle, `dist/functions/<kind>`. */
  readonly source: string;
  /** Its whole environment but for `PORT`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Told each line that it writes, and where. */
  readonly onLine?: (line: string, stream: LogStream) => void;
  /** The way into the VPC that it goes; without it, every way is whole. */
  readonly network?: Pick<PrivateNetwork, 'join'>;
  /** Told when it died, or runs again: a sentence. */
  readonly onChange: (sentence: string) => void;
}

/** A function that answers. */
export interface FunctionProcess {
  readonly kind: string;
  /** `http://127.0.0.1:port`; changes when it had to be started again. */
  url(): string;
  stop(): Promise<void>;
}

const framework = resolve(__dirname, '../../../node_modules/@google-cloud/functions-framework/build/src/main.js');
const startLimitMs = 30_000;
const backOffMs = { first: 500, longest: 30_000, forgottenAfter: 60_000 };
const linesShown = 15;

interface Process {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<string>;
}

/**
 * Starts a function and waits until it listens.
 * @throws when it ends before, or does not listen in time; the message ends with its last lines
 */
export async function startFunction(options: FunctionOptions): Promise<FunctionProcess> {
  const stopping = new AbortController();
  let current = await launch(options);
  const supervise = async (): Promise<void> => {
    let wait = backOffMs.first;
    while (!stopping.signal.aborted) {
      const began = monotonic();
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      if (monotonic() - began > backOffMs.forgottenAfter) wait = backOffMs.first;
      options.onChange(`${options.kind} ${how}; starting it again in ${wait} ms`);
      await pause(wait, stopping.signal);
      wait = Math.min(wait * 2, backOffMs.longest);
      if (stopping.signal.aborted) return;
      try {
        current = await launch(options);
        options.onChange(`${options.kind} runs again`);
      } catch (error) {
        options.onChange(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const supervised = supervise();
  return {
    kind: options.kind,
    url: () => current.url,
    async stop() {
      stopping.abort();
      await end(current);
      await supervised;
      // A process may have been on its way when the stop came.
      await end(current);
    },
  };
}

async function end({ child, ended }: Process): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(timer);
}

async function launch({ kind, source, environment, logFile, onLine, network }: FunctionOptions): Promise<Process> {
  const port = await freePort();
  const lines: string[] = [];
  const child = spawn(
    process.execPath,
    ['--require', join(__dirname, 'function-preload.js'), framework, `--source=${source}`, `--target=${kind}`],
    // In a session of its own: Ctrl-C is for the supervisor to handle.
    { cwd: source, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...environment, PORT: String(port) } },
  );
  for (const stream of ['stdout', 'stderr'] as const) {
    const input = child[stream];
    if (!input) continue;
    createInterface({ input }).on('line', (line) => {
      appendFileSync(logFile, `${line}\n`);
      lines.push(line);
      if (lines.length > linesShown) lines.shift();
      onLine?.(line, stream);
    });
  }
  const ended = new Promise<string>((fulfil) => {
    child.once('close', (code, signal) => fulfil(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
  });
  await once(child, 'spawn');
  const started: Process = { child, url: `http://127.0.0.1:${port}`, ended };
  const failed = ended.then((how) => {
    throw new Error(`${kind} ${how} before it listened:\n${lines.join('\n')}`);
  });
  failed.catch(() => undefined);
  const late = new AbortController();
  try {
    const leave = await Promise.race([failed, network?.join((detour) => lead(child, ended, detour))]);
    void ended.then(leave);
    await Promise.race([failed, listening(started.url, late.signal)]);
  } catch (error) {
    await end(started);
    throw error;
  } finally {
    late.abort();
  }
  return started;
}

let lastId = 0;

/** Tells a function which way to go; resolves when it does, or has ended. */
async function lead(child: ChildProcess, ended: Promise<string>, detour: Detour | null): Promise<void> {
  const id = (lastId += 1);
  const stop = new AbortController();
  const followed = new Promise<void>((fulfil) => {
    const listen = (message: unknown): void => {
      if ((message as { readonly id?: unknown }).id === id) fulfil();
    };
    child.on('message', listen);
    stop.signal.addEventListener('abort', () => child.off('message', listen));
  });
  // One that is just ending is not told any more.
  if (child.connected) child.send({ id, detour }, () => undefined);
  await Promise.race([followed, ended]);
  stop.abort();
}

/** The framework itself answers this path, without the function. */
async function listening(url: string, signal: AbortSignal): Promise<void> {
  const limit = monotonic() + startLimitMs;
  while (!signal.aborted) {
    const answered = await fetch(`${url}/favicon.ico`).then(
      ({ status }) => status === 404,
      () => false,
    );
    if (answered) return;
    if (monotonic() > limit) throw new Error(`no function listens at ${url} after ${startLimitMs} ms`);
    await pause(25, signal);
  }
}
