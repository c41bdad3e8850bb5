/** Asks Cloud Monitoring for the points of all targets: with few questions, each no wider than it must be. */
import type { Config, Target } from '../config/config';
import type { Label, MetricName } from '../telemetry/catalogue';
import type { Read, ReadSeries } from '../telemetry/reader';

/** What the questions have in common. */
export interface Asking {
  readonly read: Read;
  readonly config: Pick<Config, 'targets' | 'environment' | 'concurrency' | 'alerts'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Targets that are asked for together. */
export interface Group {
  readonly targets: readonly Target[];
  readonly windowMs: number;
}

/** Those of one group look back at most so many times further than the first of them has to. */
const alike = 4;

/**
 * @param windowOf how far back each has to be looked for, in milliseconds.
 * @returns at most two groups: those with short windows, and the others. Points of a minute's schedule over the window of an hourly one
 * would be sixty times as many as needed; a question for each schedule would be too many questions.
 */
export function groupsOf(targets: readonly Target[], windowOf: (target: Target) => number): readonly Group[] {
  const shortest = Math.min(...targets.map(windowOf));
  const [near, far] = [true, false].map((isNear) => targets.filter((target) => windowOf(target) <= alike * shortest === isNear));
  return [near, far].flatMap((group = []) => (group.length === 0 ? [] : [{ targets: group, windowMs: Math.max(...group.map(windowOf)) }]));
}

/** Names in one filter; what a filter may hold at most is documented for alert policies alone (2 048 characters). */
const longestNames = 1500;
/** A question more costs nothing, a series more does; but an answer takes its time. */
const mostParts = 8;

/** @returns the names in as few parts as their length allows. */
function partsOf(names: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let room = 0;
  for (const name of names) {
    room -= name.length + 4;
    if (room < 0) {
      parts.push([]);
      room = longestNames - name.length;
    }
    parts.at(-1)?.push(name);
  }
  return parts;
}

/**
 * Where not all targets are asked for, names are listed as long as that does not take too many questions, else kinds: that brings some
 * more.
 * @param all all targets of the configuration.
 */
function wheresOf(asked: readonly Target[], all: readonly Target[]): readonly Partial<Record<Label, readonly string[]>>[] {
  if (asked.length === all.length) return [{}];
  const parts = partsOf(asked.map(({ name }) => name).toSorted());
  if (parts.length <= mostParts) return parts.map((target) => ({ target }));
  return [{ kind: [...new Set(asked.map(({ kind }) => kind))].toSorted() }];
}

/**
 * @returns the series of one metric, of all groups; none of what the configuration does not know (any more): neither of targets that are
 * gone, nor of those of another kind whose name is used again.
 */
export async function ask(
  { read, config, now, signal }: Asking,
  metric: MetricName,
  groups: readonly Group[],
): Promise<readonly ReadSeries[]> {
  const answers = await Promise.all(
    groups.flatMap(({ targets, windowMs }) =>
      wheresOf(targets, config.targets).map((where) =>
        read({ metric, environment: config.environment, where, fromMs: now - windowMs, toMs: now }, signal),
      ),
    ),
  );
  const kinds = new Map(config.targets.map(({ name, kind }) => [name, kind]));
  return answers.flat().filter(({ labels: { kind, target } }) => target !== undefined && kinds.get(target) === kind);
}
