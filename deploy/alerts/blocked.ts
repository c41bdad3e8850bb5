/** Failures that `diagnose` explains by a cause: the cause is told instead. */
import type { PlanContext } from '../plan/plan';
import { select, span } from '../monitoring/promql';
import { latenessMs, minuteMs } from './windows';

/** @returns how often `diagnose` runs, undefined where it is not deployed. */
export function diagnosePeriodMs({ shards }: PlanContext): number | undefined {
  return shards.find(({ kind }) => kind === 'diagnose')?.periodMs;
}

/** What `diagnose` said lately: in its last two runs, seen late. */
export function saidLatelyMs(context: PlanContext): number {
  return 2 * (diagnosePeriodMs(context) ?? minuteMs) + latenessMs;
}

/** @returns one series for each target whose failure a cause explains; none where nobody diagnoses. */
export function blockedQuery(context: PlanContext): string {
  return `present_over_time(${select('probe/blocked', context.config.environment)}[${span(saidLatelyMs(context))}])`;
}
