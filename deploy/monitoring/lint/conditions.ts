/** Rules on the conditions of alert policies (google.monitoring.v3.AlertPolicy.Condition). */
import * as z from 'zod';
import { aggregation, aggregationMistakes } from './aggregations';
import { burnRateOf, filterMistakes, metricOf } from './filters';
import { promqlMistakes } from './promql';
import { countOf, objectOf, secondsOf, textOf, when, type Json, type Mistake, type Rule } from './rule';
import { labelMap, seconds } from './shape';

const trigger = z.union([z.strictObject({ count: z.int().positive() }), z.strictObject({ percent: z.number().gt(0).lte(100) })]);

/** The kinds of conditions, each with its message. `conditionMonitoringQueryLanguage` and `conditionSql` are none of ours. */
const messages = {
  conditionThreshold: z.strictObject({
    filter: z.string(),
    aggregations: z.array(aggregation).optional(),
    denominatorFilter: z.string().optional(),
    denominatorAggregations: z.array(aggregation).optional(),
    forecastOptions: z.strictObject({ forecastHorizon: seconds }).optional(),
    comparison: z.enum(['COMPARISON_GT', 'COMPARISON_LT'], { error: 'is not COMPARISON_GT or COMPARISON_LT, the only ones there are' }),
    thresholdValue: z.number(),
    duration: seconds,
    trigger: trigger.optional(),
    evaluationMissingData: z
      .enum(['INACTIVE', 'ACTIVE', 'NO_OP'].map((name) => `EVALUATION_MISSING_DATA_${name}`) as [string, ...string[]])
      .optional(),
  }),
  conditionAbsent: z.strictObject({
    filter: z.string(),
    aggregations: z.array(aggregation).optional(),
    duration: seconds,
    trigger: trigger.optional(),
  }),
  conditionMatchedLog: z.strictObject({ filter: z.string().min(1), labelExtractors: labelMap.optional() }),
  conditionPrometheusQueryLanguage: z.strictObject({
    query: z.string(),
    duration: seconds.optional(),
    evaluationInterval: seconds.optional(),
    labels: labelMap.optional(),
    ruleGroup: z.string().max(2048).optional(),
    alertRule: z.string().max(2048).optional(),
    disableMetricValidation: z.boolean().optional(),
  }),
};
const kinds = Object.keys(messages) as (keyof typeof messages)[];

/** google.monitoring.v3.AlertPolicy.Condition. */
export const condition = z.strictObject({
  name: z.string().optional(),
  displayName: z.string().min(1).max(512),
  conditionThreshold: messages.conditionThreshold.optional(),
  conditionAbsent: messages.conditionAbsent.optional(),
  conditionMatchedLog: messages.conditionMatchedLog.optional(),
  conditionPrometheusQueryLanguage: messages.conditionPrometheusQueryLanguage.optional(),
});

/** What a condition's rules know besides it: the goals of the objectives that the same deployment makes, by their full names. */
export interface ConditionFacts {
  readonly goals: ReadonlyMap<string, number>;
}
type ConditionRule = Rule<Json, ConditionFacts>;

/** @returns a rule on one kind of condition; paths are those inside it. */
const on = (
  kind: keyof typeof messages,
  source: string,
  check: (body: Json, facts: ConditionFacts) => readonly Mistake[],
): ConditionRule => ({
  source,
  check: (document, facts) =>
    document[kind] === undefined
      ? []
      : check(objectOf(document[kind]), facts).map(({ path, message }) => ({ path: `${kind}.${path}`, message })),
});

const isMetricName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const isBurnRate = (filter: string): boolean => burnRateOf(filter) !== undefined;

