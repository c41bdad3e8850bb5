/** Targets of one period, and perhaps of one severity: what one policy is about, and how its queries name them. */
import type { Target } from '../../shared/config/config';
import { severities, type Severity } from '../../shared/result';
import { among, except, is, span, type Matcher } from '../monitoring/promql';

/** Targets that are run equally often. */
export interface TargetClass {
  readonly periodMs: number;
  /** The period, e.g. `1m`, with a number where there are so many names that they need several queries. */
  readonly label: string;
  readonly kinds: readonly string[];
  /** For metrics whose series have a target: these targets and no others. */
  readonly matchers: readonly Matcher[];
  /** Like `matchers`, but without names: these targets, and perhaps others of the same kinds and severity. */
  readonly roughly: readonly Matcher[];
  readonly targets: readonly Target[];
}

export interface ScheduleClass extends TargetClass {
  readonly severity: Severity;
}

const kindsOf = (targets: readonly Target[]): readonly string[] => [...new Set(targets.map(({ kind }) => kind))].toSorted();

/**
 * The shortest matchers, and those that change least when a target is added: by kinds where that says it all, else by leaving names out,
 * else by names. Names are unique in a configuration, so a kind and a name never contradict each other.
 * @param all the targets that the metric may have, apart from what other matchers exclude
 */
export function naming(targets: readonly Target[], all: readonly Target[]): readonly Matcher[] {
  const kinds = kindsOf(targets);
  const own = new Set(targets.map(({ name }) => name));
  const others = all.filter(({ kind, name }) => kinds.includes(kind) && !own.has(name)).map(({ name }) => name);
  const byKind = among('job', kinds);
  if (others.length === 0) return [byKind];
  if (others.length <= own.size) return [byKind, except('task_id', others.toSorted())];
  return [byKind, among('task_id', [...own].toSorted())];
}

/** Names in a query, in characters: a query repeats them some six times. */
export const mostNames = 3000;

/** The targets in as few parts as their names need. */
function partsOf(targets: readonly Target[], matchers: readonly Matcher[]): readonly (readonly Target[])[] {
  const length = matchers.join('').length;
  if (length <= mostNames) return [targets];
  const names = targets.reduce((sum, { name }) => sum + name.length + 1, 0);
  const size = Math.max(1, Math.floor((targets.length * mostNames) / names));
  return Array.from({ length: Math.ceil(targets.length / size) }, (_, index) => targets.slice(index * size, (index + 1) * size));
}

function classesOf(targets: readonly Target[], more: readonly Matcher[]): readonly TargetClass[] {
  const periods = [...new Set(targets.map(({ periodMs }) => periodMs))].toSorted((a, b) => a - b);
  return periods.flatMap((periodMs) => {
    const own = targets.filter((target) => target.periodMs === periodMs);
    return partsOf(own, naming(own, targets)).map((part, index, parts): TargetClass => {
      const kinds = kindsOf(part);
      const names =
        parts.length === 1 ? naming(part, targets) : [among('job', kinds), among('task_id', part.map(({ name }) => name).toSorted())];
      const label = index === 0 ? span(periodMs) : `${span(periodMs)}-${index + 1}`;
      return { periodMs, label, kinds, targets: part, roughly: [...more, among('job', kinds)], matchers: [...more, ...names] };
    });
  });
}

/** @returns the classes by severity and period, the gravest severity and the shortest period first. */
export function scheduleClasses(targets: readonly Target[]): readonly ScheduleClass[] {
  return severities.flatMap((severity) => {
    const all = targets.filter((target) => target.severity === severity);
    return classesOf(all, [is('severity', severity)]).map((one) => ({ ...one, severity }));
  });
}

/** @returns the classes by period alone, the shortest first. */
export function periodClasses(targets: readonly Target[]): readonly TargetClass[] {
  return classesOf(targets, []);
}
