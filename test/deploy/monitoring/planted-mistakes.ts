/** Every planted mistake: those in policies, and those in all other documents. */
import { policies } from './planted-in-policies';
import { filterOf, passed, planted, type Planted } from './planting';

const dashboard = planted('dashboard');
const tile = (name: string, path: string, value: unknown, told: RegExp): Planted =>
  dashboard(name, `mosaicLayout.tiles.${path}`, value, told);
const chart = '0.widget.xyChart';

const dashboards: readonly Planted[] = [
  dashboard('a field that is none', 'title', 'x', /^: unknown field title/),
  dashboard('forty-nine columns', 'mosaicLayout.columns', 49, /columns: is not 1 to 48/),
  dashboard(
    'too many tiles',
    'mosaicLayout.tiles',
    Array.from({ length: 41 }, (_, yPos) => ({ xPos: 0, yPos, width: 1, height: 1, widget: { blank: {} } })),
    /tiles: holds 41/,
  ),
  dashboard('a label with capitals', 'labels.Team', 'x', /^labels\.Team: /),
  dashboard('a filter without a label', 'dashboardFilters.0.labelKey', undefined, /labelKey: is missing/),
  dashboard('a value filter with a label', 'dashboardFilters.0.filterType', 'VALUE_ONLY', /labelKey: must be omitted/),
  tile('a tile beyond the last column', '1.width', 7, /tiles\[1\]: reaches beyond/),
  tile('a tile before the first column', '0.xPos', -1, /tiles\[0\]: has a negative position/),
  tile('a tile without height', '0.height', 0, /tiles\[0\]: is narrower or lower/),
  tile('tiles upon one another', '1.xPos', 5, /tiles\[1\]: overlaps mosaicLayout\.tiles\[0\]/),
  tile('a widget that is none', '0.widget.chart', {}, /widget: unknown field chart/),
  tile('a widget of two kinds', '0.widget.incidentList', {}, /widget: is not exactly one of/),
  tile('a widget of no kind', '3.widget', { title: 'x' }, /widget: is not exactly one of/),
  tile('a chart without data', `${chart}.dataSets`, [], /dataSets: is empty/),
  tile(
    'a chart with two queries',
    `${chart}.dataSets.0.timeSeriesQuery.timeSeriesQueryLanguage`,
    'fetch x',
    /timeSeriesQuery: is not exactly one of/,
  ),
  tile(
    'a query of a metric that there is not',
    `${chart}.dataSets.0.timeSeriesQuery.prometheusQuery`,
    'up{job="a"}',
    /prometheusQuery: names the metric up/,
  ),
  tile(
    'a filter of a metric that there is not',
    '1.widget.scorecard.timeSeriesQuery.timeSeriesFilter.filter',
    filterOf('x.googleapis.com/y'),
    /filter: names the metric x/,
  ),
  tile(
    'a percentile of numbers',
    '1.widget.scorecard.timeSeriesQuery.timeSeriesFilter.aggregation.perSeriesAligner',
    'ALIGN_PERCENTILE_50',
    /needs a DISTRIBUTION/,
  ),
  tile('a short alignment', `${chart}.dataSets.0.minAlignmentPeriod`, '10s', /minAlignmentPeriod: is shorter than 60s/),
  tile('a coloured line in a chart', `${chart}.thresholds`, [{ value: 1, color: 'RED' }], /thresholds\[0\]\.color: is not allowed/),
  tile('an axis in a scorecard', '1.widget.scorecard.thresholds.0.targetAxis', 'Y1', /thresholds\[0\]\.targetAxis: is not allowed/),
];

const service = planted('service');
const objective = (name: string, path: string, value: unknown, told: RegExp): Planted => service(name, `objectives.0.${path}`, value, told);
const windows = 'serviceLevelIndicator.windowsBased';

const services: readonly Planted[] = [
  service('a field that is none', 'name', 'x', /^: unknown field name/),
  service('an id with capitals', 'id', 'Synthetics', /^id: is not/),
  service('a label with capitals', 'userLabels.Team', 'x', /^userLabels\.Team: /),
  service(
    'more than 500 objectives',
    'objectives',
    Array.from({ length: 501 }, (_, index) => ({ id: `o${index}` })),
    /^objectives: holds 501/,
  ),
  service('two objectives of one id', 'objectives', [{ id: 'a' }, { id: 'a' }], /^objectives: the id a stands twice/),
  objective('a field that is none', 'window', 'x', /objectives\[0\]: unknown field window/),
  objective('an id with a slash', 'id', 'a/b', /objectives\[0\]\.id: /),
  objective('a goal of 99.5', 'goal', 99.5, /goal: is not above 0/),
  objective('a goal of five nines', 'goal', 0.99999, /goal: is not above 0/),
  objective('forty days', 'rollingPeriod', '3456000s', /rollingPeriod: is not 1 to 30 whole days/),
  objective('half a day', 'rollingPeriod', '43200s', /rollingPeriod: is not 1 to 30 whole days/),
  objective('no period', 'rollingPeriod', undefined, /is not exactly one of rollingPeriod, calendarPeriod/),
  objective('no indicator', 'serviceLevelIndicator', {}, /serviceLevelIndicator: is not exactly one of/),
  objective('two criteria', `${windows}.goodBadMetricFilter`, 'x', /windowsBased: is not exactly one of/),
  objective('the trap of a BOOL', `${windows}.goodBadMetricFilter`, 'x', /goodBadMetricFilter: hides failures/),
  objective('a window of 70s', `${windows}.windowPeriod`, '70s', /windowPeriod: is not a whole fraction/),
  objective('a window of 30s', `${windows}.windowPeriod`, '30s', /windowPeriod: is not a whole fraction/),
  objective('an empty range', `${windows}.metricMeanInRange.range`, { min: 2, max: 1 }, /range: is empty/),
  objective('a BOOL for a mean', `${windows}.metricMeanInRange.timeSeries`, passed, /timeSeries: is not a GAUGE of INT64 or DOUBLE/),
  objective(
    'a metric that there is not',
    `${windows}.metricMeanInRange.timeSeries`,
    filterOf('custom.googleapis.com/x'),
    /timeSeries: names the metric/,
  ),
  objective('a label with capitals', 'userLabels.Team', 'x', /objectives\[0\]\.userLabels\.Team: /),
];

