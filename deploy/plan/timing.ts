/** How long a run may take, and how long those who wait for it have to wait: the function's own limit, and that of its Scheduler job. */
import { shareOfPeriod } from '../../shared/config/budget';

/** What a run takes besides its targets, at most, in milliseconds. */
const around = {
  /** A new instance starts; the response's deadline counts from before that. */
  startUpMs: 10_000,
  /** The secrets are fetched (shared/secrets/fetch.ts gives up then). */
  secretsMs: 8_000,
  /** Points are written and the answer is sent, with room for tries that fail. */
  telemetryMs: 30_000,
} as const;

/** Cloud Scheduler waits at most 30 minutes for an HTTP target and at least 15 s (REST v1, `Job.attemptDeadline`). */
export const attemptDeadline = { shortestSeconds: 15, longestSeconds: 1800 } as const;

/** Shorter limits gain nothing: who answers in time is not charged for the limit. */
const shortestTimeoutSeconds = 60;

/** @returns what a request takes at most besides its targets. */
function aroundMs(warmUpMs: number): number {
  return around.startUpMs + warmUpMs + around.secretsMs + around.telemetryMs;
}

/**
 * @param warmUpMs how long a new instance waits at most for its network; 0 where it does not.
 * @returns how long the targets of one run may take together, whatever the limits of function and Scheduler.
 */
export function allowedMs(periodMs: number, warmUpMs: number): number {
  return Math.min(shareOfPeriod * periodMs, attemptDeadline.longestSeconds * 1000 - aroundMs(warmUpMs));
}

/** @returns after how many seconds the Scheduler may give up on a run whose targets take so long. */
export function deadlineSeconds(budgetMs: number, warmUpMs: number): number {
  const seconds = Math.ceil((budgetMs + aroundMs(warmUpMs)) / 1000);
  return Math.min(attemptDeadline.longestSeconds, Math.max(attemptDeadline.shortestSeconds, seconds));
}

/** @returns the limit of a function whose longest run's targets take so long: every run has answered by then. */
export function timeoutSeconds(budgetMs: number, warmUpMs: number): number {
  return Math.max(shortestTimeoutSeconds, deadlineSeconds(budgetMs, warmUpMs));
}
