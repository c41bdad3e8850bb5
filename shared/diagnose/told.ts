/** What of a diagnosis is told to those who page: which causes, and which targets keep still for them. */
import type { AllLatest } from '../latest/look';
import { severities, type Severity } from '../result';
import type { Cause, Diagnosis } from './diagnosis';

/** What is written. */
export interface Told {
  /** Causes that page, or would. */
  readonly active: readonly Cause[];
  /** By the name of each target that keeps still, the cause that pages in its stead. */
  readonly blocked: ReadonlyMap<string, string>;
}

/** How the name of a cause begins that is a target: that target's own policy pages for it. */
const itself = 'target/';

const isAbove = (one: Severity, other: Severity): boolean => severities.indexOf(one) < severities.indexOf(other);

/** @returns whether a target has been bad for long enough that its own policy would page. */
function isLasting(name: string, latest: AllLatest, limits: Limits): boolean {
  const { failures = 0, unknowns = 0 } = latest.get(name) ?? {};
  return failures >= limits.consecutive || unknowns >= limits.unknownRuns;
}

/** Runs in a row after which a target that fails pages, and one that can't be told. */
export interface Limits {
  readonly consecutive: number;
  readonly unknownRuns: number;
}

/** @returns those of its targets that keep still because the cause pages. */
function silencedBy({ cause, severity, targets, blocks }: Cause, latest: AllLatest): readonly string[] {
  if (!cause.startsWith(itself)) return [...targets, ...blocks];
  // Only the target pages, by its own severity: for what is worth more, nothing else would.
  const own = targets.map((name) => latest.get(name)?.target.severity ?? severity);
  return blocks.filter((name) => own.every((each) => !isAbove(latest.get(name)?.target.severity ?? severity, each)));
}

/**
 * A target is marked as blocked at once, so that its policy is still in time: that alone pages for nothing. A cause is active once one
 * of its targets, or of those that it blocks, has been bad as often in a row as it takes to page. So a blip never pages, and whatever
 * has been bad for long enough pages once: by its cause or, where it is a cause by itself, by its own policy.
 */
export function toldOf({ causes }: Diagnosis, latest: AllLatest, limits: Limits): Told {
  const active = causes.filter(({ targets, blocks }) => [...targets, ...blocks].some((name) => isLasting(name, latest, limits)));
  const blocked = new Map<string, string>();
  for (const cause of causes) for (const name of silencedBy(cause, latest)) if (!blocked.has(name)) blocked.set(name, cause.cause);
  return { active, blocked };
}