const uptime = planted('uptime');
const uptimes: readonly Planted[] = [
  uptime('a field that is none', 'retries', 3, /^: unknown field retries/),
  uptime('two requests', 'tcpCheck', { port: 443 }, /^: is not exactly one of httpCheck, tcpCheck/),
  uptime('no request', 'httpCheck', undefined, /^: is not exactly one of/),
  uptime('no host', 'monitoredResource.labels', { project_id: 'p' }, /labels: are not project_id and host/),
  uptime('a private host', 'monitoredResource.labels.host', '10.0.0.1', /host: 10\.0\.0\.1 is private/),
  uptime('a period of 90s', 'period', '90s', /^period: /),
  uptime('a timeout of two minutes', 'timeout', '120s', /^timeout: /),
  uptime('two regions', 'selectedRegions', ['EUROPE', 'USA_IOWA'], /^selectedRegions: hold fewer than 3/),
  uptime('a region that is none', 'selectedRegions', ['USA', 'MARS'], /^selectedRegions: MARS is not a region/),
  uptime('a GET with a body', 'httpCheck.body', 'eA==', /^httpCheck: is a GET with a body/),
  uptime('a POST without a content type', 'httpCheck.requestMethod', 'POST', /contentType: is missing/),
  uptime('a port that is none', 'httpCheck.port', 70_000, /^httpCheck\.port: /),
  uptime('a certificate to verify without TLS', 'httpCheck.useSsl', false, /validateSsl: has no effect/),
  uptime('two matchers', 'contentMatchers', [{ content: 'a' }, { content: 'b' }], /^contentMatchers: hold more than one/),
  uptime('a long matcher', 'contentMatchers', [{ content: 'x'.repeat(1025) }], /content: has more than 1024/),
  uptime('a template', 'httpCheck.headers', { authorization: 'Bearer ${secret:token}' }, /^httpCheck: holds a template/),
  uptime('a label with capitals', 'userLabels.Team', 'x', /^userLabels\.Team: /),
];

const monitor = planted('monitor');
const descriptor = planted('descriptor');
const snooze = planted('snooze');
const others: readonly Planted[] = [
  monitor('a field that is none', 'region', 'x', /^: unknown field region/),
  monitor('a period of two minutes', 'periodMinutes', 2, /^periodMinutes: /),
  monitor('a timeout of 90s', 'timeoutSeconds', 90, /^timeoutSeconds: /),
  monitor('a function with an underscore', 'function', 'a_b', /^function: /),
  monitor('a label with capitals', 'userLabels.Team', 'x', /^userLabels\.Team: /),
  descriptor('a field that is none', 'kind', 'x', /^: unknown field kind/),
  descriptor('a delta', 'metricKind', 'DELTA', /^metricKind: /),
  descriptor('another domain', 'type', 'example.com/x', /^type: /),
  descriptor('a domain alone', 'type', 'custom.googleapis.com', /^type: /),
  {
    kind: 'descriptor',
    name: 'a cumulative BOOL',
    changes: [
      ['metricKind', 'CUMULATIVE'],
      ['valueType', 'BOOL'],
    ],
    told: /^valueType: is of a GAUGE only/,
  },
  descriptor('a unit of no meaning', 'unit', 'milliseconds', /^unit: /),
  descriptor('a label with a hyphen', 'labels.0.key', 'a-b', /^labels\[0\]\.key: /),
  descriptor('a label of numbers', 'labels.0.valueType', 'INT64', /^labels\[0\]\.valueType: /),
  descriptor(
    'thirty-one labels',
    'labels',
    Array.from({ length: 31 }, (_, index) => ({ key: `l${index}`, valueType: 'STRING', description: 'x' })),
    /^labels: are 31/,
  ),
  descriptor(
    'a label twice',
    'labels',
    [
      { key: 'a', valueType: 'STRING', description: 'x' },
      { key: 'a', valueType: 'STRING', description: 'x' },
    ],
    /^labels: a stands twice/,
  ),
  snooze('a field that is none', 'reason', 'x', /^: unknown field reason/),
  snooze('a long name', 'displayName', 'x'.repeat(513), /^displayName: /),
  snooze(
    'a filter beside two policies',
    'criteria.policies',
    ['projects/p/alertPolicies/1', 'projects/p/alertPolicies/2'],
    /^criteria\.policies: with a filter/,
  ),
  snooze('no policies', 'criteria.policies', [], /^criteria\.policies: holds 0/),
  snooze('a policy by its number', 'criteria.policies', ['1'], /^criteria\.policies: 1 is not/),
  snooze('a metric label in the filter', 'criteria.filter', 'metric.labels.target="a"', /^criteria\.filter: /),
  snooze('a label that the resource does not have', 'criteria.filter', 'resource.labels.zone="a"', /^criteria\.filter: /),
  snooze('an end before the start', 'interval.endTime', '2025-01-01T00:00:00Z', /^interval: does not end/),
  snooze('a stamp that is none', 'interval.endTime', 'tomorrow', /^interval\.endTime: /),
];

/** Every planted mistake. */
export const mistakes: readonly Planted[] = [...policies, ...dashboards, ...services, ...uptimes, ...others];
