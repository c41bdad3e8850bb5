/** Mistakes planted in an alert policy. */
import { conditions } from './planted';
import { filterOf, passed, planted, type Planted } from './planting';

const policy = planted('policy');
const promql = (name: string, query: string, told: RegExp): Planted =>
  policy(name, 'conditions.0.conditionPrometheusQueryLanguage.query', query, told);
const threshold = (name: string, field: string, value: unknown, told: RegExp): Planted =>
  policy(name, `conditions.1.conditionThreshold.${field}`, value, told);
const burn = (name: string, field: string, value: unknown, told: RegExp): Planted =>
  policy(name, `conditions.3.conditionThreshold.${field}`, value, told);
const channel = (index: number): string => `projects/p/notificationChannels/${index}`;
const success = 'custom.googleapis.com/synthetic/probe/success';
const aligned = (perSeriesAligner: string): object => [{ alignmentPeriod: '60s', perSeriesAligner }];

/** A mistake for each rule on policies and conditions, at least. */
export const policies: readonly Planted[] = [
  policy('a field that is none', 'severty', 'CRITICAL', /^: unknown field severty$/),
  policy('a field that is none, inside', 'documentation.title', 'x', /^documentation: unknown field title$/),
  policy('a severity that is none', 'severity', 'FATAL', /^severity: /),
  policy('no severity', 'severity', undefined, /^severity: /),
  policy('a combiner that is none', 'combiner', 'XOR', /^combiner: /),
  policy('a long name', 'displayName', 'x'.repeat(513), /^displayName: has more than 512/),
  policy('no conditions', 'conditions', [], /^conditions: holds 0/),
  policy(
    'seven conditions',
    'conditions',
    Array.from({ length: 7 }, (_, index) => ({ ...conditions.promql, displayName: `c${index}` })),
    /^conditions: holds 7/,
  ),
  policy('two conditions of one name', 'conditions.1.displayName', 'promql', /^conditions: the name "promql" stands twice/),
  policy(
    'a condition of two kinds',
    'conditions.0.conditionAbsent',
    conditions.absent.conditionAbsent,
    /^conditions\[0\]: is not exactly one of/,
  ),
  policy('long documentation', 'documentation.content', 'x'.repeat(8193), /^documentation\.content: has more than 8192/),
  policy('documentation of too many bytes', 'documentation.content', 'ä'.repeat(5121), /^documentation\.content: .*10240 bytes/),
  policy('another mime type', 'documentation.mimeType', 'text/html', /^documentation\.mimeType: /),
  policy('a long subject', 'documentation.subject', 'x'.repeat(256), /^documentation\.subject: has more than 255/),
  policy(
    'a variable that PromQL does not fill in, in the subject',
    'documentation.subject',
    '${resource.label.task_id} is down',
    /^documentation\.subject: holds \$\{resource\.label\.task_id\}/,
  ),
  policy(
    'a variable that PromQL does not fill in, in the text',
    'documentation.content',
    'about ${metric.label.cause}',
    /^documentation\.content: holds \$\{metric\.label\.cause\}/,
  ),
  policy(
    'four links',
    'documentation.links',
    Array.from({ length: 4 }, () => ({ displayName: 'a', url: 'https://a.example.com' })),
    /^documentation\.links: holds 4/,
  ),
  policy('a link without a name', 'documentation.links.0.displayName', '', /^documentation\.links\[0\]\.displayName: /),
  policy('a link that is none', 'documentation.links.0.url', 'docs/runbooks.md', /^documentation\.links\[0\]\.url: /),
  policy('a condition on log entries among others', 'conditions.0', conditions.log, /^conditions: a condition on log entries stands alone/),
  policy('a condition on log entries without a rate', 'conditions', [conditions.log], /^alertStrategy\.notificationRateLimit: is missing/),
  policy(
    'a rate for other conditions',
    'alertStrategy.notificationRateLimit',
    { period: '300s' },
    /^alertStrategy\.notificationRateLimit: is for/,
  ),
  policy('a close too early', 'alertStrategy.autoClose', '60s', /^alertStrategy\.autoClose: /),
  policy(
    'prompts that are not taken',
    'alertStrategy.notificationPrompts',
    ['CLOSED'],
    /^alertStrategy\.notificationPrompts: is not OPENED or/,
  ),
  policy(
    'a strategy for another channel',
    'alertStrategy.notificationChannelStrategy.0.notificationChannelNames',
    [channel(2)],
    /which the policy does not notify/,
  ),
  policy(
    'seventeen channels',
    'notificationChannels',
    Array.from({ length: 17 }, (_, index) => channel(index)),
    /^notificationChannels: holds 17/,
  ),
  policy('a channel twice', 'notificationChannels', [channel(1), channel(1)], /^notificationChannels: .* stands twice/),
  policy('a channel by its number', 'notificationChannels', ['1'], /^notificationChannels\[0\]: is not projects/),
  policy('a label with capitals', 'userLabels.Team', 'x', /^userLabels\.Team: is not a key/),
  policy('a label with a dot', 'userLabels.team', 'a.b', /^userLabels\.team: is not a value/),
  policy(
    'too many labels',
    'userLabels',
    Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, 'x'])),
    /^userLabels: 65 labels/,
  ),
  policy('no label to be found by', 'userLabels.policy', undefined, /^userLabels\.policy: is missing/),

  promql('an empty query', ' ', /query: is empty/),
  promql(
    'a metric that there is not',
    'custom_googleapis_com:synthetic_probe_sucess{monitored_resource="generic_task"} == 0',
    /names the metric custom_googleapis_com:synthetic_probe_sucess/,
  ),
  promql(
    'a metric without its colon',
    'custom_googleapis_com_synthetic_probe_success{job="a"} == 0',
    /names the metric custom_googleapis_com_synthetic_probe_success/,
  ),
  promql('a selector without a metric', '{job="a"}', /names the metric \{…\}/),
  promql(
    'a label that the metric does not have',
    'custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task",reason="x"}',
    /names the label reason/,
  ),
  promql('no type of the resource', 'custom_googleapis_com:synthetic_probe_success{job="a"}', /needs monitored_resource="generic_task"/),
  promql(
    'no type of the resource, no braces',
    'max(custom_googleapis_com:synthetic_probe_success)',
    /needs monitored_resource="generic_task"/,
  ),
  promql(
    'a group by a label that there is not',
    'max by (taskid) (custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task"})',
    /groups by the label taskid/,
  ),
  policy(
    'an interval of 45s',
    'conditions.0.conditionPrometheusQueryLanguage.evaluationInterval',
    '45s',
    /evaluationInterval: is not a positive multiple of 30s/,
  ),
  policy(
    'an interval of none',
    'conditions.0.conditionPrometheusQueryLanguage.evaluationInterval',
    '0s',
    /evaluationInterval: is not a positive multiple/,
  ),
  policy('a duration that is none', 'conditions.0.conditionPrometheusQueryLanguage.duration', '1m', /duration: is not a duration/),
  policy(
    'a rule with a hyphen',
    'conditions.0.conditionPrometheusQueryLanguage.alertRule',
    'is-down',
    /alertRule: is not a Prometheus label name/,
  ),
  policy(
    'a label with a hyphen',
    'conditions.0.conditionPrometheusQueryLanguage.labels',
    { 'a-b': 'c' },
    /labels\.a-b: is not a Prometheus label name/,
  ),

  threshold('an empty filter', 'filter', '', /filter: is empty/),
  threshold('a filter without a metric', 'filter', 'resource.type="generic_task"', /filter: names no metric\.type/),
  threshold('a filter without a resource', 'filter', `metric.type="${success}"`, /filter: names no resource\.type/),
  threshold(
    'a metric that there is not',
    'filter',
    filterOf('custom.googleapis.com/synthetic/none'),
    /filter: names the metric .*none, which there is not/,
  ),
  threshold(
    'a label that the metric does not have',
    'filter',
    filterOf(success, ' AND metric.labels.reason="x"'),
    /filter: names the label reason/,
  ),
  threshold(
    'a label that the resource does not have',
    'filter',
    filterOf(success, ' AND resource.labels.zone="x"'),
    /filter: names the label zone/,
  ),
  threshold('a long filter', 'filter', filterOf(success, ` AND metric.labels.kind="${'x'.repeat(2048)}"`), /filter: has more than 2048/),
  threshold('a comparison that is not supported', 'comparison', 'COMPARISON_GE', /comparison: is not COMPARISON_GT/),
  threshold('a duration of 90s', 'duration', '90s', /duration: is not a multiple of 60s/),
  {
    kind: 'policy',
    name: 'missing data without a duration',
    changes: [
      ['conditions.1.conditionThreshold.duration', '0s'],
      ['conditions.1.conditionThreshold.evaluationMissingData', 'EVALUATION_MISSING_DATA_ACTIVE'],
    ],
    told: /evaluationMissingData: needs a duration/,
  },
  threshold('a short alignment', 'aggregations.0.alignmentPeriod', '30s', /alignmentPeriod: is shorter than 60s/),
  threshold('an aligner without a period', 'aggregations.0.alignmentPeriod', undefined, /has an aligner and no alignmentPeriod/),
  threshold('a reducer without an aligner', 'aggregations.0.perSeriesAligner', undefined, /has a reducer and no aligner/),
  threshold('an aligner that is none', 'aggregations.0.perSeriesAligner', 'ALIGN_MEDIAN', /perSeriesAligner: /),
  threshold('a percentile of numbers', 'aggregations', aligned('ALIGN_PERCENTILE_95'), /perSeriesAligner: needs a DISTRIBUTION, not INT64/),
  threshold('a share of true of numbers', 'aggregations', aligned('ALIGN_FRACTION_TRUE'), /perSeriesAligner: needs a BOOL, not INT64/),
  threshold('a rate of a gauge', 'aggregations', aligned('ALIGN_RATE'), /perSeriesAligner: does not take a GAUGE/),
  threshold('a mean of a BOOL', 'filter', passed, /perSeriesAligner: does not take a BOOL/),
  policy('an absence of a minute', 'conditions.2.conditionAbsent.duration', '60s', /conditionAbsent\.duration: is not at least 120s/),
  policy('an absence of 150s', 'conditions.2.conditionAbsent.duration', '150s', /conditionAbsent\.duration: is not at least 120s/),
  policy(
    'an absence of a metric that there is not',
    'conditions.2.conditionAbsent.filter',
    filterOf('custom.googleapis.com/x'),
    /conditionAbsent\.filter: names the metric/,
  ),
  policy(
    'an absence with a reducer alone',
    'conditions.2.conditionAbsent.aggregations',
    [{ crossSeriesReducer: 'REDUCE_SUM' }],
    /conditionAbsent\.aggregations\[0\]: has a reducer/,
  ),
  burn('a burn rate of something else', 'filter', 'select_slo_burn_rate("o", "3600s")', /filter: is not select_slo_burn_rate/),
  burn(
    'a burn rate over two days',
    'filter',
    'select_slo_burn_rate("projects/p/services/s/serviceLevelObjectives/o", "2d")',
    /filter: looks back more than 24 h/,
  ),
  burn('a burn rate with aggregations', 'aggregations', aligned('ALIGN_MEAN'), /aggregations: are not taken/),
  burn('a burn rate below a threshold', 'comparison', 'COMPARISON_LT', /comparison: is not COMPARISON_GT/),
  burn('a burn rate that the goal never reaches', 'thresholdValue', 14.4, /thresholdValue: can never be exceeded/),
];
