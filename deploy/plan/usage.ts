/** What the functions are asked to do in a month: runs, how long they usually take, the points and secrets that they need. */
import type { Config, Target } from '../../shared/config/config';
import { runsPerDay } from '../../shared/config/schedule';
import { secretsOf, type Group } from './needs';
import type { SyntheticMonitor } from '../monitoring/documents';
import type { FunctionPlan, Shard } from './plan';
import { assumed, billedStepMs, hoursAMonth } from './prices';
import { seriesOf, seriesOfShard, sumOf, type SeriesCount } from './series';
import { packedMs } from './shards';

/** Somebody who calls a function again and again. */
export interface Caller {
  readonly function: FunctionPlan;
  readonly targets: readonly Target[];
  readonly runsAMonth: number;
  /** One usual run, as it is charged. */
  readonly billedMs: number;
  readonly series: SeriesCount;
  /** Values of secrets that one run reads. */
  readonly secretAccesses: number;
  /** Series that one run reads from Cloud Monitoring. */
  readonly seriesRead: number;
}

/** @returns how often a schedule comes in a month. */
function monthly(schedule: string): number {
  return (runsPerDay(schedule) * hoursAMonth) / 24;
}

function usualMs({ kind, timeoutMs }: Target): number {
  return Math.min(timeoutMs / 2, assumed.usualMs[kind] ?? assumed.otherUsualMs);
}

/** @returns the distinct values that a run over the targets reads. */
export function valuesRead(targets: readonly Target[], project: string): number {
  const read = targets.flatMap((target) => secretsOf(target, project)).filter(({ value }) => value);
  return new Set(read.map(({ resource, version }) => `${resource}@${version}`)).size;
}

function callerOf(group: Group, plan: FunctionPlan, targets: readonly Target[], runsAMonth: number, config: Config): Caller {
  const runMs = assumed.aroundMs + packedMs(targets.map(usualMs), config.concurrency);
  return {
    function: plan,
    targets,
    runsAMonth,
    billedMs: Math.ceil(runMs / billedStepMs) * billedStepMs,
    series: sumOf([...targets.map((target) => seriesOf(target, group.kind, config.project)), seriesOfShard()]),
    secretAccesses: valuesRead(targets, config.project),
    seriesRead: 0,
  };
}

/** What reads the points of all targets on a schedule: the questions, and each target that is wrong. */
function readerOf(plan: FunctionPlan, runsAMonth: number, targets: number): Caller {
  return {
    function: plan,
    targets: [],
    runsAMonth,
    billedMs: Math.ceil((assumed.aroundMs + assumed.otherUsualMs) / billedStepMs) * billedStepMs,
    series: seriesOfShard(),
    secretAccesses: 0,
    seriesRead: assumed.questions + assumed.wrongShare * targets,
  };
}

/** @returns every Scheduler job and every native monitor as a caller. */
export function callersOf(
  groups: readonly Group[],
  functions: readonly FunctionPlan[],
  shards: readonly Shard[],
  monitors: readonly SyntheticMonitor[],
  config: Config,
): readonly Caller[] {
  const frequencies = new Map([...new Set(shards.map(({ schedule }) => schedule))].map((schedule) => [schedule, monthly(schedule)]));
  const ofServices = shards
    .filter((shard) => shard.targets.length === 0)
    .flatMap((shard) => {
      const plan = functions.find(({ kind }) => kind === shard.kind);
      return plan ? [readerOf(plan, frequencies.get(shard.schedule) ?? 0, config.targets.length)] : [];
    });
  const ofKinds = groups.flatMap((group) => {
    const plan = functions.find(({ kind }) => kind === group.kind.name);
    if (!plan) return [];
    const byName = new Map(group.targets.map((target) => [target.name, target]));
    const own = shards.filter(({ kind }) => kind === group.kind.name);
    const jobs = own.map((shard) => {
      const targets = shard.targets.flatMap((name) => byName.get(name) ?? []);
      return callerOf(group, plan, targets, frequencies.get(shard.schedule) ?? 0, config);
    });
    const natives = monitors
      .filter((monitor) => monitor.function === plan.name)
      .map(({ periodMinutes }) => callerOf(group, plan, group.targets, (hoursAMonth * 60) / periodMinutes, config));
    return [...jobs, ...natives];
  });
  return [...ofKinds, ...ofServices];
}
