/** Policies on targets that are down: one a severity, period and owner. */
import type { PlanContext } from '../../plan/plan';
import { failureDocumentation } from '../documentation';
import type { PolicyDraft } from '../policy';
import { span } from '../../monitoring/promql';
import { scheduleClasses } from '../schedule-class';
import { possibleOwners, targetDownQuery } from '../target-down';
import { streakOf } from '../windows';

export function downPolicies(context: PlanContext): readonly PolicyDraft[] {
  const { targets, alerts } = context.config;
  return scheduleClasses(targets).flatMap((target) =>
    possibleOwners(context, target).map((owner): PolicyDraft => {
      const { severity, periodMs } = target;
      const { runs } = streakOf(periodMs, alerts.consecutive);
      const every = span(periodMs);
      return {
        key: `down-${severity}-${owner}-${target.label}`,
        title: `${severity} targets run every ${every} are down, for ${owner}`,
        severity,
        owner,
        conditions: [{ name: 'down', query: targetDownQuery(context, target, owner) }],
        subject: `\${metric_or_resource.label.task_id} is down (${severity}, ${owner})`,
        content: failureDocumentation(context, {
          title: `${severity} target down: \${metric_or_resource.label.job} / \${metric_or_resource.label.task_id}`,
          meaning: [
            `It failed ${runs === 1 ? 'a scheduled run' : `${runs} scheduled runs in a row`}, each time with all its confirmations, and no known cause explains it.`,
            'It closes by itself, some five minutes after a run succeeds. Runs that could not tell keep it open.',
          ],
          owner,
          targets: target.targets,
        }),
      };
    }),
  );
}
