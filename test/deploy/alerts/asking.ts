/** Asks the conditions of policies on made-up points, each evaluation knowing only what is seen by then. */
import { seriesOf, type Dot } from '../../../deploy/alerts/replay/history';
import { ask, type Answer } from '../../../deploy/alerts/replay/promtool';
import { alertPolicies } from '../../../deploy/alerts/policies';
import type { AlertPolicy } from '../../../deploy/monitoring/documents';
import type { PlanContext } from '../../../deploy/plan/plan';

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;

/** @returns the policies whose keys match. */
export function policiesOf(context: PlanContext, key: RegExp): readonly AlertPolicy[] {
  return alertPolicies(context).filter(({ userLabels }) => key.test(userLabels.policy));
}

/** The query of a policy's condition. */
export function queryOf(policy: AlertPolicy | undefined, name?: string): string {
  const condition = policy?.conditions.find(({ displayName }) => name === undefined || displayName === name);
  const query = condition?.conditionPrometheusQueryLanguage?.query;
  if (query === undefined) throw new Error(`no condition ${name ?? ''}`);
  return query;
}

/** One evaluation's answer to one query. */
export interface Told extends Answer {
  /** Which of the queries. */
  readonly query: number;
}

/**
 * promtool evaluates over everything at once. So that points can be late, every evaluation gets a world of its own that holds only what is
 * seen by then. Durations (`for`) don't count here.
 */
export async function tell(queries: readonly string[], dots: readonly Dot[], times: readonly number[]): Promise<readonly Told[]> {
  const pairs = times.flatMap((at) => queries.map((query, index) => ({ at, query, index })));
  const answers = await ask(pairs.map(({ at, query }) => ({ series: seriesOf('staging', dots, at), questions: [{ query, at }] })));
  return answers.map((answer) => ({ ...answer, query: pairs[answer.world]?.index ?? -1 }));
}

/** Every condition as the server evaluates it, with durations: which policies are firing at these times, as `policy: task`. */
export async function timeline(
  policies: readonly AlertPolicy[],
  dots: readonly Dot[],
  times: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const questions = times.map((at) => ({ at, query: 'ALERTS{alertstate="firing"}' }));
  const answers = await ask([{ series: seriesOf('staging', dots), questions }], policies);
  return new Map(
    times.map((time) => [
      time,
      answers
        .filter(({ at }) => at === time)
        .map(({ labels }) => `${labels['alertname']}: ${labels['task_id'] ?? ''}`)
        .toSorted(),
    ]),
  );
}

/** @returns the times from one to the other. */
export function every(stepMs: number, fromMs: number, toMs: number): readonly number[] {
  return Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index) => fromMs + index * stepMs);
}
