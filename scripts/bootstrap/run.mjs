/** Runs programs: quietly unless they fail, or with our terminal; and passes signals on to them. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** The project's folder. */
export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

/** Something that the user has to see to; ends the whole with its exit code. */
export class Problem extends Error {
  constructor(message, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Prints a line of progress. Standard output belongs to what we hand over to. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

const running = new Set();
let interruption;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interruption ??= signal;
    for (const child of running) child.kill(signal);
  });
}

// A shell between npm and us may die of a signal without passing it on: we then find ourselves with another parent.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent && interruption === undefined) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

/** @returns the environment with the project's own Node and tools first. */
export function environment(more = {}) {
  return { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter), ...more };
}

function start(command, args, options) {
  if (interruption) throw new Problem(`interrupted by ${interruption}`, 128 + constants.signals[interruption]);
  const child = spawn(command, args, { cwd: root, env: environment(), ...options });
  running.add(child);
  const ended = new Promise((fulfil) => {
    child.once('error', (error) => fulfil({ code: 127, error: String(error) }));
    child.once('close', (code, signal) => fulfil({ code: signal ? 128 + constants.signals[signal] : code }));
  });
  void ended.then(() => running.delete(child));
  return { child, ended };
}

/** Runs a program and keeps what it says. @returns its exit code and its output */
export async function capture(command, args, options = {}) {
  const { child, ended } = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const { code, error } = await ended;
  if (interruption) throw new Problem(`interrupted by ${interruption}`, 128 + constants.signals[interruption]);
  return { code, output: error ?? output };
}

/** Runs a program quietly; where it fails, its output is shown and the whole ends. */
export async function quietly(title, command, args, options) {
  say(`${title} …`);
  const { code, output } = await capture(command, args, options);
  if (code !== 0) throw new Problem(`${output.trimEnd()}\n${title}: failed (exit code ${code})`, 1);
}

/**
 * Gives a program our terminal and our signals.
 * @param given `killAfter`: a promise; once it is fulfilled the program is killed. `more`: variables of its environment
 * @returns its exit code, 128 and the signal's number where a signal ended it
 */
export async function handOver(command, args, { killAfter, more } = {}) {
  const { child, ended } = start(command, args, { stdio: 'inherit', env: environment(more) });
  void killAfter?.then(() => child.kill('SIGKILL'));
  const { code, error } = await ended;
  if (error) say(error);
  return code;
}

/** @returns npm's own command line: the one that started us, or the first on the path. */
export function npm(...args) {
  const path = process.env.npm_execpath;
  return path?.endsWith('.js') ? [process.execPath, [path, ...args]] : ['npm', args];
}
