/** The section on what will break: certificates, secrets, capacity. */
import type { PlanContext } from '../../plan/plan';
import { select } from '../promql';
import { connectorLoad, connectorsOf } from '../connector-load';
import { latest } from './latest';
import { rowsOf } from './mosaic';
import { chart, heading, table, type Row, type Widget } from './widgets';

const mostRows = 20;

/** What an entry needs of a configuration to be shown. */
interface Entry {
  readonly kinds: readonly string[];
  readonly widgets: (context: PlanContext) => readonly Widget[];
}

const gauge = (title: string, metric: 'postgres/connection_utilization' | 'redis/memory_utilization', bound: number): Entry => ({
  kinds: [metric.split('/')[0] ?? ''],
  widgets: ({ config }) => [
    chart(
      title,
      [
        {
          query: `topk(${mostRows}, max by (target) (max_over_time(${select(metric, config.environment)}[\${__interval}])))`,
          legend: '${target}',
        },
      ],
      { bounds: [{ value: bound, label: 'warning' }] },
    ),
  ],
});

const entries: readonly Entry[] = [
  {
    kinds: ['postgres', 'redis', 'websocket', 'http', 'tcp', 'journey', 'platform'],
    widgets: (context) => [
      table('Certificates: days left', `bottomk(${mostRows}, min by (kind,target) (${latest(context, 'tls/days_until_expiry')}))`, 'd'),
    ],
  },
  {
    kinds: ['secrets'],
    widgets: (context) => [
      table('Secrets that break a rule', `topk(${mostRows}, min by (target,secret,severity) (${latest(context, 'secrets/valid')}) == 0)`),
      table('Oldest secrets: days', `topk(${mostRows}, max by (secret) (${latest(context, 'secrets/age')}))`, 'd'),
    ],
  },
  gauge('PostgreSQL connections in use', 'postgres/connection_utilization', 0.8),
  gauge('Redis memory in use', 'redis/memory_utilization', 0.9),
];

function connector(context: PlanContext): readonly Widget[] {
  const connectors = connectorsOf(context);
  const query = connectorLoad(connectors, '${__interval}');
  if (query === undefined) return [];
  return [
    chart(`CPU of the connector ${connectors.join(', ')}`, [{ query, legend: '${connector_name}' }], {
      bounds: [{ value: 0.7, label: 'warning' }],
    }),
  ];
}

/** @returns the section's rows; only what the configuration has is shown. */
export function aheadSection(context: PlanContext): readonly Row[] {
  const used = new Set(context.config.targets.map(({ kind }) => kind));
  const widgets = [
    ...entries.filter(({ kinds }) => kinds.some((kind) => used.has(kind))).flatMap((entry) => entry.widgets(context)),
    ...connector(context),
  ];
  if (widgets.length === 0) return [];
  return [
    [{ width: 12, height: 1, widget: heading('Ahead', 'Certificates, secrets, capacity: what breaks next') }],
    ...rowsOf(widgets, 3, 4),
  ];
}
