/** What a pattern over several targets says: a cause, and the failures that it accounts for. */
import type { Cause } from './diagnosis';
import { compareTexts, type Scene, type Seen } from './scene';

/** A cause before it is known what else depends on it. */
export interface Claim extends Pick<Cause, 'cause' | 'title' | 'owner' | 'reason' | 'confidence' | 'evidence' | 'changedAt'> {
  /** True where whoever needs it can go on all the same. */
  readonly isHarmless?: boolean;
  /** Name of the secret whose value it is. */
  readonly secret?: string;
  /** Names of failing targets that are the cause itself. */
  readonly own: readonly string[];
  /** Names of the targets that it makes fail. */
  readonly claims: readonly string[];
}

/** @param free whether a failing or unknown target has no pattern yet. */
export type Pattern = (scene: Scene, free: (seen: Seen) => boolean) => readonly Claim[];

export const namesOf = (all: readonly Seen[]): readonly string[] => all.map(({ node }) => node.name);

/** @returns e.g. `3 of 4 private targets`; the plural follows the second number. */
export function share(part: number, whole: number, what: string): string {
  return `${part} of ${whole} ${what}${whole === 1 ? '' : 's'}`;
}

const listed = 5;

/** @returns the first names, and how many more there are. */
export function list(names: readonly string[]): string {
  const more = names.length - listed;
  return names.slice(0, listed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** @returns the reasons with how many have them, the commonest first: e.g. `3 connect_timeout, 1 unreachable`. */
export function reasonsOf(all: readonly Seen[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of all) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || compareTexts(a, b))
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}

/** @returns what was seen of one target, in a sentence without its end. */
export function told({ node, reason, outcome, observation }: Seen): string {
  const phase = observation.phase ? ` in ${observation.phase}` : '';
  const verb = outcome === 'unknown' ? 'could not be told' : outcome === 'degraded' ? 'is degraded' : 'fails';
  const message = observation.message ? `: ${shortened(observation.message)}` : '';
  return `${node.name} (${node.kind}) ${verb}${phase} with ${reason}${message}`;
}

const longest = 200;

const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1).toWellFormed()}…` : text);
