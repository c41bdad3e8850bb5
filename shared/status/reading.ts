/** What every answer of the status function says of where it comes from. Types only. */
import type { Reason } from '../reasons';

/** Why something could not be read, or not again. */
export interface Problem {
  readonly reason: Reason;
  readonly message: string;
}

/** What is kept of a reading: how old it is, and whether a newer one failed. */
export interface Reading {
  /** When it was read. */
  readonly readAt: string;
  /** True when it could not be read again: `problem` says why. */
  readonly stale: boolean;
  /** Also where only a part could not be read: then that is of before, or missing. */
  readonly problem: Problem | null;
}
