/** Carries out many runs in one process of its own, and takes stock of what it holds from time to time: `node --expose-gc`, told by its parent. */
import { createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { kinds } from '../../functions/kinds';
import type { Environment } from '../../shared/environment';
import { defineKind, type ProbeOf } from '../../shared/probe';
import type { Runnable } from '../../shared/run/attempt';
import { execute } from '../../shared/run/execute';
import { createInstance } from '../../shared/serve/instance';
import { chanceOf, shuffled } from '../shared/diagnose/random-graphs';
import { line } from '../support/line-kind';
import { runnableOf } from './mixed-run';
import { wild } from './wild-kind';
import type { Holding } from './holdings';

/** What the process is told. */
export interface SoakOrder {
  readonly config: string;
  readonly environment: Environment;
  readonly runs: number;
  readonly seed: number;
  /** Runs at once, and targets in each. */
  readonly lanes: number;
  readonly each: number;
}

/** What it tells in the end. */
export interface SoakTold {
  readonly holdings: readonly Holding[];
  readonly warnings: readonly string[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly points: Readonly<Record<string, number>>;
}

const samples = 10;
/** Lives as long as the process. */
const lasting = new AbortController();
const kept: unknown[] = [];

const fields = { port: z.int(), leaks: z.enum(['socket', 'timer', 'listener', 'memory']).optional() };
export const leakyKind = defineKind<typeof fields, unknown>({
  name: 'leaky',
  title: 'Leaves something behind at each attempt',
  fields,
  conditions: {},
  defaults: {},
  tls: false,
  endpoints: () => [],
});
const leaky: ProbeOf<typeof leakyKind> = {
  async run({ port, leaks }) {
    // Nothing that would keep the process alive: such a leak would tell of itself.
    if (leaks === 'socket') await new Promise<void>((resolve) => connect(port, '127.0.0.1', resolve).unref());
    if (leaks === 'timer') setInterval(() => {}, 3_600_000).unref();
    if (leaks === 'listener') lasting.signal.addEventListener('abort', () => {});
    if (leaks === 'listener') process.on('SIGUSR2', () => {});
    const much = Array.from({ length: leaks === 'memory' ? 8000 : 1 }, (_, index) => index + 0.5);
    if (leaks === 'memory') kept.push(() => much.length);
  },
};

/** Every timer that was made and neither fired for the last time nor was cleared, also those that were unref'd. */
const timers = new Set<number>();
createHook({
  init: (id, type) => void (type === 'Timeout' && timers.add(id)),
  destroy: (id) => void timers.delete(id),
}).enable();

function holding(runs: number): Holding {
  const links = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return '';
    }
  });
  const { heapUsed, external, rss } = process.memoryUsage();
  const emitters = [process, process.stdout, process.stderr];
  return {
    runs,
    memory: heapUsed + external,
    rss,
    counts: {
      descriptors: links.length,
      sockets: links.filter((link) => link.startsWith('socket:')).length,
      resources: process.getActiveResourcesInfo().length,
      timers: timers.size,
      'listeners of the process': emitters
        .flatMap((emitter) => emitter.eventNames().map((name) => emitter.listenerCount(name)))
        .reduce((a, b) => a + b, 0),
      'listeners of a lasting signal': getEventListeners(lasting.signal, 'abort').length,
    },
  };
}

/** Waits until what ends by itself has ended, then looks. */
async function takeStock(runs: number): Promise<Holding> {
  for (let turn = 0; turn < 2; turn += 1) {
    await delay(50);
    globalThis.gc?.();
  }
  return holding(runs);
}

async function soak({ config: path, environment, runs, seed, lanes, each }: SoakOrder): Promise<SoakTold> {
  const warnings: string[] = [];
  process.on('warning', ({ name, message }) => void warnings.push(`${name}: ${message}`));
  process.on('unhandledRejection', (reason) => void warnings.push(`unhandled: ${String(reason)}`));
  const instance = createInstance(path, [...kinds, line.kind, wild.kind, leakyKind], environment);
  const runnable = (kind: string): Runnable => (kind === 'leaky' ? { kind: leakyKind, probe: leaky } : runnableOf(kind));
  const outcomes: Record<string, number> = {};
  const points: Record<string, number> = {};
  const chance = chanceOf(seed);
  const one = async (): Promise<void> => {
    const targets = shuffled(instance.config.targets, chance).slice(0, each);
    const { results, telemetry } = await execute(
      { function: 'soak', targets, trigger: 'schedule', shard: 0, record: true, coldStart: false },
      { ...instance, runnable, log: () => {}, reporter: { service: 'soak', version: '0' } },
    );
    for (const { kind, outcome } of results) outcomes[`${kind} ${outcome}`] = (outcomes[`${kind} ${outcome}`] ?? 0) + 1;
    for (const [how, count] of Object.entries(telemetry)) points[how] = (points[how] ?? 0) + count;
  };
  const holdings: Holding[] = [];
  for (let done = 0, sample = 1; sample <= samples; sample += 1) {
    let left = Math.round((runs * sample) / samples) - done;
    done += left;
    const lane = async (): Promise<void> => {
      while ((left -= 1) >= 0) await one();
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    holdings.push(await takeStock(done));
  }
  await instance.close();
  return { holdings, warnings, outcomes, points };
}

if (process.send) {
  process.once('message', (order: SoakOrder) => {
    void soak(order).then((told) => process.send?.(told, () => process.disconnect()));
  });
}
