/** The alert policies as alerting rules of Prometheus: the same for outages that are replayed and for a server that runs. */
import type { AlertPolicy } from '../monitoring/documents';

/** Which condition of which policy a rule stands for. */
export interface RuleSource {
  readonly policy: AlertPolicy;
  /** The condition's display name. */
  readonly condition: string;
}

/** @returns the name of a condition's rule: the policy's key and the condition. */
function ruleName({ policy, condition }: RuleSource): string {
  return `${policy.userLabels.policy}/${condition}`;
}

/** @returns what each rule stands for, by its name. Only conditions in PromQL have one. */
export function ruleSources(policies: readonly AlertPolicy[]): ReadonlyMap<string, RuleSource> {
  const sources = policies.flatMap((policy) =>
    policy.conditions
      .filter(({ conditionPrometheusQueryLanguage: condition }) => condition !== undefined)
      .map(({ displayName }): RuleSource => ({ policy, condition: displayName })),
  );
  return new Map(sources.map((source) => [ruleName(source), source]));
}

/** @returns a rule file (Prometheus, "Alerting rules"): one rule a condition. */
export function ruleFile(policies: readonly AlertPolicy[]): object {
  const rules = policies.flatMap((policy) =>
    policy.conditions.flatMap(({ displayName, conditionPrometheusQueryLanguage: condition }) =>
      condition ? [{ alert: ruleName({ policy, condition: displayName }), expr: condition.query, for: condition.duration }] : [],
    ),
  );
  return { groups: [{ name: 'policies', rules }] };
}

/** Labels that tell incidents of one policy apart, the most telling first. */
const telling = ['cause', 'secret', 'task_id', 'host', 'connector_name'] as const;

/** @returns what an incident is about, given its labels: the resource, the cause, the secret; empty where it is about everything. */
export function subjectOf(labels: Readonly<Record<string, string>>): string {
  const [found] = telling.flatMap((key) => (labels[key] === undefined ? [] : [labels[key]]));
  const { job } = labels;
  return found?.startsWith('shard-') === true && job !== undefined ? `${job} ${found}` : (found ?? '');
}
