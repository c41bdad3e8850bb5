/** What is known of a function that serves people, besides its code: one that is no kind and has no targets of its own. */

/** The data of such a function. */
export interface Service {
  /** The entry point's name. */
  readonly name: string;
  /** What it does, for people. */
  readonly title: string;
  /** Cron expression, UTC, where it runs by itself; absent where it only answers. */
  readonly schedule?: string;
}

/** The names of all of them. */
export const serviceNames = ['diagnose', 'status', 'verify'] as const;
