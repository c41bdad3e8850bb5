/** A cause that `diagnose` names: it pages instead of the targets that it blocks. */
import type { Owner } from '../../shared/reasons';
import type { PlanContext } from '../plan/plan';
import { saidLatelyMs } from './blocked';
import { is, select, span } from '../monitoring/promql';

/** Two points are asked for, so that a cause which was seen once, e.g. while something restarts, wakes nobody. One series a cause. */
export function causeQuery(context: PlanContext, owner: Owner): string {
  const active = select('cause/active', context.config.environment, is('owner', owner));
  return `count_over_time(${active}[${span(saidLatelyMs(context))}]) >= 2`;
}
