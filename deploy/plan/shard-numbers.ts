/**
 * Numbers for shards, which name Scheduler jobs and label heartbeats: a number follows from the shard's own schedule and place alone,
 * as far as four digits allow, so that what is added elsewhere renumbers nothing.
 *
 * | numbers | for |
 * |---|---|
 * | 0–99 | the schedule that a target of the kind has unless it says otherwise |
 * | 100–3099 | every N minutes (up to 30): N × 100 and up, so 203 runs every 2 minutes |
 * | 3100–4999 | any other schedule: one of 190 tens, chosen by its hash |
 * | 5100–9095 | more shards of the first |
 * | 9100–9999 | more shards of the others, and schedules whose ten is taken: chosen by hash, the next free one |
 */
import { createHash } from 'node:crypto';

/** A shard before it has a number: `leaf` is its place among those of its schedule (shards.ts). */
export interface Place {
  readonly schedule: string;
  readonly leaf: number;
}

/** What a request takes as a shard: 0 to 9999. */
export const mostShards = 10_000;

const everyMinutes = { size: 100, longest: 30 } as const;
const tens = { first: 3100, size: 10, count: 190 } as const;
const usualMore = { offset: 5000, leaves: 4096 } as const;
const rest = { first: 9100, count: mostShards - 9100 } as const;

const hashOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);
const keyOf = ({ schedule, leaf }: Place): string => `${schedule}#${leaf}`;

/** @returns N of a schedule that runs every N minutes, up to 30. */
function minutesOf(schedule: string): number | undefined {
  const [, step = ''] = /^\*(?:\/(\d+))? \* \* \* \*$/.exec(schedule) ?? [];
  const minutes = step === '' ? 1 : Number(step);
  return /^\*(\/\d+)? \* \* \* \*$/.test(schedule) && minutes >= 1 && minutes <= everyMinutes.longest ? minutes : undefined;
}

/**
 * @returns the tens of the schedules that have no place of their own. Of two that share one the later in the alphabet goes without:
 * there, once in 190, a new schedule renumbers another.
 */
function tensOf(schedules: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Map<number, string>();
  for (const schedule of schedules) {
    const ten = hashOf(schedule) % tens.count;
    if (!taken.has(ten)) taken.set(ten, schedule);
  }
  return new Map([...taken].map(([ten, schedule]) => [schedule, tens.first + ten * tens.size]));
}

/** @returns the number that the place has whatever else there is. */
function fixedNumber({ schedule, leaf }: Place, usual: string, ten: ReadonlyMap<string, number>): number | undefined {
  if (schedule === usual) {
    if (leaf < everyMinutes.size) return leaf;
    return leaf < usualMore.leaves ? usualMore.offset + leaf : undefined;
  }
  const minutes = minutesOf(schedule);
  if (minutes !== undefined) return leaf < everyMinutes.size ? minutes * everyMinutes.size + leaf : undefined;
  const first = ten.get(schedule);
  return first !== undefined && leaf < tens.size ? first + leaf : undefined;
}

/** @returns the first free number for the hash: among those kept for it, then anywhere, at last above all that a request takes. */
function freeNumber(hash: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < rest.count; step += 1) {
    const number = rest.first + ((hash + step) % rest.count);
    if (!taken.has(number)) return number;
  }
  let number = 0;
  while (taken.has(number)) number += 1;
  return number;
}

/**
 * @param places those of one kind, each once.
 * @param usual the schedule of a target that states none.
 * @returns the number of each place, in their order; unique, and below 10 000 unless there are more shards than that.
 */
export function numbersFor(places: readonly Place[], usual: string): readonly number[] {
  const others = [...new Set(places.map(({ schedule }) => schedule))].filter(
    (schedule) => schedule !== usual && minutesOf(schedule) === undefined,
  );
  const ten = tensOf(others.toSorted());
  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  const put = (place: Place, number: number): void => {
    numbers.set(keyOf(place), number);
    taken.add(number);
  };
  const without = places.filter((place) => {
    const number = fixedNumber(place, usual, ten);
    if (number !== undefined) put(place, number);
    return number === undefined;
  });
  const byHash = without.map((place) => ({ place, hash: hashOf(keyOf(place)) })).toSorted((a, b) => a.hash - b.hash);
  for (const { place, hash } of byHash) put(place, freeNumber(hash, taken));
  return places.map((place) => numbers.get(keyOf(place)) ?? 0);
}
