/** Who is paged for a failing target when its failures name several owners. */

/** A failure's owners by rank: the highest counts. A broken network or server explains what an application answers, not the reverse. */
export const ranks = { infrastructure: 3, application: 2, operator: 1 } as const;

/** Who may own a failure; unknown runs are the monitor's. */
export type FailureOwner = keyof typeof ranks;

export const failureOwners = Object.keys(ranks) as readonly FailureOwner[];

/**
 * @param possible the owners that a failure here may have, by rank, the highest first
 * @returns a condition on a rank that one of these owners fulfils. Rank 0, a failure whose owner is not known, and the rank of whoever
 * should not be possible go to the first, so that nobody's failure is nobody's page.
 */
export function ownedBy(query: string, owner: FailureOwner, possible: readonly FailureOwner[] = failureOwners): string {
  const [first, ...others] = possible;
  if (owner !== first) return `(${query}) == ${ranks[owner]}`;
  return [`(${query})`, ...others.map((other) => `!= ${ranks[other]}`)].join(' ');
}
