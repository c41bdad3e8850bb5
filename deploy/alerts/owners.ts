/** Who is paged for a failing target when its failures name several owners. */

/** A failure's owners by rank: the highest counts. A broken network or server explains what an application answers, not the reverse. */
export const ranks = { infrastructure: 3, application: 2, operator: 1 } as const;

/** Who may own a failure; unknown runs are the monitor's. */
export type FailureOwner = keyof typeof ranks;

export const failureOwners = Object.keys(ranks) as readonly FailureOwner[];

/**
 * @returns a condition on a rank that one owner fulfils. Rank 0, a failure whose owner is not known, goes to the one with the highest
 * rank, so that nobody's failure is nobody's page: 3 % 3 = 0 % 3.
 */
export function ownedBy(query: string, owner: FailureOwner): string {
  const highest = Math.max(...Object.values(ranks));
  return `(${query}) % ${highest} == ${ranks[owner] % highest}`;
}
