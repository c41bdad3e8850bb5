/** What alert policies will cost: so much for each metric that a condition names, and for each point that conditions return. */
import { metrics, type MetricName } from '../../shared/telemetry/catalogue';
import type { AlertCondition, AlertPolicy } from '../monitoring/documents';
import { charge, shown } from './charge';
import type { CostItem } from './plan';
import { alertingFrom, assumed, hoursAMonth, prices } from './prices';
import type { SeriesCount } from './series';

const monthSeconds = hoursAMonth * 3600;
/** The name of a metric of Cloud Monitoring in PromQL (Cloud Monitoring, "Mapping metric names to PromQL"). */
const promQlName = /\b[a-z][a-z0-9_]*_googleapis_com:[a-zA-Z0-9_]+/g;

const ours: ReadonlyMap<string, MetricName> = new Map(
  (Object.keys(metrics) as MetricName[]).map((name) => [`custom_googleapis_com:synthetic_${name.replaceAll('/', '_')}`, name] as const),
);

interface Evaluated {
  readonly references: number;
  readonly pointsAMonth: number;
}

function evaluated({ conditionPrometheusQueryLanguage: promQl }: AlertCondition, series: SeriesCount): Evaluated {
  if (!promQl) return { references: 1, pointsAMonth: monthSeconds / assumed.evaluationSeconds };
  const names = [...new Set(promQl.query.match(promQlName) ?? [])];
  const widest = names.reduce((most, name) => {
    const metric = ours.get(name);
    return Math.max(most, metric ? (series.get(metric) ?? 0) : 1);
  }, 0);
  const every = Number.parseFloat(promQl.evaluationInterval) || assumed.evaluationSeconds;
  return { references: Math.max(1, names.length), pointsAMonth: (monthSeconds / every) * widest * assumed.wrongShare };
}

/** @returns the items of alerting, charged from a date on. */
export function alertingItems(policies: readonly AlertPolicy[], series: SeriesCount): readonly CostItem[] {
  const all = policies.flatMap(({ conditions }) => conditions).map((condition) => evaluated(condition, series));
  const references = all.reduce((sum, each) => sum + each.references, 0);
  const points = all.reduce((sum, each) => sum + each.pointsAMonth, 0);
  return [
    {
      name: 'alerting: conditions',
      quantity: `${references} metric references of ${all.length} conditions`,
      usd: charge(references, prices.alertReferences),
      from: alertingFrom,
    },
    {
      name: 'alerting: points',
      quantity: `${shown(points)} returned, while ${assumed.wrongShare * 100} % is wrong`,
      usd: charge(points, prices.alertPoints),
      from: alertingFrom,
    },
  ];
}
