/** Picks targets by the words of a command line: names of kinds, or of targets. */
import type { Target } from '../shared/config/config';
import { UsageError } from './command';

/** @throws UsageError for a word that is neither a kind nor a target. */
export function select(words: readonly string[], targets: readonly Target[]): readonly Target[] {
  const isKnown = (word: string): boolean => targets.some(({ kind, name }) => kind === word || name === word);
  const unknown = words.find((word) => !isKnown(word));
  if (unknown !== undefined) {
    const known = [...new Set(targets.map(({ kind }) => kind)), ...targets.map(({ name }) => name)];
    throw new UsageError(
      `${JSON.stringify(unknown)} is neither a kind with targets nor a target; allowed: ${known.join(', ') || 'none is configured'}`,
    );
  }
  return words.length === 0 ? targets : targets.filter(({ kind, name }) => words.includes(kind) || words.includes(name));
}
