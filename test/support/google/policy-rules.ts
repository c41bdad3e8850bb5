/** What Cloud Monitoring refuses in an alert policy beside its shape (v3 REST reference, "AlertPolicy"; error texts as reported). */
import { secondsOf } from './job-rules';
import { checkMessage } from './message-shape';
import { ApiError, invalid, listOf, objectOf, textOf } from './rest';
import type { Document } from './rest';

/** What a policy may refer to. */
export interface PolicySurroundings {
  readonly channelExists: (name: string) => boolean;
  readonly objectiveExists: (name: string) => boolean;
  /** Types of all metrics that have a descriptor. */
  readonly metricTypes: () => readonly string[];
}

/** @throws ApiError where the API would refuse the policy. */
export function checkPolicy(policy: Document, surroundings: PolicySurroundings): void {
  checkMessage('google.monitoring.v3.AlertPolicy', policy);
  const conditions = listOf(policy['conditions']).map(objectOf);
  if (!textOf(policy['displayName'])) throw invalid('Field alert_policy.display_name had an invalid value of "": must not be empty.');
  if (textOf(policy['displayName']).length > 512) throw invalid('Field alert_policy.display_name is longer than 512 characters.');
  if (conditions.length === 0) throw invalid('Field alert_policy.conditions must have at least one condition.');
  if (conditions.length > 6) throw invalid('Field alert_policy.conditions had an invalid value: at most 6 conditions are allowed.');
  if (!textOf(policy['combiner']) || policy['combiner'] === 'COMBINE_UNSPECIFIED')
    throw invalid('Field alert_policy.combiner must be set.');
  checkDocumentation(objectOf(policy['documentation']));
  checkUserLabels(objectOf(policy['userLabels']));
  conditions.forEach((condition, index) => checkCondition(condition, `alert_policy.conditions[${index}]`, surroundings));
  checkStrategy(objectOf(policy['alertStrategy']), conditions);
  const channels = listOf(policy['notificationChannels']).map(textOf);
  if (channels.length > 16)
    throw invalid('Field alert_policy.notification_channels had an invalid value: at most 16 channels are allowed.');
  for (const channel of channels) {
    if (!surroundings.channelExists(channel))
      throw new ApiError(404, `Field alert_policy.notification_channels refers to unknown notification channel ${channel}.`);
  }
}

function checkDocumentation({ content, subject, links }: Document): void {
  if (Buffer.byteLength(textOf(content)) > 8192) throw invalid('Field alert_policy.documentation.content is longer than 8192 bytes.');
  if (textOf(subject).length > 255) throw invalid('Field alert_policy.documentation.subject is longer than 255 characters.');
  if (listOf(links).length > 3) throw invalid('Field alert_policy.documentation.links has more than 3 links.');
}

/** @throws 400 where labels of a user are not as Monitoring takes them. */
export function checkUserLabels(labels: Document): void {
  if (Object.keys(labels).length > 64) throw invalid('Field user_labels has more than 64 labels.');
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key)) throw invalid(`Field user_labels had an invalid key "${key}".`);
    if (!/^[a-z0-9_-]{0,63}$/.test(textOf(value))) throw invalid(`Field user_labels had an invalid value of "${textOf(value)}".`);
  }
}

function checkStrategy(strategy: Document, conditions: readonly Document[]): void {
  const isOfLogs = conditions.some((condition) => condition['conditionMatchedLog'] !== undefined);
  if (isOfLogs && conditions.length > 1) throw invalid('A condition_matched_log must be the only condition of its policy.');
  if (isOfLogs && !strategy['notificationRateLimit'])
    throw invalid('Field alert_policy.alert_strategy.notification_rate_limit is required for log-based policies.');
  if (!isOfLogs && strategy['notificationRateLimit']) throw invalid('Only log-based alert policies may specify a notification rate limit.');
  const close = strategy['autoClose'];
  if (close !== undefined && !(secondsOf(textOf(close)) >= 1800))
    throw invalid('Field alert_policy.alert_strategy.auto_close must be at least 30 minutes.');
}

