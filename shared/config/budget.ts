/** How long a target may take, and how much of its schedule's period that may be. */
import type { Target } from './config';

/** A run never takes more than this share of its schedule's period. */
export const shareOfPeriod = 0.8;

/** @returns the longest that a target may take in milliseconds: every attempt ends by its deadline, all pauses between them included. */
export function longestMs({ timeoutMs, confirm: { attempts, intervalMs } }: Pick<Target, 'timeoutMs' | 'confirm'>): number {
  return attempts * timeoutMs + (attempts - 1) * intervalMs;
}