/** The rules. */
export const conditionRules: readonly ConditionRule[] = [
  {
    source: 'Condition: "Only one of the following condition types will be specified"',
    check: (document) => when(countOf(document, kinds) !== 1, '', `is not exactly one of ${kinds.join(', ')}`),
  },
  on('conditionThreshold', 'MetricThreshold.filter: names the metric type and the resource type, at most 2048 characters', ({ filter }) =>
    isBurnRate(textOf(filter)) ? [] : filterMistakes(textOf(filter), 'filter'),
  ),
  on('conditionThreshold', 'MetricThreshold.duration: "only values that are a multiple of a minute"', ({ duration }) =>
    when(secondsOf(duration) % 60 !== 0, 'duration', 'is not a multiple of 60s'),
  ),
  on('conditionThreshold', 'MetricThreshold.evaluation_missing_data: "duration must be greater than or equal to 60 seconds"', (body) =>
    when(
      body['evaluationMissingData'] !== undefined && !(secondsOf(body['duration']) >= 60),
      'evaluationMissingData',
      'needs a duration of at least 60s',
    ),
  ),
  on('conditionThreshold', 'Aggregation: periods of at least 60s, a reducer needs an aligner, aligners fit the type', (body) =>
    aggregationMistakes(body['aggregations'], 'aggregations', metricOf(textOf(body['filter']))),
  ),
  on('conditionThreshold', 'Alerting on your burn rate: the look-back is at most 24 h, no aggregations, above a threshold', (body) => {
    const rate = burnRateOf(textOf(body['filter']));
    if (!rate) return [];
    return [
      ...when(rate.objective === '', 'filter', 'is not select_slo_burn_rate("projects/P/services/S/serviceLevelObjectives/O", "3600s")'),
      ...when(
        rate.objective !== '' && !(rate.lookbackSeconds > 0 && rate.lookbackSeconds <= 86_400),
        'filter',
        'looks back more than 24 h',
      ),
      ...when(body['aggregations'] !== undefined, 'aggregations', 'are not taken by a burn rate'),
      ...when(body['comparison'] !== 'COMPARISON_GT', 'comparison', 'is not COMPARISON_GT'),
    ];
  }),
  on('conditionThreshold', 'A burn rate is at most 1/(1 − goal): everything fails', (body, { goals }) => {
    const goal = goals.get(burnRateOf(textOf(body['filter']))?.objective ?? '');
    const threshold = Number(body['thresholdValue']);
    return when(
      goal !== undefined && threshold >= 1 / (1 - goal),
      'thresholdValue',
      `can never be exceeded: with a goal of ${goal} the rate is at most 1/(1 − goal)`,
    );
  }),
  on('conditionAbsent', 'MetricAbsence.filter: names the metric type and the resource type, at most 2048 characters', ({ filter }) =>
    filterMistakes(textOf(filter), 'filter'),
  ),
  on('conditionAbsent', 'MetricAbsence.duration: at least 120 s, a multiple of a minute', ({ duration }) =>
    when(secondsOf(duration) < 120 || secondsOf(duration) % 60 !== 0, 'duration', 'is not at least 120s in whole minutes'),
  ),
  on('conditionAbsent', 'Aggregation: periods of at least 60s, a reducer needs an aligner, aligners fit the type', (body) =>
    aggregationMistakes(body['aggregations'], 'aggregations', metricOf(textOf(body['filter']))),
  ),
  on('conditionPrometheusQueryLanguage', 'PromQL for Cloud Monitoring: metrics and labels as mapped', ({ query }) =>
    promqlMistakes(textOf(query), 'query'),
  ),
  on(
    'conditionPrometheusQueryLanguage',
    'evaluation_interval: "a positive multiple of 30 seconds or missing"',
    ({ evaluationInterval }) => {
      const interval = secondsOf(evaluationInterval);
      return when(
        evaluationInterval !== undefined && !(interval > 0 && interval % 30 === 0),
        'evaluationInterval',
        'is not a positive multiple of 30s',
      );
    },
  ),
  on('conditionPrometheusQueryLanguage', 'alert_rule: "must be a valid Prometheus label name"', ({ alertRule }) =>
    when(alertRule !== undefined && !isMetricName.test(textOf(alertRule)), 'alertRule', 'is not a Prometheus label name'),
  ),
  on('conditionPrometheusQueryLanguage', 'labels: "Label names must be valid"', ({ labels }) =>
    Object.keys(objectOf(labels)).flatMap((key) => when(!isMetricName.test(key), `labels.${key}`, 'is not a Prometheus label name')),
  ),
];
