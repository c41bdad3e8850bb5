/** Policies on targets that are unknown, fail now and then, or are slow. */
import type { PlanContext } from '../../plan/plan';
import { monitorDocumentation, plainDocumentation } from '../documentation';
import type { PolicyDraft } from '../policy';
import { span } from '../../monitoring/promql';
import { periodClasses, scheduleClasses } from '../schedule-class';
import { intermittentQuery, latencyQuery } from '../statistics';
import { unknownQuery } from '../unknown';
import { statisticsMs } from '../windows';

/** One a severity and period; the monitor owns what it can't tell. */
export function unknownPolicies(context: PlanContext): readonly PolicyDraft[] {
  return scheduleClasses(context.config.targets).map((target): PolicyDraft => {
    const { severity, periodMs } = target;
    const every = span(periodMs);
    return {
      key: `unknown-${severity}-${target.label}`,
      title: `${severity} targets run every ${every} are unknown`,
      severity,
      owner: 'monitor',
      conditions: [{ name: 'unknown', query: unknownQuery(context, target) }],
      subject: `nothing is known about \${metric_or_resource.label.task_id} (${severity}, monitor)`,
      content: monitorDocumentation(context, {
        title: `Nothing is known about a ${severity} target: \${metric_or_resource.label.job} / \${metric_or_resource.label.task_id}`,
        meaning: [
          'Three runs in a row could not tell whether it works: the monitor, its configuration or its own access is at fault.',
          'It may be down or well. It closes when a run can tell.',
        ],
        looks: [
          "`secret_unavailable`: does the secret exist, and may the function's own account read it? See the `secrets` targets.",
          '`api_denied`, `api_unavailable`: which role does the message name? Has a deployment taken it away?',
          '`prober_exhausted`, `internal`: are memory, CPU or time of the function used up? Read its log at this time.',
        ],
        run: true,
      }),
    };
  });
}

/** One a period: a warning, whatever the targets are worth. Secrets break their rules or keep them; they are told by name. */
export function intermittentPolicies(context: PlanContext): readonly PolicyDraft[] {
  return periodClasses(context.config.targets.filter(({ kind }) => kind !== 'secrets')).map((target): PolicyDraft => {
    const every = span(target.periodMs);
    return {
      key: `intermittent-${target.label}`,
      title: `targets run every ${every} fail now and then`,
      severity: 'warning',
      conditions: [{ name: 'intermittent', query: intermittentQuery(context, target) }],
      subject: '${metric_or_resource.label.task_id} fails now and then',
      content: plainDocumentation(context, {
        title: 'Fails now and then: ${metric_or_resource.label.job} / ${metric_or_resource.label.task_id}',
        meaning: [
          `More than a fifth of its first attempts failed within ${span(statisticsMs(target.periodMs))}, even where trying again helped.`,
          'Users meet these failures; they have no second attempt.',
        ],
        looks: [
          'Which reason do the failed first attempts have? It is in `probe/problem` with the outcome `degraded`, and in the log.',
          'Is it one of several machines, addresses or backends? A fifth of all is one of five.',
          'Does it come in bursts, with load, with deployments, with restarts? Look at the same time in its own log.',
        ],
        run: true,
      }),
    };
  });
}

/** One a period, where an objective is configured. */
export function latencyPolicies(context: PlanContext): readonly PolicyDraft[] {
  const { latencyMs } = context.config.alerts;
  if (latencyMs === undefined) return [];
  return periodClasses(context.config.targets).map((target): PolicyDraft => {
    const every = span(target.periodMs);
    return {
      key: `latency-${target.label}`,
      title: `targets run every ${every} are slower than ${latencyMs} ms`,
      severity: 'warning',
      conditions: [{ name: 'latency', query: latencyQuery(context, target, latencyMs) }],
      subject: '${metric_or_resource.label.task_id} is slow',
      content: plainDocumentation(context, {
        title: 'Slow: ${metric_or_resource.label.job} / ${metric_or_resource.label.task_id}',
        meaning: [`The median of its latency within ${span(statisticsMs(target.periodMs))} is above the objective of ${latencyMs} ms.`],
        looks: [
          'Which phase takes the time? It is in `probe/phase_latency`: dns and connect are the network, the rest is the service.',
          'Are others slow since the same minute? Then look at what they share: the connector, the database, the region.',
          "What changed: a deployment, load, a query's plan, the number of instances?",
        ],
        run: true,
      }),
    };
  });
}
