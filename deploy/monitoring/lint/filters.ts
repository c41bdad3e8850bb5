/** Monitoring filters as conditions and objectives have them: which metric, which resource, which labels (Cloud Monitoring, "Monitoring filters"). */
import { metricOfType, taskLabels, type KnownMetric } from './known-metrics';
import { charactersIn, when, type Mistake } from './rule';

const longest = 2048;

/** The arguments of an objective's burn rate (Cloud Monitoring, "Alerting on your burn rate"). */
export interface BurnRate {
  readonly objective: string;
  readonly lookbackSeconds: number;
}

/** @returns the burn rate that a filter selects, undefined where it selects none, and NaN for a look-back that can't be read. */
export function burnRateOf(filter: string): BurnRate | undefined {
  if (!filter.includes('select_slo_burn_rate')) return undefined;
  const match =
    /^select_slo_burn_rate\("(projects\/[^/"]+\/services\/[a-z0-9-]+\/serviceLevelObjectives\/[a-zA-Z0-9\-_:.]+)", *"(\d+)([smhd])"\)$/.exec(
      filter,
    );
  const [, objective = '', amount = '', unit = ''] = match ?? [];
  const size = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  return { objective, lookbackSeconds: Number(amount === '' ? NaN : amount) * (size ?? NaN) };
}

const valueOf = (filter: string, field: string): string | undefined =>
  new RegExp(String.raw`(?:^|[\s(])${field.replace('.', String.raw`\.`)}\s*=\s*"([^"]*)"`).exec(filter)?.[1];

/** @returns the metric that a filter names, where it is a known one. */
export function metricOf(filter: string): KnownMetric | undefined {
  return metricOfType(valueOf(filter, 'metric.type') ?? '');
}

/** @returns what is wrong with a filter of metrics: it names one known metric and a resource, with labels that they have. */
export function filterMistakes(filter: string, path: string): readonly Mistake[] {
  const type = valueOf(filter, 'metric.type');
  const resource = valueOf(filter, 'resource.type');
  const metric = metricOfType(type ?? '');
  const of = (area: string): readonly string[] =>
    [...filter.matchAll(new RegExp(String.raw`\b${area}\.labels?\.(\w+)`, 'g'))].map(([, key = '']) => key);
  return [
    ...when(filter === '', path, 'is empty'),
    ...when(charactersIn(filter) > longest, path, `has more than ${longest} characters`),
    ...when(filter !== '' && type === undefined, path, 'names no metric.type'),
    ...when(filter !== '' && resource === undefined, path, 'names no resource.type'),
    ...when(type !== undefined && metric === undefined, path, `names the metric ${type}, which there is not`),
    ...of('metric').flatMap((key) =>
      when(metric?.labels?.includes(key) === false, path, `names the label ${key}, which ${type} does not have`),
    ),
    ...of('resource').flatMap((key) =>
      when(resource === 'generic_task' && !taskLabels.includes(key), path, `names the label ${key}, which ${resource} does not have`),
    ),
  ];
}
