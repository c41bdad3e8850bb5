/** A scheduled function that is silent: the monitor itself does not run. */
import { longestGapOf } from '../../shared/config/schedule';
import { groupBy } from '../../shared/group';
import type { PlanContext, Shard } from '../plan/plan';
import { among, is, select, span } from '../monitoring/promql';
import { evaluationMs, hourMs, latenessMs, longestMs, memoryMs, minuteMs } from './windows';

/** Shards with one period. */
interface ShardClass {
  readonly periodMs: number;
  /** The longest pause that their schedules make, e.g. over night; the period where they make none. */
  readonly gapMs: number;
  /** The longest of them. */
  readonly budgetMs: number;
  readonly shards: readonly Shard[];
}

/** How a class is asked for: absent in the window, and that for the duration; together three periods, the budget, and the lateness. */
export interface Silence {
  readonly windowMs: number;
  readonly durationMs: number;
}

/** A condition can't be asked to last for longer. */
const longestDurationMs = 23 * hourMs;

/**
 * The window always holds a heartbeat of a function that runs, also a late one. The duration gives a function that was deployed together
 * with its policy the time of its first run. It is a whole number of minutes. Where a day does not hold the window, the duration still
 * outlasts the time between one heartbeat's leaving it and the next one's coming.
 */
export function silenceOf({ periodMs, gapMs, budgetMs }: ShardClass): Silence {
  const durationMs = Math.min(longestDurationMs, Math.ceil((gapMs + budgetMs) / minuteMs) * minuteMs);
  return { durationMs, windowMs: Math.min(longestMs, 2 * periodMs + gapMs + budgetMs + latenessMs - durationMs) };
}

/** True where a pause is so long that silence can't be told from it. */
const isTooRare = ({ gapMs, budgetMs }: ShardClass): boolean => gapMs + budgetMs + latenessMs >= longestMs + longestDurationMs;

/** @returns the shards by period and longest pause, the fastest first; without those whose silence says nothing for days. */
export function shardClasses(shards: readonly Shard[]): readonly ShardClass[] {
  const groups = groupBy(shards, ({ periodMs, schedule }) => `${periodMs} ${longestGapOf(schedule)}`);
  return [...groups]
    .map(([key, own]): ShardClass => {
      const [periodMs = 0, gapMs = 0] = key.split(' ').map(Number);
      return { periodMs, gapMs, budgetMs: Math.max(...own.map(({ budgetMs }) => budgetMs)), shards: own };
    })
    .filter((one) => !isTooRare(one))
    .toSorted((a, b) => a.gapMs - b.gapMs || a.periodMs - b.periodMs);
}

/** The heartbeats of some shards of one function; the resource names the shard, so that an incident can be snoozed by it. */
function heartbeat(environment: string, kind: string, shards: readonly Shard[]): string {
  const tasks = shards.map(({ shard }) => `shard-${shard}`);
  return select('prober/healthy', environment, is('job', kind), among('task_id', tasks), is('trigger', 'schedule'));
}

/**
 * The shards whose common silence means that nothing runs at all: those of the fastest schedule, and of the next one where that is only
 * one. A single shard may be silent for reasons of its own.
 */
export function proofOfLife(shards: readonly Shard[]): ShardClass | undefined {
  const [fastest, next] = shardClasses(shards);
  if (!fastest || fastest.shards.length > 1 || !next) return fastest && fastest.shards.length > 1 ? fastest : undefined;
  return { ...next, budgetMs: Math.max(fastest.budgetMs, next.budgetMs), shards: [...fastest.shards, ...next.shards] };
}

/** @returns one series without labels when all of them are silent. */
export function allSilentQuery({ config }: PlanContext, life: ShardClass): string {
  const window = span(silenceOf(life).windowMs);
  const kinds = [...new Set(life.shards.map(({ kind }) => kind))].toSorted();
  const beats = kinds.map((kind) => {
    const own = life.shards.filter((shard) => shard.kind === kind);
    return `present_over_time(${heartbeat(config.environment, kind, own)}[${window}])`;
  });
  return `absent(${beats.join(' or ')})`;
}

/**
 * One query for some shards. `absent_over_time` takes its labels from the matchers, so each shard is a series of its own. They keep still
 * while all are silent, and after that until their own next run is due.
 */
export function silentQuery(context: PlanContext, group: ShardClass, life: ShardClass | undefined): string {
  const { windowMs } = silenceOf(group);
  const silent = group.shards.map(
    (shard) => `absent_over_time(${heartbeat(context.config.environment, shard.kind, [shard])}[${span(windowMs)}])`,
  );
  if (!life) return silent.join(' or ');
  const restMs = Math.min(longestMs - silenceOf(life).windowMs, group.gapMs + group.budgetMs + memoryMs);
  const stepMs = Math.max(evaluationMs, Math.floor(life.periodMs / (2 * minuteMs)) * minuteMs);
  const all = `max_over_time((${allSilentQuery(context, life)})[${span(restMs)}:${span(stepMs)}])`;
  return `(${silent.join(' or ')}) unless on () ${all}`;
}
