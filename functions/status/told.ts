/** What every answer says of the reading that it comes from. */
import { timestamp } from '../../shared/clock';
import type { Fault } from '../../shared/fault';
import type { Problem, Reading } from '../../shared/status/reading';
import type { Kept } from './keep';

/** @returns why something could not be read. */
export const problemOf = (fault: Fault | null): Problem | null => fault && { reason: fault.reason, message: fault.message };

/**
 * @param kept `old`: whether it could not be read again; where that is not said, it is as a problem says.
 * @returns how old what is told is, and what could not be read.
 */
export function readingOf({
  at,
  problem,
  old = problem !== null,
}: Pick<Kept<unknown>, 'at' | 'problem'> & { readonly old?: boolean }): Reading {
  return { readAt: timestamp(at), stale: old, problem: problemOf(problem) };
}
