/** The first section: what is broken now, since when, and whose it is. */
import type { PlanContext } from '../../plan/plan';
import { select } from '../promql';
import { latest, orZero, whose } from './latest';
import { chart, heading, incidents, number, table, type Row } from './widgets';

/** Rows of a table; more can't be read at once. */
const mostRows = 50;

/** Minutes since the target last worked, at most six hours: beyond that nobody needs to know it better. */
const sinceHours = 6;

/** @returns for each failing target the minutes since it last worked, with the reason and the owner of its latest failures. */
export function brokenSince(context: PlanContext): string {
  const { environment } = context.config;
  const failing = whose(context, 0);
  const good = `max by (kind,target) (max_over_time((${select('probe/success', environment)} * time() > 0)[${sinceHours}h:2m]))`;
  const minutes = `round((time() - ${good}) / 60) or on (kind,target) ${failing} * 0 + ${sinceHours * 60}`;
  const why = `max by (kind,target,severity,reason,owner) (${latest(context, 'probe/problem', ['outcome="failure"'])})`;
  return `topk(${mostRows}, (${why} and on (kind,target) ${failing}) * on (kind,target) group_left () max by (kind,target) (${minutes}))`;
}

function numbers(context: PlanContext): Row {
  const { environment } = context.config;
  const count = (query: string): string => orZero(`count(${query})`);
  const ofOutcome = (outcome: string): string =>
    count(`max by (kind,target) (${latest(context, 'probe/problem', [`outcome="${outcome}"`])})`);
  const heard = `count(max by (kind,shard) (${latest(context, 'prober/healthy', ['trigger="schedule"'])}))`;
  const silent = `clamp_min(${context.shards.length} - (${orZero(heard)}), 0)`;
  const tiles = [
    number('Causes active', count(`max by (cause) (last_over_time(${select('cause/active', environment)}[10m]))`), { red: 0 }),
    number('Critical targets down', count(whose(context, 0, ['severity="critical"'])), { red: 0 }),
    number('Other targets down', count(whose(context, 0, ['severity!="critical"'])), { yellow: 0 }),
    number('Unknown', ofOutcome('unknown'), { yellow: 0 }),
    number('Degraded', ofOutcome('degraded'), { yellow: 0 }),
    number('Silent jobs', silent, { red: 0 }),
  ];
  return tiles.map((widget) => ({ width: 2, height: 2, widget }));
}

/** @returns the section's rows. */
export function nowSection(context: PlanContext): readonly Row[] {
  const { environment } = context.config;
  const counted = (label: string): string =>
    `count by (${label}) (max by (kind,target,${label}) (last_over_time(${select('probe/problem', environment, 'outcome=~"failure|unknown"')}[5m])))`;
  const causes = `max by (cause,owner) (last_over_time(${select('cause/active', environment)}[5m]))`;
  return [
    [{ width: 12, height: 1, widget: heading('Now', 'What is broken, since when, and whose it is') }],
    numbers(context),
    [
      { width: 8, height: 4, widget: table('Down: minutes since it last worked, reason, owner', brokenSince(context), 'min') },
      { width: 4, height: 4, widget: incidents('Open incidents') },
    ],
    [
      { width: 4, height: 3, widget: chart('Causes', [{ query: causes, legend: '${cause} (${owner})' }], { plot: 'STACKED_BAR' }) },
      {
        width: 4,
        height: 3,
        widget: chart('Targets not well, by owner', [{ query: counted('owner'), legend: '${owner}' }], { plot: 'STACKED_BAR' }),
      },
      {
        width: 4,
        height: 3,
        widget: chart('Targets not well, by reason', [{ query: counted('reason'), legend: '${reason}' }], { plot: 'STACKED_BAR' }),
      },
    ],
  ];
}
