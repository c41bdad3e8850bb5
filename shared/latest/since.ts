/** Looks further back for when that began which is not well: what the latest points alone tell is since when at least. */
import type { Target } from '../config/config';
import { ask, groupsOf, type Asking } from './ask';
import type { Latest } from './latest';
import { groupsFor, type AllLatest } from './look';
import { runsFrom, type RunSeen, type RunsOfTargets } from './runs';

const hourMs = 3_600_000;
/** First a little further, then a day: most of what is broken has not been so for long, and a day of minutes is many points. */
const stepsMs: readonly number[] = [6 * hourMs, 24 * hourMs];
/** Of each metric so many points are read in one step at most: of fewer targets, where there are too many. */
const mostPoints = 60_000;
/** The names of so many fit into the filters of few questions, however long they are. */
const mostTargets = 150;

const isOpen = ({ outcome, at, sinceIsAtLeast }: Latest): boolean => (outcome !== 'success' && sinceIsAtLeast) || at === null;

/** @returns as many as may be asked for, those that fail first. */
function affordable(targets: readonly Target[], latest: AllLatest, spanMs: number): readonly Target[] {
  const fails = ({ name }: Target): boolean => latest.get(name)?.outcome === 'failure';
  const found: Target[] = [];
  let points = 0;
  for (const target of [...targets.filter(fails), ...targets.filter((each) => !fails(each))]) {
    points += spanMs / target.periodMs;
    if (points > mostPoints || found.length === mostTargets) return found;
    found.push(target);
  }
  return found;
}

/** @param runs the newest first; those that it knows already may be among them. */
function continued(known: Latest, runs: readonly RunSeen[]): Latest {
  const [newest] = runs;
  // Silent for too long: unknown since it was last heard of.
  if (known.at === null) return newest ? { ...known, at: newest.at, since: newest.at } : known;
  const older = runs.filter(({ at }) => known.since !== null && at < known.since);
  const changed = older.findIndex(({ outcome }) => outcome !== known.outcome);
  const first = older[(changed === -1 ? older.length : changed) - 1];
  return { ...known, since: first?.at ?? known.since, sinceIsAtLeast: changed === -1 };
}

/**
 * Nobody is asked for who is well, or whose beginning was seen: then it asks nothing. Else two metrics, at most twice.
 * @param latest what was seen, looking back at least `backMs`.
 * @returns the same, with `since` up to a day ago, or as far back as before where that is further; the rest is left as it is.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function lookFurther(asking: Asking, latest: AllLatest, backMs: number): Promise<AllLatest> {
  const windows = groupsFor(asking, asking.config.targets, backMs);
  const seenMs = new Map(windows.flatMap(({ targets, windowMs }) => targets.map(({ name }) => [name, windowMs] as const)));
  const found = new Map(latest);
  const dropped = new Set<string>();
  let fromMs = backMs;
  for (const toMs of stepsMs) {
    const isAsked = ({ name }: Target): boolean => (seenMs.get(name) ?? 0) < toMs && !dropped.has(name);
    const open = [...found.values()]
      .filter(isOpen)
      .map(({ target }) => target)
      .filter(isAsked);
    const asked = affordable(open, found, toMs - fromMs);
    const runs = await runsBetween(asking, asked, { fromMs, toMs });
    for (const { name } of asked) {
      const known = found.get(name);
      if (known) found.set(name, continued(known, runs.get(name) ?? []));
    }
    // Further back there would be a gap.
    for (const target of open) if (!asked.includes(target)) dropped.add(target.name);
    fromMs = toMs;
  }
  return found;
}

/** Nothing is read again of the time that was looked at before. */
async function runsBetween(
  asking: Asking,
  targets: readonly Target[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<RunsOfTargets> {
  if (targets.length === 0) return new Map();
  const until = { ...asking, now: asking.now - fromMs };
  const groups = groupsOf(targets, () => toMs - fromMs);
  const [success, problems] = await Promise.all([ask(until, 'probe/success', groups), ask(until, 'probe/problem', groups)]);
  return runsFrom(success, problems);
}
