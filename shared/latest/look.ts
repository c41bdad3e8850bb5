/** Looks at all targets by their latest points. */
import type { Target } from '../config/config';
import { longestGapOf } from '../config/schedule';
import { ask, groupsOf, type Asking, type Group } from './ask';
import { staleAfter } from './freshness';
import { latestOf, type Latest } from './latest';
import { runsFrom } from './runs';

/** As many unknown runs in a row as it takes to say that a target can't be told. */
export const unknownRuns = 3;
/** A point can be read at the latest this much after its stamp. */
const onTheWayMs = 4 * 60_000;

/** How it looks. */
export interface LookOptions {
  /** How far back it looks at least, in milliseconds; further where schedules ask for it. */
  readonly backMs?: number;
  /** True: where no problem is seen at all, nothing else is asked for, and nothing is known. */
  readonly onlyTroubled?: boolean;
}

/** What was seen, by the name of the target; every target has an entry, or there is none at all where nothing but peace was asked for. */
export type AllLatest = ReadonlyMap<string, Latest>;

/**
 * @param targets some of the configuration's.
 * @param backMs how far back to look at least, in milliseconds.
 * @returns the groups to ask for: so far back that it shows whether they are stale, and how often in a row they failed.
 */
export function groupsFor({ config }: Asking, targets: readonly Target[], backMs = 0): readonly Group[] {
  const stale = staleAfter(config);
  const runs = Math.max(config.alerts.consecutive, unknownRuns) + 1;
  const windowOf = ({ name, schedule }: Target): number =>
    Math.max(backMs, stale.get(name) ?? 0, longestGapOf(schedule, runs) + onTheWayMs);
  return groupsOf(targets, windowOf);
}

/**
 * Two metrics, each by at most two questions.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function look(asking: Asking, { backMs = 0, onlyTroubled = false }: LookOptions = {}): Promise<AllLatest> {
  const { config, now } = asking;
  const stale = staleAfter(config);
  const groups = groupsFor(asking, config.targets, backMs);
  const asked = ask(asking, 'probe/problem', groups);
  const [problems, success] = await Promise.all([asked, onlyTroubled ? undefined : ask(asking, 'probe/success', groups)]);
  const isQuiet = problems.every(({ labels }) => labels.outcome === 'degraded');
  if (onlyTroubled && isQuiet) return new Map();
  const runs = runsFrom(success ?? (await ask(asking, 'probe/success', groups)), problems);
  return new Map(
    config.targets.map((target) => [target.name, latestOf(target, runs.get(target.name) ?? [], now, stale.get(target.name) ?? 0)]),
  );
}
