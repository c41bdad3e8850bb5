/** Which targets are shown, and in which order. */
import { type Outcome, outcomes } from '../../shared/result';
import type { TargetState } from '../../shared/status/state';
import { byGravity } from '../text/words';

export interface Filter {
  readonly text: string;
  /** Empty for every outcome. */
  readonly outcome: Outcome | '';
}

export function readFilter(query: URLSearchParams): Filter {
  return { text: query.get('q') ?? '', outcome: outcomes.find((outcome) => outcome === query.get('outcome')) ?? '' };
}

/** Every word of the text must stand somewhere in the row. */
export function matches(state: TargetState, { text, outcome }: Filter): boolean {
  if (outcome !== '' && state.outcome !== outcome) return false;
  if (text === '') return true;
  const row = [state.target, state.kind, state.outcome, state.reason, state.owner, state.severity, state.blockedBy].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.includes(word));
}

const gravityOf = ({ outcome }: TargetState): number => byGravity.indexOf(outcome);
const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The targets of a kind, the worst first. */
export interface Section {
  readonly kind: string;
  readonly states: readonly TargetState[];
}

/** @returns the kinds in their order, those with what is not well first. */
export function sectionsOf(states: readonly TargetState[]): readonly Section[] {
  const byKind = new Map<string, TargetState[]>();
  for (const state of states) {
    const own = byKind.get(state.kind);
    if (own) own.push(state);
    else byKind.set(state.kind, [state]);
  }
  const sections = [...byKind].map(([kind, own]) => ({
    kind,
    states: own.toSorted((a, b) => gravityOf(a) - gravityOf(b) || ascending(a.target, b.target)),
  }));
  const worst = ({ states: [first] }: Section): number => (first ? gravityOf(first) : byGravity.length);
  return sections.toSorted((a, b) => worst(a) - worst(b));
}
