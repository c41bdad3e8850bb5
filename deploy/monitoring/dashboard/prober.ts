/** The section on the prober itself, with its errors and its log. */
import type { PlanContext } from '../../plan/plan';
import { select } from '../promql';
import { rowsOf } from './mosaic';
import { chart, errors, heading, logs, table, type Row } from './widgets';

const mostRows = 20;
/** Heartbeats older than that are shown as that old. */
const sinceHours = 6;

/** @returns the section's rows. */
export function proberSection({ config, names }: PlanContext): readonly Row[] {
  const { environment, project } = config;
  const of = (metric: 'prober/run_duration' | 'prober/event_loop_delay'): string =>
    `topk(${mostRows}, max by (kind,shard) (max_over_time(${select(metric, environment)}[\${__interval}])))`;
  const beat = `max by (kind,shard) (max_over_time((${select('prober/healthy', environment, 'trigger="schedule"')} * 0 + time())[${sinceHours}h:2m]))`;
  const kinds = [...new Set(config.targets.map(({ kind }) => kind))];
  const legend = '${kind} ${shard}';
  const entries = `resource.type="cloud_run_revision" AND resource.labels.service_name=~"^${names.prefix}" AND severity>=WARNING`;
  return [
    [{ width: 12, height: 1, widget: heading('Prober', 'Heartbeats, its own slowness, its errors and its log') }],
    ...rowsOf(
      [
        table('Minutes since the last scheduled run', `topk(${mostRows}, round((time() - ${beat}) / 60))`, 'min'),
        chart('Run duration', [{ query: of('prober/run_duration'), legend }], { unit: 'ms' }),
        chart('Event loop blocked', [{ query: of('prober/event_loop_delay'), legend }], { unit: 'ms' }),
      ],
      3,
      4,
    ),
    [
      { width: 5, height: 5, widget: errors('Errors', project, kinds.map(names.function)) },
      { width: 7, height: 5, widget: logs('Log', project, entries) },
    ],
  ];
}
