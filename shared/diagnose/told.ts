/** What of a diagnosis is told to those who page: which causes, and which targets keep still for them. */
import type { AllLatest } from '../latest/look';
import { severities, type Severity } from '../result';
import type { Cause, Diagnosis } from './diagnosis';

/** What is written. */
export interface Told {
  /** Causes that page, or would. */
  readonly active: readonly Cause[];
  /** By the name of each target that keeps still, every cause that pages in its stead, the worst first: each is worth what it blocks. */
  readonly blocked: ReadonlyMap<string, readonly string[]>;
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

/**
 * @returns whether a target that is its own cause pages for what it blocks, or may yet in time. One that fails now and then never does:
 * what fails for longer than it would need has to page by itself.
 */
function pagesFor(name: string, blocked: string, latest: AllLatest, limits: Limits): boolean {
  if (isLasting(name, latest, limits)) return true;
  const [own, other] = [latest.get(name), latest.get(blocked)];
  if (!own || !other) return true;
  return other.failures * other.target.periodMs <= (limits.consecutive + 1) * own.target.periodMs;
}

/** @returns those of its targets that keep still because the cause pages. */
function silencedBy({ cause, severity, targets, blocks }: Cause, latest: AllLatest, limits: Limits): readonly string[] {
  if (!cause.startsWith(itself)) return [...targets, ...blocks];
  // Only the target pages, by its own severity: for what is worth more, nothing else would.
  const isWorthLess = (name: string, own: string): boolean =>
    !isAbove(latest.get(name)?.target.severity ?? severity, latest.get(own)?.target.severity ?? severity);
  return blocks.filter((name) => targets.every((own) => isWorthLess(name, own) && pagesFor(own, name, latest, limits)));
}

/**
 * A target is marked as blocked at once, so that its policy is still in time: that alone pages for nothing. A cause is active once one
 * of its targets, or of those that it blocks, has been bad as often in a row as it takes to page. So a blip never pages, and whatever
 * has been bad for long enough pages once: by its cause or, where it is a cause by itself, by its own policy.
 */
export function toldOf({ causes }: Diagnosis, latest: AllLatest, limits: Limits): Told {
  const active = causes.filter(({ targets, blocks }) => [...targets, ...blocks].some((name) => isLasting(name, latest, limits)));
  const blocked = new Map<string, readonly string[]>();
  for (const cause of causes)
    for (const name of silencedBy(cause, latest, limits)) blocked.set(name, [...(blocked.get(name) ?? []), cause.cause]);
  return { active, blocked };
}
