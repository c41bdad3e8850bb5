/**
 * Puts the targets of a kind into shards, one Scheduler job each.
 *
 * The targets of a schedule are leaves of a binary tree: where they don't fit into one run, the next bit of the hash of each name
 * parts them in two. So a shard's targets follow from their names alone, and one more target changes the one shard that it falls
 * into, which it may part in two: one half keeps the number. Shards are two thirds full on average; a Scheduler job costs a tenth
 * of a dollar, a job that is renamed costs the history of its heartbeat and an alert.
 */
import { createHash } from 'node:crypto';
import { longestMs } from '../../shared/config/budget';
import type { Target } from '../../shared/config/config';
import { groupBy } from '../../shared/group';
import type { Shard } from './plan';
import { numbersFor } from './shard-numbers';
import { allowedMs } from './timing';

/** What shards depend on besides the targets. */
export interface ShardOptions {
  /** Targets probed at once in one run. */
  readonly concurrency: number;
  /** The schedule of a target of the kind that states none: its shards have the smallest numbers. */
  readonly usual: string;
  /** How long a new instance waits at most for its network; 0 where it does not. */
  readonly warmUpMs: number;
}

/**
 * @param durations in the order in which work is begun, by so many at once: whoever is free takes the next one, as the engine has it.
 * @returns when all is done, or a time past the limit as soon as it is passed. More of it takes longer, never shorter.
 */
export function packedMs(durations: readonly number[], concurrency: number, limitMs = Infinity): number {
  const busyUntil = Array.from({ length: Math.min(concurrency, durations.length) }, () => 0);
  for (const duration of durations) {
    const earliest = Math.min(...busyUntil);
    const end = earliest + duration;
    busyUntil[busyUntil.indexOf(earliest)] = end;
    if (end > limitMs) return end;
  }
  return Math.max(0, ...busyUntil);
}

/** @returns how long a run takes when every target fails by its deadline, every time. */
function worstRunMs(targets: readonly Target[], concurrency: number, limitMs?: number): number {
  return packedMs(targets.map(longestMs), concurrency, limitMs);
}

interface Leaf {
  readonly leaf: number;
  readonly targets: readonly Target[];
}

interface Hashed {
  readonly target: Target;
  readonly hash: number;
}

const hashBits = 48;

function hashed(target: Target): Hashed {
  return {
    target,
    hash: createHash('sha256')
      .update(target.name)
      .digest()
      .readUIntBE(0, hashBits / 8),
  };
}

/** @returns the leaves below a node; the bits of the way to a leaf, the first one lowest, are its number. */
function leavesOf(items: readonly Hashed[], fits: (targets: readonly Target[]) => boolean, node = 0, depth = 0): readonly Leaf[] {
  const targets = items.map(({ target }) => target);
  if (items.length === 0) return [];
  if (items.length === 1 || depth === hashBits || fits(targets)) return [{ leaf: node, targets }];
  const isSet = ({ hash }: Hashed): boolean => Math.floor(hash / 2 ** depth) % 2 === 1;
  return [
    ...leavesOf(
      items.filter((item) => !isSet(item)),
      fits,
      node,
      depth + 1,
    ),
    ...leavesOf(items.filter(isSet), fits, node + 2 ** depth, depth + 1),
  ];
}

/**
 * @param targets of one kind.
 * @returns its shards by number. Each holds targets of one schedule, whose worst run fits into 0.8 of the period and into the limits
 * of function and Scheduler; only a target that alone does not fit has a shard that does not.
 */
export function shardsOf(kind: string, targets: readonly Target[], { concurrency, usual, warmUpMs }: ShardOptions): readonly Shard[] {
  const ascending = targets.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = [...groupBy(ascending, ({ schedule }) => schedule)].flatMap(([schedule, group]) => {
    const periodMs = group[0]?.periodMs ?? 0;
    const limitMs = allowedMs(periodMs, warmUpMs);
    const fits = (some: readonly Target[]): boolean => worstRunMs(some, concurrency, limitMs) <= limitMs;
    return leavesOf(group.map(hashed), fits).map((leaf) => ({ schedule, periodMs, ...leaf }));
  });
  const numbers = numbersFor(parts, usual);
  return parts
    .map(({ schedule, periodMs, targets: own }, index): Shard => ({
      kind,
      shard: numbers[index] ?? 0,
      schedule,
      periodMs,
      targets: own.map(({ name }) => name),
      budgetMs: worstRunMs(own, concurrency),
    }))
    .toSorted((a, b) => a.shard - b.shard);
}
