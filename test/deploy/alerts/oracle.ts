/** When a target must page and when it must not, told from its runs alone and without any query. */
import type { TargetRun } from '../../../deploy/alerts/replay/history';

export interface Slot extends TargetRun {
  /** Which scheduled time it is for; those left out were missed. */
  readonly slot: number;
  readonly seenAt: number;
}

export type Verdict = 'pages' | 'silent' | 'either';

const minuteMs = 60_000;
/** Points may be late by this much. */
const latenessMs = 4 * minuteMs;
/** Between two evaluations, in tests that do with few. */
const evaluationMs = 2 * minuteMs;
/** How long a page stays at most after a success. */
const lingeringMs = 5 * minuteMs;

const works = ({ outcome }: Slot): boolean => outcome === 'success' || outcome === 'confirmed';

/** A run after which the target counts as down. */
interface Outage {
  /** True when the failures follow each other slot by slot, false when unknown or missed runs are between them. */
  readonly strict: boolean;
  readonly run: Slot;
  /** The run that ended it. */
  readonly success: Slot | undefined;
  /** From the last success before it to its first failure. */
  readonly headMs: number;
}

function outagesOf(seen: readonly Slot[], consecutive: number): readonly Outage[] {
  const outages: Outage[] = [];
  let failures: Slot[] = [];
  let row = 0;
  let before: Slot | undefined;
  for (const [index, run] of seen.entries()) {
    const previous = seen[index - 1];
    if (works(run)) {
      failures = [];
      before = run;
    }
    if (run.outcome !== 'failure') {
      row = 0;
      continue;
    }
    failures.push(run);
    row = previous?.outcome === 'failure' && previous.slot === run.slot - 1 ? row + 1 : 1;
    if (failures.length < consecutive) continue;
    const headMs = before ? (failures.at(-consecutive)?.at ?? 0) - (failures.length === consecutive ? before.at : -Infinity) : Infinity;
    outages.push({ strict: row >= consecutive, run, success: seen.slice(index).find(works), headMs });
  }
  return outages;
}

/**
 * At the latest at the time of the next run, a target that has failed often enough pages in every evaluation, until a success is seen.
 * @param runs of one target in order; seen in this order, too
 * @param now the moment of the evaluation
 */
export function verdictAt(runs: readonly Slot[], now: number, periodMs: number, consecutive: number): Verdict {
  const seen = runs.filter(({ seenAt }) => seenAt <= now);
  const outages = outagesOf(seen, consecutive);
  const told = outages.some(({ strict, run, success, headMs }) => {
    if (!strict || success || now < (run.slot + 1) * periodMs) return false;
    // What was noticed only for a moment before unknown runs came is not remembered for sure.
    return now <= run.at + latenessMs || headMs >= periodMs / 2 + minuteMs / 2;
  });
  if (told) return 'pages';
  return outages.some(({ success }) => !success || now <= success.at + lingeringMs) ? 'either' : 'silent';
}

/** @returns the spans in each of which there must be a page, whatever came afterwards: one period and the lateness of points. */
export function mustPageWithin(runs: readonly Slot[], periodMs: number, consecutive: number): readonly (readonly [number, number])[] {
  return outagesOf(runs, consecutive)
    .filter(({ strict }) => strict)
    .map(({ run }) => [run.at, (run.slot + 1) * periodMs + latenessMs + evaluationMs]);
}
