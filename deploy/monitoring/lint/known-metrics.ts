/** The metrics that a document may name: ours from the catalogue, and those of Google's that we use. */
import { metricPrefix, metrics, type Metric } from '../../../shared/telemetry/catalogue';
import { promqlName } from '../promql';

/** What a filter or a query needs to know of a metric. */
export interface KnownMetric {
  readonly type: string;
  /** As PromQL names it. */
  readonly promql: string;
  readonly kind: 'GAUGE' | 'DELTA' | 'CUMULATIVE';
  readonly valueType: 'BOOL' | 'INT64' | 'DOUBLE' | 'DISTRIBUTION';
  /** Of the metric; absent where nothing certain is known: no label is refused then. */
  readonly labels?: readonly string[];
  /** Labels of its monitored resource; absent in the same case. */
  readonly resourceLabels?: readonly string[];
}

/** The labels of the monitored resource `generic_task` (Cloud Monitoring, "Monitored resource types"). */
export const taskLabels: readonly string[] = ['project_id', 'location', 'namespace', 'job', 'task_id'];

const ours = Object.entries<Metric>(metrics).map(([name, { valueType, labels }]): KnownMetric => ({
  type: `${metricPrefix}${name}`,
  promql: promqlName(name as keyof typeof metrics),
  kind: 'GAUGE',
  valueType,
  labels,
  resourceLabels: taskLabels,
}));

/** Google's own (Cloud Monitoring, "Google Cloud metrics"). */
const googles: readonly KnownMetric[] = [
  {
    type: 'monitoring.googleapis.com/uptime_check/check_passed',
    promql: 'monitoring_googleapis_com:uptime_check_check_passed',
    kind: 'GAUGE',
    valueType: 'BOOL',
    labels: ['check_id', 'checker_location', 'checked_resource_id'],
    resourceLabels: ['project_id', 'host'],
  },
  {
    type: 'vpcaccess.googleapis.com/connector/cpu_utilization',
    promql: 'vpcaccess_googleapis_com:connector_cpu_utilization',
    kind: 'GAUGE',
    valueType: 'DOUBLE',
  },
  {
    type: 'vpcaccess.googleapis.com/connector/cpu/utilizations',
    promql: 'vpcaccess_googleapis_com:connector_cpu_utilizations',
    kind: 'DELTA',
    valueType: 'DISTRIBUTION',
  },
  {
    type: 'cloudsql.googleapis.com/database/postgresql/num_backends',
    promql: 'cloudsql_googleapis_com:database_postgresql_num_backends',
    kind: 'GAUGE',
    valueType: 'INT64',
  },
  { type: 'run.googleapis.com/request_count', promql: 'run_googleapis_com:request_count', kind: 'DELTA', valueType: 'INT64' },
  {
    type: 'run.googleapis.com/request_latencies',
    promql: 'run_googleapis_com:request_latencies',
    kind: 'DELTA',
    valueType: 'DISTRIBUTION',
  },
];

const all = [...ours, ...googles];
const byType = new Map(all.map((metric) => [metric.type, metric]));
/** Of a distribution PromQL sees a histogram's three names (PromQL for Cloud Monitoring, "Mapping metrics to PromQL"). */
const namesOf = ({ promql, valueType }: KnownMetric): readonly string[] =>
  valueType === 'DISTRIBUTION' ? ['_sum', '_count', '_bucket'].map((part) => `${promql}${part}`) : [promql];
const byPromql = new Map(all.flatMap((metric) => namesOf(metric).map((name) => [name, metric] as const)));

/** @returns the metric of this type, or undefined. */
export function metricOfType(type: string): KnownMetric | undefined {
  return byType.get(type);
}

/** @returns the metric of this PromQL name, or undefined. */
export function metricOfPromql(name: string): KnownMetric | undefined {
  return byPromql.get(name);
}

/** Labels that a PromQL query may group by: those of all metrics, and what PromQL itself adds. */
export const groupable: ReadonlySet<string> = new Set([
  ...all.flatMap(({ labels = [], resourceLabels = [] }) => [...labels, ...resourceLabels]),
  'connector_name',
  'le',
  'monitored_resource',
]);
