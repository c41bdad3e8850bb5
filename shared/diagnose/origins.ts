/** Where explanations begin: failing targets that nothing else explains. */
import type { Explains } from './explains';
import { compareTexts, type Scene, type Seen } from './scene';

/** What is likelier the beginning of a circle comes first. */
const ranks = ['platform', 'secrets', 'tcp', 'postgres', 'redis', 'http', 'websocket', 'journey'];

function byRank(a: Seen, b: Seen): number {
  return ranks.indexOf(a.node.kind) - ranks.indexOf(b.node.kind) || compareTexts(a.node.name, b.node.name);
}

/** Marks what can be reached from a name, itself included. */
function spread(from: Iterable<string>, { of }: Explains, reached: Set<string>): void {
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const next of of(name)) if (!reached.has(next)) open.push(next);
  }
}

/** @returns names in the order in which a search in depth leaves them. */
function leavingOrder(starts: readonly string[], { of }: Explains, passed: ReadonlySet<string>): readonly string[] {
  const entered = new Set(passed);
  const left: string[] = [];
  for (const start of starts) {
    if (entered.has(start)) continue;
    entered.add(start);
    const path = [{ name: start, next: of(start), at: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const name = top.next[top.at];
      top.at += 1;
      if (name === undefined) {
        left.push(top.name);
        path.pop();
      } else if (!entered.has(name)) {
        entered.add(name);
        path.push({ name, next: of(name), at: 0 });
      }
    }
  }
  return left;
}

/**
 * @param settled names of what is accounted for already
 * @param seeds those of them that explain others, too
 * @returns failing targets that nothing else explains, of a circle one.
 */
export function rootsOf(
  { failing }: Scene,
  explains: Explains,
  { settled, seeds }: { readonly settled: ReadonlySet<string>; readonly seeds: readonly string[] },
): readonly Seen[] {
  const reached = new Set<string>();
  spread(seeds, explains, reached);
  const open = new Map(failing.filter(({ node }) => !settled.has(node.name)).map((seen) => [seen.node.name, seen]));
  const starts = [...open.values()].toSorted(byRank).map(({ node }) => node.name);
  // Backwards it is a topological order but for circles: whatever explains comes before what it explains.
  const roots: Seen[] = [];
  for (const name of leavingOrder(starts, explains, reached).toReversed()) {
    const seen = open.get(name);
    if (seen === undefined || reached.has(name)) continue;
    roots.push(seen);
    spread([name], explains, reached);
  }
  return roots;
}
