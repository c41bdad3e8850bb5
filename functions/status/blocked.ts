/** What keeps still because a cause pages in its stead: by what `diagnose` wrote, at which the alert policies look. */
import type { Cause } from '../../shared/diagnose/diagnosis';
import { groupBy } from '../../shared/group';
import { ask, type Asking } from '../../shared/latest/ask';

/**
 * So long, in milliseconds, a target keeps still after it was said to be blocked, as in the alert policies: two runs of `diagnose`, which
 * runs every minute, and the four minutes after which a point can be read at the latest.
 */
export const blockedMs = 6 * 60_000;

/** `diagnose` said that the cause explains the failure of the target. */
export interface Blocked {
  readonly target: string;
  readonly cause: string;
  /** Milliseconds since 1970 when it last said so. */
  readonly at: number;
}

/**
 * One question; there are series only where something is blocked.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readBlocked(asking: Asking): Promise<readonly Blocked[]> {
  const series = await ask(asking, 'probe/blocked', [{ targets: asking.config.targets, windowMs: blockedMs }]);
  return series.flatMap(({ labels: { target, cause }, points }) =>
    target === undefined || cause === undefined || points.length === 0
      ? []
      : [{ target, cause, at: points.reduce((last, { at }) => Math.max(last, at), -Infinity) }],
  );
}

/** @returns whether a cause blocks a target that it explains: what is itself the place where a cause is seen is not blocked by it. */
export function isBlockedBy(target: string, cause: string, causes: readonly Pick<Cause, 'cause' | 'targets'>[]): boolean {
  return !causes.some((each) => each.cause === cause && each.targets.includes(target));
}

/**
 * @param now milliseconds since 1970: what was said too long before does not count any more.
 * @returns by the name of the target the cause that was named last; of several at a time the first in the order of the causes.
 */
export function blockersAt(blocked: readonly Blocked[], causes: readonly Cause[], now: number): ReadonlyMap<string, string> {
  const names = causes.map(({ cause }) => cause);
  const rank = ({ cause }: Blocked): number => (names.includes(cause) ? names.indexOf(cause) : names.length);
  const counts = ({ target, cause, at }: Blocked): boolean => now - at <= blockedMs && isBlockedBy(target, cause, causes);
  const order = (a: Blocked, b: Blocked): number => b.at - a.at || rank(a) - rank(b) || (a.cause < b.cause ? -1 : 1);
  return new Map(
    [...groupBy(blocked.filter(counts), ({ target }) => target)].flatMap(([target, said]) => {
      const [first] = said.toSorted(order);
      return first ? [[target, first.cause] as const] : [];
    }),
  );
}
