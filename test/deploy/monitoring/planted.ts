/** Good documents, small ones, and how to change them at a place. */
export type Json = Readonly<Record<string, unknown>>;
export type DocumentKind = 'policy' | 'dashboard' | 'service' | 'uptime' | 'monitor' | 'descriptor' | 'snooze';

/** Puts a value at a path such as `conditions.0.displayName`; undefined takes away what stands there. */
export type Change = readonly [path: string, value: unknown];

const success =
  'metric.type="custom.googleapis.com/synthetic/probe/success" AND resource.type="generic_task" AND resource.labels.job="redis" AND metric.labels.kind="redis"';
const query = (title: string): Json => ({
  title,
  xyChart: {
    dataSets: [
      {
        timeSeriesQuery: { prometheusQuery: 'max(custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task"})' },
        minAlignmentPeriod: '60s',
      },
    ],
  },
});
const labels = { 'managed-by': 'vpc-synthetics' };

/** A condition of each kind. */
export const conditions = {
  promql: {
    displayName: 'promql',
    conditionPrometheusQueryLanguage: {
      query: 'max by (task_id) (custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task",job="redis"}) == 0',
      duration: '0s',
      evaluationInterval: '60s',
      alertRule: 'down',
    },
  },
  threshold: {
    displayName: 'threshold',
    conditionThreshold: {
      filter: success,
      comparison: 'COMPARISON_LT',
      thresholdValue: 1,
      duration: '120s',
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN', crossSeriesReducer: 'REDUCE_MIN' }],
    },
  },
  absent: { displayName: 'absent', conditionAbsent: { filter: success, duration: '120s' } },
  burn: {
    displayName: 'burn',
    conditionThreshold: {
      filter: 'select_slo_burn_rate("projects/p/services/s/serviceLevelObjectives/o", "3600s")',
      comparison: 'COMPARISON_GT',
      thresholdValue: 6,
      duration: '0s',
    },
  },
  log: { displayName: 'log', conditionMatchedLog: { filter: 'severity>=ERROR' } },
} as const;

/** A good document of each kind. */
export const good: Readonly<Record<DocumentKind, Json>> = {
  policy: {
    displayName: 'down',
    combiner: 'OR',
    conditions: [conditions.promql, conditions.threshold, conditions.absent, conditions.burn],
    severity: 'CRITICAL',
    documentation: {
      content: 'text',
      mimeType: 'text/markdown',
      subject: 'down',
      links: [{ displayName: 'runbook', url: 'https://example.com/#x' }],
    },
    userLabels: { ...labels, policy: 'down' },
    notificationChannels: ['projects/p/notificationChannels/1'],
    alertStrategy: {
      autoClose: '1800s',
      notificationPrompts: ['OPENED', 'CLOSED'],
      notificationChannelStrategy: [{ notificationChannelNames: ['projects/p/notificationChannels/1'] }],
    },
    enabled: true,
  },
  dashboard: {
    displayName: 'board',
    labels,
    dashboardFilters: [{ filterType: 'METRIC_LABEL', labelKey: 'kind' }],
    mosaicLayout: {
      columns: 12,
      tiles: [
        { xPos: 0, yPos: 0, width: 6, height: 2, widget: query('a') },
        {
          xPos: 6,
          yPos: 0,
          width: 6,
          height: 2,
          widget: {
            scorecard: {
              timeSeriesQuery: {
                timeSeriesFilter: { filter: success, aggregation: { alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN' } },
              },
              thresholds: [{ value: 1, color: 'RED', direction: 'BELOW' }],
            },
          },
        },
        { xPos: 0, yPos: 2, width: 12, height: 4, widget: { collapsibleGroup: {} } },
        { xPos: 0, yPos: 2, width: 12, height: 4, widget: { incidentList: {} } },
      ],
    },
  },
  service: {
    id: 'synthetics-staging',
    displayName: 'Synthetics',
    userLabels: labels,
    objectives: [
      {
        id: 'orders-db',
        displayName: 'orders-db',
        goal: 0.99,
        rollingPeriod: '2419200s',
        serviceLevelIndicator: {
          windowsBased: { metricMeanInRange: { timeSeries: success, range: { min: 1, max: 1 } }, windowPeriod: '60s' },
        },
        userLabels: labels,
      },
    ],
  },
  uptime: {
    displayName: 'a',
    userLabels: labels,
    monitoredResource: { type: 'uptime_url', labels: { project_id: 'p', host: 'a.example.com' } },
    httpCheck: {
      requestMethod: 'GET',
      useSsl: true,
      validateSsl: true,
      path: '/',
      port: 443,
      acceptedResponseStatusCodes: [{ statusClass: 'STATUS_CLASS_2XX' }],
    },
    period: '300s',
    timeout: '10s',
    selectedRegions: ['USA_OREGON', 'EUROPE', 'ASIA_PACIFIC'],
  },
  monitor: { displayName: 'a', userLabels: labels, function: 'synthetics-staging-http', periodMinutes: 5, timeoutSeconds: 30 },
  descriptor: {
    type: 'custom.googleapis.com/synthetic/probe/latency',
    metricKind: 'GAUGE',
    valueType: 'DOUBLE',
    unit: 'ms',
    displayName: 'Latency',
    description: 'How long.',
    labels: [{ key: 'kind', valueType: 'STRING', description: 'The kind.' }],
  },
  snooze: {
    displayName: 'cache: restart',
    criteria: { policies: ['projects/p/alertPolicies/1'], filter: 'resource.labels.job="redis" AND resource.labels.task_id="cache"' },
    interval: { startTime: '2026-01-01T00:00:00Z', endTime: '2026-01-01T01:00:00Z' },
  },
};

function put(node: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  const inner = (at: unknown): unknown => (rest.length === 0 ? value : put(at ?? {}, rest, value));
  if (Array.isArray(node)) return node.map((item: unknown, index) => (index === Number(key) ? inner(item) : item));
  const object = node as Json;
  const result = { ...object, [key]: inner(object[key]) };
  return JSON.parse(JSON.stringify(result)) as unknown;
}

/** @returns the document with the changes made. */
export function changed(document: Json, changes: readonly Change[]): Json {
  return changes.reduce((node, [path, value]) => put(node, path.split('.'), value) as Json, document);
}
