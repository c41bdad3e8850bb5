/** Long-running operations: done at the first poll, or by themselves a little later, as when nobody asks any more. */
import { createCollection } from './collection';
import type { Named } from './collection';

/** An operation as it is answered. */
interface Operation extends Named {
  readonly done: boolean;
  readonly metadata: object;
  readonly response?: object;
  readonly error?: { readonly code: number; readonly message: string };
}

/** How an operation ends. */
export type Ending = { readonly response: object } | { readonly error: { readonly code: number; readonly message: string } };

/** The operations of one API. */
export interface Operations {
  /** @param finish carries the work out; called once. */
  readonly start: (parent: string, metadata: object, finish: () => Ending) => object;
  /** @returns the operation, and finishes it. */
  readonly poll: (name: string) => object;
  /** Finishes nothing any more. */
  readonly close: () => void;
}

/** @param lastMs how long an operation lasts that nobody polls. */
export function createOperations(lastMs: number): Operations {
  const operations = createCollection<Operation>();
  const endings = new Map<string, () => void>();
  const timers = new Set<NodeJS.Timeout>();
  let serial = 0;
  return {
    start(parent, metadata, finish) {
      serial += 1;
      const name = `${parent}/operations/operation-${serial}`;
      const operation = operations.add({ name, done: false, metadata });
      const end = (): void => {
        if (!endings.delete(name)) return;
        clearTimeout(timer);
        operations.put({ ...operation, done: true, ...finish() });
      };
      endings.set(name, end);
      const timer = setTimeout(end, lastMs);
      timer.unref();
      timers.add(timer);
      return operation;
    },
    poll(name) {
      endings.get(name)?.();
      return operations.get(name);
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
