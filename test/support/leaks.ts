/** Notices what a piece of code leaves open: sockets, servers, timers, child processes, listeners. */
import { type EventEmitter, getEventListeners } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** What to look at besides the process itself. */
export interface LeakOptions {
  /** Whose listeners are counted, e.g. the signal of a run. */
  readonly listened?: readonly (EventEmitter | AbortSignal)[];
  /** How long things may take to end by themselves, in ms; default 2000. */
  readonly settleMs?: number;
}

/** A snapshot to compare with later. */
export interface LeakWatch {
  /** Resolves once nothing is open that was not open at the snapshot; throws an Error that lists it otherwise. */
  assertNothingLeft(): Promise<void>;
}

/** Takes the snapshot: call it before the code in question, and within the same test (Jest has timers of its own). */
export async function watchLeaks({ listened = [], settleMs = 2000 }: LeakOptions = {}): Promise<LeakWatch> {
  const before = await lasting(listened);
  return {
    async assertNothingLeft() {
      const limit = performance.now() + settleMs;
      for (;;) {
        const more = excess(before, await count(listened));
        if (more.length === 0) return;
        if (performance.now() > limit) throw new Error(`still open ${settleMs} ms later: ${more.join(', ')}`);
        await delay(10);
      }
    },
  };
}

type Counts = ReadonlyMap<string, number>;

// What ends soon after the snapshot (Jest's reporters have short timers in this very process) would hide as many leaks.
async function lasting(listened: readonly (EventEmitter | AbortSignal)[]): Promise<Counts> {
  let least: Counts = await count(listened);
  for (let sample = 0; sample < 5; sample += 1) {
    await delay(25);
    const next = await count(listened);
    least = new Map([...least].map(([name, number]) => [name, Math.min(number, next.get(name) ?? 0)]));
  }
  return least;
}

async function count(listened: readonly (EventEmitter | AbortSignal)[]): Promise<Counts> {
  const counts = new Map<string, number>();
  const add = (name: string, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by);
  const openSockets = await countOpenSockets();
  for (const resource of process.getActiveResourcesInfo()) if (!passing.has(resource)) add(resource);
  for (const name of process.eventNames()) add(`process listener "${String(name)}"`, process.listenerCount(name));
  for (const [index, target] of listened.entries()) {
    const names = target instanceof AbortSignal ? ['abort'] : target.eventNames();
    for (const name of names) add(`listener "${String(name)}" of ${target.constructor.name} ${index}`, listenersOf(target, name));
  }
  // Sockets that were unref'd are no active resources, but still descriptors.
  add('socket descriptor', openSockets);
  return counts;
}

// Requests to the file system and the like end by themselves; counting is done with such a request.
const passing = new Set(['FSReqPromise', 'FSReqCallback', 'Immediate', 'TickObject', 'Microtask', 'CloseReq']);

function listenersOf(target: EventEmitter | AbortSignal, name: string | symbol): number {
  return target instanceof AbortSignal ? getEventListeners(target, String(name)).length : target.listenerCount(name);
}

function excess(before: Counts, after: Counts): string[] {
  return [...after].flatMap(([name, number]) => {
    const more = number - (before.get(name) ?? 0);
    return more > 0 ? [`${more} × ${name}`] : [];
  });
}

async function countOpenSockets(): Promise<number> {
  const folder = '/proc/self/fd';
  // Only Linux has it; elsewhere the active resources have to do.
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:')).length;
}