function checkCondition(condition: Document, where: string, surroundings: PolicySurroundings): void {
  if (!textOf(condition['displayName'])) throw invalid(`Field ${where}.display_name had an invalid value of "": must not be empty.`);
  const threshold = condition['conditionThreshold'];
  const promql = condition['conditionPrometheusQueryLanguage'];
  const absent = condition['conditionAbsent'];
  if (threshold !== undefined) checkThreshold(objectOf(threshold), `${where}.condition_threshold`, surroundings);
  else if (promql !== undefined) checkPromql(objectOf(promql), `${where}.condition_prometheus_query_language`, surroundings);
  else if (absent !== undefined) {
    const duration = secondsOf(textOf(objectOf(absent)['duration']));
    if (!(duration >= 120 && duration % 60 === 0))
      throw invalid(`Field ${where}.condition_absent.duration must be whole minutes, at least two.`);
    checkFilter(textOf(objectOf(absent)['filter']), `${where}.condition_absent.filter`, surroundings);
  } else if (!Object.keys(condition).some((field) => field.startsWith('condition'))) throw invalid(`Field ${where} has no condition.`);
}

function checkThreshold(threshold: Document, where: string, surroundings: PolicySurroundings): void {
  if (!['COMPARISON_GT', 'COMPARISON_LT'].includes(textOf(threshold['comparison']))) {
    throw invalid(`Field ${where}.comparison had an invalid value: only COMPARISON_LT and COMPARISON_GT are supported.`);
  }
  const duration = secondsOf(textOf(threshold['duration'] ?? '0s'));
  if (!(duration >= 0 && duration % 60 === 0)) throw invalid(`Field ${where}.duration must be a multiple of 60 seconds.`);
  const filter = textOf(threshold['filter']);
  const [, objective] = /^select_slo_\w+\("([^"]+)"/.exec(filter) ?? [];
  if (objective !== undefined) {
    if (!surroundings.objectiveExists(objective)) throw new ApiError(404, `Could not find the service level objective ${objective}.`);
    if (listOf(threshold['aggregations']).length > 0)
      throw invalid(`Field ${where}.aggregations must be empty for a filter of service levels.`);
    return;
  }
  checkFilter(filter, `${where}.filter`, surroundings);
  for (const aggregation of listOf(threshold['aggregations']).map(objectOf)) {
    if (!(secondsOf(textOf(aggregation['alignmentPeriod'])) >= 60))
      throw invalid(`Field ${where}.aggregations.alignment_period must be at least 60 seconds.`);
    if (aggregation['crossSeriesReducer'] !== undefined && aggregation['perSeriesAligner'] === undefined) {
      throw invalid(`Field ${where}.aggregations: a reducer needs an aligner.`);
    }
  }
}

function checkFilter(filter: string, where: string, { metricTypes }: PolicySurroundings): void {
  if (filter.length > 2048) throw invalid(`Field ${where} is longer than 2048 characters.`);
  const [, type] = /metric\.type\s*=\s*"([^"]+)"/.exec(filter) ?? [];
  if (type === undefined) throw invalid(`Field ${where} had an invalid value of "${filter}": must specify a restriction on "metric.type".`);
  if (!/resource\.type\s*=/.test(filter))
    throw invalid(`Field ${where} had an invalid value of "${filter}": must specify a restriction on "resource.type".`);
  if (isOurs(type) && !metricTypes().includes(type)) {
    throw new ApiError(
      404,
      `Cannot find metric that matches type = "${type}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
    );
  }
}

function isOurs(type: string): boolean {
  return /^(custom|external|workload)\.googleapis\.com\//.test(type);
}

function checkPromql(promql: Document, where: string, { metricTypes }: PolicySurroundings): void {
  const query = textOf(promql['query']);
  if (!query) throw invalid(`Field ${where}.query had an invalid value of "": must not be empty.`);
  const interval = secondsOf(textOf(promql['evaluationInterval'] ?? '30s'));
  if (!(interval > 0 && interval % 30 === 0)) throw invalid(`Field ${where}.evaluation_interval must be a multiple of 30 seconds.`);
  const duration = secondsOf(textOf(promql['duration'] ?? '0s'));
  if (!(duration >= 0 && Number.isInteger(duration))) throw invalid(`Field ${where}.duration must be whole seconds.`);
  if (promql['disableMetricValidation'] === true) return;
  const known = new Set(metricTypes().map((type) => type.replace('/', ':').replace(/[^\w:]/g, '_')));
  for (const [name] of query.matchAll(/\b(?:custom|external|workload)_googleapis_com:\w+/g)) {
    if (!known.has(name)) throw invalid(`Field ${where}.query refers to the unknown metric ${name}.`);
  }
}
