/** The section on targets: success, latency, and the phases that make it up. */
import type { PlanContext } from '../../plan/plan';
import { among, select } from '../promql';
import { rowsOf } from './mosaic';
import { chart, heading, type Row, type Widget } from './widgets';

/** As many lines as still can be told apart; a chart takes 300 (Cloud Monitoring, "Quotas and limits"). */
const mostLines = 20;
const interval = '[${__interval}]';

/**
 * At each time the worst few: ten thousand targets make no more lines than twenty do. The filter above the picture chooses one.
 * @param pick `topk` where more is worse, else `bottomk`.
 */
export function worst(context: PlanContext, pick: 'topk' | 'bottomk', query: string): string {
  return context.config.targets.length > mostLines ? `${pick}(${mostLines}, ${query})` : query;
}

const many = ({ config }: PlanContext): string => (config.targets.length > mostLines ? ` (the ${mostLines} worst)` : '');

function phases(context: PlanContext): readonly Widget[] {
  const { environment, targets } = context.config;
  return [...new Set(targets.map(({ kind }) => kind))].map((kind) =>
    chart(
      `Phases of ${kind}, mean`,
      [
        {
          query: `avg by (phase) (avg_over_time(${select('probe/phase_latency', environment, among('job', [kind]))}${interval}))`,
          legend: '${phase}',
        },
      ],
      { plot: 'STACKED_AREA', unit: 'ms' },
    ),
  );
}

function burnRate(context: PlanContext): readonly Widget[] {
  const { environment, alerts } = context.config;
  if (alerts.slo === undefined) return [];
  const good = `avg by (kind,target) (avg_over_time(${select('probe/first_success', environment, 'severity="critical"')}[1h]))`;
  const budget = Number((1 - alerts.slo).toPrecision(12));
  return [
    chart(
      `Error budget burnt in the last hour${many(context)}`,
      [{ query: worst(context, 'topk', `(1 - ${good}) / ${budget}`), legend: '${target}' }],
      { bounds: [{ value: 1, label: 'used up in 28 days' }] },
    ),
  ];
}

/** @returns the section's rows. */
export function targetsSection(context: PlanContext): readonly Row[] {
  const { environment, alerts } = context.config;
  const mean = (metric: 'probe/success' | 'probe/first_success' | 'probe/latency'): string =>
    `avg by (kind,target) (avg_over_time(${select(metric, environment)}${interval}))`;
  const latency = chart(`Latency${many(context)}`, [{ query: worst(context, 'topk', mean('probe/latency')), legend: '${target}' }], {
    unit: 'ms',
    bounds: alerts.latencyMs === undefined ? [] : [{ value: alerts.latencyMs, label: 'objective' }],
  });
  return [
    [{ width: 12, height: 1, widget: heading('Targets', 'Choose a kind or a target in the filters above') }],
    ...rowsOf(
      [
        chart(`Success${many(context)}`, [{ query: worst(context, 'bottomk', mean('probe/success')), legend: '${target}' }], {
          axis: 'share of runs',
        }),
        chart(
          `First attempts that failed${many(context)}`,
          [{ query: worst(context, 'topk', `1 - ${mean('probe/first_success')}`), legend: '${target}' }],
          {
            axis: 'share of runs',
            bounds: [{ value: 0.2, label: 'intermittent' }],
          },
        ),
      ],
      2,
      4,
    ),
    ...rowsOf([latency, ...burnRate(context)], 2, 4),
    ...rowsOf(phases(context), 4, 3),
  ];
}
