/** The policy on functions that are silent; where very many are expected, several. */
import type { PlanContext } from '../../plan/plan';
import { jobsCommand, logCommand } from '../commands';
import { monitorDocumentation } from '../documentation';
import { chunks, conditionsInPolicy, type ConditionDraft, type PolicyDraft } from '../policy';
import { allSilentQuery, proofOfLife, shardClasses, silenceOf, silentQuery } from '../prober-absent';
import { span } from '../../monitoring/promql';

/** Shards in one query, so that it stays below some 10 kB. */
const shardsInQuery = 50;

/** Conditions are found again by their names, so those of one period differ by the pause that their schedules make. */
const pause = ({ periodMs, gapMs }: { readonly periodMs: number; readonly gapMs: number }): string =>
  gapMs === periodMs ? '' : `, pausing ${span(gapMs)}`;

function conditionsFor(context: PlanContext): readonly ConditionDraft[] {
  const life = proofOfLife(context.shards);
  const all = life ? [{ name: 'all silent', query: allSilentQuery(context, life), durationMs: silenceOf(life).durationMs }] : [];
  const single = shardClasses(context.shards).flatMap((group) =>
    chunks(group.shards, shardsInQuery).map((shards, index): ConditionDraft => ({
      name: `silent, every ${span(group.periodMs)}${pause(group)}${index === 0 ? '' : `, part ${index + 1}`}`,
      query: silentQuery(context, { ...group, shards }, life),
      durationMs: silenceOf(group).durationMs,
    })),
  );
  return [...all, ...single];
}

export function proberPolicies(context: PlanContext): readonly PolicyDraft[] {
  return chunks(conditionsFor(context), conditionsInPolicy).map((conditions, index): PolicyDraft => {
    const part = index === 0 ? '' : `-${index + 1}`;
    return {
      key: `prober-silent${part}`,
      title: 'a function of the monitor no longer runs',
      severity: 'critical',
      owner: 'monitor',
      conditions,
      subject: 'the monitor is silent: ${metric_or_resource.label.job} ${metric_or_resource.label.task_id}',
      content: monitorDocumentation(context, {
        title: 'A scheduled function is silent: ${metric_or_resource.label.job} / ${metric_or_resource.label.task_id}',
        meaning: [
          'No scheduled run wrote its heartbeat for three periods and the time that a run may take. Nothing is known about its targets.',
          'Without a function named above, all of them are silent at once: look at what they share.',
        ],
        looks: [
          `Cloud Scheduler: is the job paused, and what did its last attempt get? \`${jobsCommand(context)}\``,
          `The function's log: an invalid configuration, a crash at start, no permission to write metrics? \`${logCommand(context)}\``,
          'All at once: billing, the quota of Cloud Monitoring, the deleted service account of the Scheduler, an incident of the region?',
        ],
      }),
    };
  });
}
