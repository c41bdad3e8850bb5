/** What a test has go wrong with requests to the stand-in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './rest';

/** Which requests a fault meets, and what becomes of them. */
export interface Fault {
  /** All methods where absent. */
  readonly method?: string;
  /** Matched against host and path, e.g. `cloudscheduler.test/v1/projects/p/locations/l/jobs`; all where absent. */
  readonly path?: RegExp;
  /** The first matching request that it meets, from 1; the first unless said otherwise. */
  readonly from?: number;
  /** How many matching requests it meets; one unless said otherwise, `Infinity` for all. */
  readonly times?: number;
  /** Milliseconds to wait first. */
  readonly delayMs?: number;
  /** Answer with this HTTP status instead of carrying it out. */
  readonly status?: number;
  readonly message?: string;
  /** The canonical name beside `status`, e.g. `ABORTED` for 409; the usual one unless given. */
  readonly canonical?: string;
  /** Cut the connection without an answer. */
  readonly drop?: boolean;
  /** Carry the request out before: the caller loses only the answer. */
  readonly afterwards?: boolean;
}

/** A request as faults see it. */
export interface Met {
  readonly method: string;
  readonly address: string;
}

/** Thrown where the connection is to be cut. */
export class Dropped extends Error {}

/** The faults of one stand-in. */
export interface Faults {
  /** Switches one on; what comes back switches it off. */
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  /**
   * @returns what is to be done before and after the request is carried out.
   * @throws ApiError or Dropped from these.
   */
  readonly meet: (request: Met) => { before: () => Promise<void>; after: () => Promise<void> };
}

/** @returns no faults. */
export function createFaults(): Faults {
  const active = new Map<symbol, { readonly fault: Fault; seen: number }>();
  const carryOut = async (faults: readonly Fault[]): Promise<void> => {
    for (const { delayMs, drop, status, message, canonical } of faults) {
      if (delayMs !== undefined) await sleep(delayMs);
      if (drop) throw new Dropped();
      if (status !== undefined) throw new ApiError(status, message ?? 'The service fails, as it was told to.', canonical);
    }
  };
  return {
    add(fault) {
      const key = Symbol('fault');
      active.set(key, { fault, seen: 0 });
      return () => void active.delete(key);
    },
    clear: () => active.clear(),
    meet({ method, address }) {
      const met: Fault[] = [];
      for (const entry of active.values()) {
        const { fault } = entry;
        if ((fault.method && fault.method !== method) || (fault.path && !fault.path.test(address))) continue;
        entry.seen += 1;
        const first = fault.from ?? 1;
        if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) met.push(fault);
      }
      return {
        before: () => carryOut(met.filter(({ afterwards }) => !afterwards)),
        after: () => carryOut(met.filter(({ afterwards }) => afterwards)),
      };
    },
  };
}
