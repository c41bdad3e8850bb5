/** Rules on aggregations: aligners, reducers, periods (google.monitoring.v3.Aggregation). */
import * as z from 'zod';
import type { KnownMetric } from './known-metrics';
import { objectsOf, secondsOf, textOf, when, type Mistake } from './rule';
import { seconds } from './shape';

const percentiles = ['99', '95', '50', '05'];
const ofBool = ['ALIGN_COUNT_TRUE', 'ALIGN_COUNT_FALSE', 'ALIGN_FRACTION_TRUE'];
const aligners = [
  ...['NONE', 'DELTA', 'RATE', 'INTERPOLATE', 'NEXT_OLDER', 'MIN', 'MAX', 'MEAN', 'COUNT', 'SUM', 'STDDEV', 'PERCENT_CHANGE'].map(
    (name) => `ALIGN_${name}`,
  ),
  ...ofBool,
  ...percentiles.map((share) => `ALIGN_PERCENTILE_${share}`),
];
const reducers = [
  ...['NONE', 'MEAN', 'MIN', 'MAX', 'SUM', 'STDDEV', 'COUNT', 'COUNT_TRUE', 'COUNT_FALSE', 'FRACTION_TRUE'].map((name) => `REDUCE_${name}`),
  ...percentiles.map((share) => `REDUCE_PERCENTILE_${share}`),
];
/** What a BOOL gauge may be aligned by. */
const takesBool = new Set([...ofBool, 'ALIGN_NEXT_OLDER', 'ALIGN_COUNT', 'ALIGN_NONE']);

/** google.monitoring.v3.Aggregation. */
export const aggregation = z.strictObject({
  alignmentPeriod: seconds.optional(),
  perSeriesAligner: z.enum(aligners as [string, ...string[]]).optional(),
  crossSeriesReducer: z.enum(reducers as [string, ...string[]]).optional(),
  groupByFields: z.array(z.string()).optional(),
});

/** @returns what is wrong with a list of aggregations of the metric. */
export function aggregationMistakes(value: unknown, path: string, metric: KnownMetric | undefined): readonly Mistake[] {
  return objectsOf(value, path).flatMap(([item, place], index) => {
    const aligner = textOf(item['perSeriesAligner']) || 'ALIGN_NONE';
    const reducer = textOf(item['crossSeriesReducer']) || 'REDUCE_NONE';
    const period = secondsOf(item['alignmentPeriod']);
    // The first sees the metric's own points, the others what the first made of them.
    const type = index === 0 ? metric?.valueType : undefined;
    return [
      ...when(item['alignmentPeriod'] !== undefined && !(period >= 60), `${place}.alignmentPeriod`, 'is shorter than 60s'),
      ...when(aligner !== 'ALIGN_NONE' && item['alignmentPeriod'] === undefined, place, 'has an aligner and no alignmentPeriod'),
      ...when(reducer !== 'REDUCE_NONE' && aligner === 'ALIGN_NONE', place, 'has a reducer and no aligner'),
      ...when(
        type !== undefined && aligner.startsWith('ALIGN_PERCENTILE_') && type !== 'DISTRIBUTION',
        `${place}.perSeriesAligner`,
        `needs a DISTRIBUTION, not ${type}`,
      ),
      ...when(type !== undefined && ofBool.includes(aligner) && type !== 'BOOL', `${place}.perSeriesAligner`, `needs a BOOL, not ${type}`),
      ...when(type === 'BOOL' && !takesBool.has(aligner), `${place}.perSeriesAligner`, 'does not take a BOOL'),
      ...when(
        metric?.kind === 'GAUGE' && index === 0 && /^ALIGN_(DELTA|RATE)$/.test(aligner),
        `${place}.perSeriesAligner`,
        'does not take a GAUGE',
      ),
    ];
  });
}
