/** The section on what will break: certificates, secrets, capacity. */
import type { PlanContext } from '../../plan/plan';
import { quoted, series } from '../promql';
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
          query: `topk(${mostRows}, max by (target) (max_over_time(${series(metric, config.environment)}[\${__interval}])))`,
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

/** The mean over the connector's machines: Google's own metric is a distribution of shares, of which PromQL sees the sum and the count. */
function connector({ config }: PlanContext): readonly Widget[] {
  const name = config.network.connector?.split('/').at(-1);
  if (name === undefined) return [];
  const matchers = `{monitored_resource="vpc_access_connector",connector_name=${quoted(name)}}`;
  const rate = (part: string): string =>
    `sum(rate(vpcaccess_googleapis_com:connector_cpu_utilizations_${part}${matchers}[\${__interval}]))`;
  return [
    chart(`CPU of the connector ${name}`, [{ query: `${rate('sum')} / ${rate('count')}`, legend: name }], {
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
