/** Switches that make an emulator slow, silent or refusing, whatever its transport. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How calls go wrong while the fault is on. Without `methods` and `resource` it meets every call. */
export interface Fault {
  /** Names of the methods it meets, e.g. `AccessSecretVersion` (over HTTP: `GET`, `POST`). */
  readonly methods?: readonly string[];
  /** A part of the resource name that the call asks for (over HTTP: of the path). */
  readonly resource?: string;
  /** Milliseconds to wait before going on. */
  readonly delayMs?: number;
  /** Never answer; the call stays open until the caller or `close()` ends it. */
  readonly blackHole?: boolean;
  /** Answer with this code: a gRPC status, or over HTTP a status such as 403. */
  readonly code?: number;
  /** The text that goes with `code`. */
  readonly message?: string;
  /** How many calls it meets before it goes off by itself; without it, all. */
  readonly times?: number;
  /** Carry the call out first: the caller loses only the answer. */
  readonly afterwards?: boolean;
}

/** A call as faults see it. */
export interface FaultyCall {
  readonly method: string;
  readonly resource: string;
}

/** What becomes of a call: it goes on, it is never answered, or it is answered with an error. */
export type Fate =
  { readonly kind: 'go-on' } | { readonly kind: 'silence' } | { readonly kind: 'refuse'; readonly code: number; readonly message: string };

/** The faults of one emulator. */
export interface Faults {
  /** Switches a fault on, besides those that are; the function that comes back switches it off. */
  readonly add: (fault: Fault) => () => void;
  /** Switches all off. */
  readonly clear: () => void;
  /** Lets a call meet the faults before or after it is carried out; waits out their delays. */
  readonly meet: (call: FaultyCall, stage: 'before' | 'after') => Promise<Fate>;
  /** Ends every delay for good; what waited is never answered. */
  readonly close: () => void;
}

/** Makes a set of fault switches, all off. */
export function createFaults(): Faults {
  const active = new Map<symbol, { fault: Fault; left: number }>();
  const closing = new AbortController();

  const meets = (fault: Fault, call: FaultyCall): boolean =>
    (!fault.methods || fault.methods.includes(call.method)) && (!fault.resource || call.resource.includes(fault.resource));

  return {
    add(fault) {
      const key = Symbol('fault');
      active.set(key, { fault, left: fault.times ?? Infinity });
      return () => void active.delete(key);
    },
    clear: () => active.clear(),
    async meet(call, stage) {
      const met = [...active].filter(([, { fault }]) => (fault.afterwards ? 'after' : 'before') === stage && meets(fault, call));
      for (const [key, entry] of met) {
        entry.left -= 1;
        if (entry.left <= 0) active.delete(key);
      }
      for (const [, { fault }] of met) {
        if (fault.delayMs !== undefined) {
          const ended = await sleep(fault.delayMs, false, { signal: closing.signal }).catch(() => true);
          if (ended) return { kind: 'silence' };
        }
        if (fault.blackHole) return { kind: 'silence' };
        if (fault.code !== undefined) {
          return { kind: 'refuse', code: fault.code, message: fault.message ?? 'The service is failing, as it was told to.' };
        }
      }
      return { kind: 'go-on' };
    },
    close: () => closing.abort(),
  };
}
