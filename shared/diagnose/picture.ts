/** What needs what as it is drawn: targets by what they need, by addresses and by secrets that they share. */
import { groupBy } from '../group';
import type { Node } from './graph';

/** A line of the picture, from the one that needs. */
export interface Dependency {
  /** Name of a target. */
  readonly from: string;
  /** Name of a target, or of a secret. */
  readonly to: string;
  /** `needs` is known; an `address` that others lead to is what a journey without needs of its own goes by; a `secret` is shared. */
  readonly by: 'needs' | 'address' | 'secret';
}

/** @returns the secrets that targets need, those left out that are only looked after; ascending. */
export function secretsUsed(nodes: readonly Node[]): readonly string[] {
  return [...new Set(nodes.flatMap(({ kind, secrets }) => (kind === 'secrets' ? [] : secrets)))].toSorted();
}

/** @returns every line between the targets, and from them to the secrets that are used; each once, none from a target to itself. */
export function dependenciesOf(nodes: readonly Node[]): readonly Dependency[] {
  const byEndpoint = groupBy(
    nodes.filter(({ steps }) => steps === null).flatMap((node) => node.endpoints.map((end) => ({ end, name: node.name }))),
    ({ end }) => end,
  );
  const used = new Set(secretsUsed(nodes));
  const along = ({ steps, needs, endpoints }: Node): readonly string[] =>
    steps === null || needs.length > 0 ? [] : endpoints.flatMap((end) => (byEndpoint.get(end) ?? []).map(({ name }) => name));
  const lines = nodes.flatMap((node): readonly Dependency[] => {
    const to = (names: readonly string[], by: Dependency['by']): readonly Dependency[] =>
      names.map((name) => ({ from: node.name, to: name, by }));
    const secrets = node.kind === 'secrets' ? node.checks : node.secrets;
    return [
      ...to(node.needs, 'needs'),
      ...to(along(node), 'address'),
      ...to(
        secrets.filter((name) => used.has(name)),
        'secret',
      ),
    ];
  });
  const isLoop = ({ from, to, by }: Dependency): boolean => by !== 'secret' && from === to;
  const keyOf = ({ from, to, by }: Dependency): string => `${from} ${by === 'secret' ? 'secret ' : ''}${to}`;
  return [...new Map(lines.filter((line) => !isLoop(line)).map((line) => [keyOf(line), line])).values()];
}
