/** What the points of Cloud Monitoring say of the runs of each target. */
import { domains, ownerOf, reasons, domainOf, type Domain, type Owner, type Reason } from '../reasons';
import { outcomes, type Outcome } from '../result';
import type { ReadSeries } from '../telemetry/reader';

/** What one run said of a target, as far as its points tell. */
export interface RunSeen {
  /** Milliseconds since 1970 when the target was done: its points have this stamp in common. */
  readonly at: number;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly domain: Domain | null;
  readonly owner: Owner | null;
}

/** The runs of each target by its name, the newest first. */
export type RunsOfTargets = ReadonlyMap<string, readonly RunSeen[]>;

type Told = Pick<RunSeen, 'outcome' | 'reason' | 'domain' | 'owner'>;

const isReason = (text: string | undefined): text is Reason => text !== undefined && Object.hasOwn(reasons, text);
const owners: readonly Owner[] = [...new Set(Object.values(domains))];

/** A point of another version of ours may name what this one does not know: then less is told, nothing wrong. */
function problemIn({ labels }: ReadSeries): Told {
  const reason = isReason(labels.reason) ? labels.reason : null;
  return {
    outcome: outcomes.find((each) => each === labels.outcome) ?? 'unknown',
    reason,
    domain: reason && domainOf(reason),
    owner: owners.find((each) => each === labels.owner) ?? (reason && ownerOf(reason)),
  };
}

const fine: Told = { outcome: 'success', reason: null, domain: null, owner: null };
/** A value that is neither 1 nor 0 is not ours. */
const unread: Told = { outcome: 'unknown', reason: null, domain: null, owner: null };
const failed: Told = { outcome: 'failure', reason: null, domain: null, owner: null };

/** Of two problems with one stamp the graver counts. */
const gravity: Readonly<Record<Outcome, number>> = { success: 0, degraded: 1, unknown: 2, failure: 3 };

/**
 * @param success series of `probe/success`: 1 or 0 a run, but for runs that could not tell.
 * @param problems series of `probe/problem`: its labels say what was wrong at the same time stamp.
 */
export function runsFrom(success: readonly ReadSeries[], problems: readonly ReadSeries[]): RunsOfTargets {
  const found = new Map<string, Map<number, Told>>();
  const add = ({ labels: { target }, points }: ReadSeries, told: (value: number) => Told): void => {
    if (target === undefined) return;
    const runs = found.get(target) ?? new Map<number, Told>();
    found.set(target, runs);
    for (const { at, value } of points) {
      const [one, other] = [told(value), runs.get(at)];
      // A success without a problem says less than a problem does.
      if (other === undefined || gravity[one.outcome] > gravity[other.outcome] || (one.outcome === other.outcome && one.reason !== null))
        runs.set(at, one);
    }
  };
  for (const series of success) add(series, (value) => (value === 1 ? fine : value === 0 ? failed : unread));
  for (const series of problems) add(series, () => problemIn(series));
  return new Map(
    [...found].map(([target, runs]) => [target, [...runs].map(([at, told]): RunSeen => ({ at, ...told })).toSorted((a, b) => b.at - a.at)]),
  );
}
