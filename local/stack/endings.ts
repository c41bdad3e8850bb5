/** Remembers how everything that was started is ended, so that nothing stays behind, also when a later start fails. */

/** What is still to be ended. */
export interface Endings {
  /** Notes how something ends. */
  add(end: () => Promise<unknown>): void;
  /** Waits for something to start, and notes how it ends. */
  after<T>(starting: Promise<T>, end: (started: T) => Promise<unknown>): Promise<T>;
  /** Ends everything, the last started first, whatever fails; throws the first failure afterwards. A second call does nothing. */
  readonly endAll: () => Promise<void>;
}

export function createEndings(): Endings {
  const ends: (() => Promise<unknown>)[] = [];
  return {
    add: (end) => void ends.push(end),
    async after(starting, end) {
      const started = await starting;
      ends.push(() => end(started));
      return started;
    },
    async endAll() {
      const failures: unknown[] = [];
      for (let end = ends.pop(); end; end = ends.pop()) await end().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Waits for all, also when one of them fails, so that what did start is known by then; throws the first failure. */
export async function together<T extends readonly unknown[]>(starting: { readonly [Index in keyof T]: Promise<T[Index]> }): Promise<T> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
