/** One alert policy from what differs between policies: its key, its conditions, whom it goes to and what it says. */
import { ownerLabel, policyLabel } from '../../shared/config/own-labels';
import { channelsOf } from '../../shared/config/route';
import type { Owner } from '../../shared/reasons';
import type { Severity } from '../../shared/result';
import type { AlertCondition, AlertPolicy } from '../monitoring/documents';
import type { PlanContext } from '../plan/plan';
import { evaluationMs } from './windows';

/** A question and the name under which a deployment finds it again. */
export interface ConditionDraft {
  readonly name: string;
  readonly query: string;
  /** How long it must be true without a break; a whole number of minutes. */
  readonly durationMs?: number;
}

export interface PolicyDraft {
  /** Unique in the environment and the same in every deployment: lower-case letters, digits, hyphens; at most 63. */
  readonly key: string;
  /** For people, without the environment. */
  readonly title: string;
  readonly severity: Severity;
  /** Absent where nobody in particular owns it. */
  readonly owner?: Owner;
  readonly conditions: readonly ConditionDraft[];
  readonly combiner?: 'OR' | 'AND';
  /** Markdown, at most 8192 bytes. */
  readonly content: string;
  /** At most 255 characters; may hold Monitoring's variables. */
  readonly subject: string;
}

/** AlertPolicy, `conditions`: one to six. */
export const conditionsInPolicy = 6;

/** @returns the items in parts of at most this size. */
export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** The longest time after which an incident is closed whose data no longer come; the shortest that is allowed is half an hour. */
const autoClose = '1800s';

function conditionOf({ name, query, durationMs = 0 }: ConditionDraft, ruleGroup: string): AlertCondition {
  return {
    displayName: name,
    conditionPrometheusQueryLanguage: {
      query,
      duration: `${durationMs / 1000}s`,
      evaluationInterval: `${evaluationMs / 1000}s`,
      ruleGroup,
      alertRule: name.replaceAll(/[^a-zA-Z0-9_]/g, '_'),
      // A metric that nobody has written yet is unknown to the server: the policy would be refused.
      disableMetricValidation: true,
    },
  };
}

/** @returns the document. */
export function policyOf(draft: PolicyDraft, { config, names }: PlanContext): AlertPolicy {
  const { key, title, severity, owner, conditions, combiner = 'OR', content, subject } = draft;
  return {
    displayName: `${names.prefix}${key}: ${title}`,
    combiner,
    conditions: conditions.map((condition) => conditionOf(condition, `${names.prefix}${key}`)),
    severity: severity.toUpperCase() as Uppercase<Severity>,
    documentation: { content, mimeType: 'text/markdown', subject: `[${config.environment}] ${subject}` },
    userLabels: { ...names.labels, [policyLabel]: key, ...(owner && { [ownerLabel]: owner }) },
    notificationChannels: channelsOf(config.alerts.routes, severity, owner),
    alertStrategy: { autoClose },
    enabled: true,
  };
}
