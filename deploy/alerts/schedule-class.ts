/** Targets of one severity and one period: what one policy is about, and how its queries name them. */
import type { Target } from '../../shared/config/config';
import { severities, type Severity } from '../../shared/result';
import { among, is, type Matcher } from './promql';

export interface ScheduleClass {
  readonly severity: Severity;
  readonly periodMs: number;
  readonly kinds: readonly string[];
  /** For metrics whose series have a target: these targets and no others. */
  readonly matchers: readonly Matcher[];
  /** Like `matchers`, but without names: these targets, and perhaps others of the same kinds and severity. */
  readonly roughly: readonly Matcher[];
  readonly targets: readonly Target[];
}

const kindsOf = (targets: readonly Target[]): readonly string[] => [...new Set(targets.map(({ kind }) => kind))].toSorted();

/**
 * The shortest matchers, and those that change least: by severity and kinds where that says it all, else by leaving names out, else by
 * names. Names are unique in a configuration, so a kind and a name never contradict each other.
 * @param all all targets of the severity
 */
function matchersFor(severity: Severity, targets: readonly Target[], all: readonly Target[]): Pick<ScheduleClass, 'matchers' | 'roughly'> {
  const kinds = kindsOf(targets);
  const own = new Set(targets.map(({ name }) => name));
  const others = all.filter(({ kind, name }) => kinds.includes(kind) && !own.has(name)).map(({ name }) => name);
  const roughly = [is('severity', severity), among('job', kinds)];
  if (others.length === 0) return { roughly, matchers: roughly };
  const byExclusion = others.length <= own.size;
  const names = (byExclusion ? others : [...own]).toSorted();
  return { roughly, matchers: [...roughly, among('task_id', names, byExclusion)] };
}

/** @returns the classes, the gravest severity and the shortest period first. */
export function scheduleClasses(targets: readonly Target[]): readonly ScheduleClass[] {
  return severities.flatMap((severity) => {
    const all = targets.filter((target) => target.severity === severity);
    const periods = [...new Set(all.map(({ periodMs }) => periodMs))].toSorted((a, b) => a - b);
    return periods.map((periodMs) => {
      const own = all.filter((target) => target.periodMs === periodMs);
      return { severity, periodMs, kinds: kindsOf(own), targets: own, ...matchersFor(severity, own, all) };
    });
  });
}
