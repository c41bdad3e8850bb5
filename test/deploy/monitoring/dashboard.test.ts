import { dashboard } from '../../../deploy/monitoring/dashboard';
import { brokenSince } from '../../../deploy/monitoring/dashboard/now';
import type { Dashboard } from '../../../deploy/monitoring/documents';
import { contextOfExample, contextOfText, manyTargets } from './contexts';
import { promtool } from './promtool';

function queriesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'prometheusQuery' ? [String(inner)] : queriesIn(inner)));
}

const titlesOf = ({ mosaicLayout }: Dashboard): readonly string[] => mosaicLayout.tiles.map(({ widget }) => String(widget['title']));

test.each([
  ['staging', (): Dashboard => dashboard(contextOfExample('staging'))],
  ['ten thousand targets', (): Dashboard => dashboard(contextOfText(manyTargets(10_000, 'alerts: { slo: 0.99, latency: 2s }\n')))],
])('every query of the dashboard of %s is PromQL', async (_, make) => {
  const queries = queriesIn(make());
  expect(queries.length).toBeGreaterThan(10);
  const rules = queries.map((query, index) => ({ record: `query:${index}`, expr: query.replaceAll('${__interval}', '5m') }));
  expect(await promtool(['check', 'rules'], { groups: [{ name: 'dashboard', rules }] })).toContain(`SUCCESS: ${rules.length} rules found`);
});

test('there is a picture of all that was asked for', () => {
  const board = dashboard(contextOfExample('staging'));
  const kinds = new Set(board.mosaicLayout.tiles.flatMap(({ widget }) => Object.keys(widget)));
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      'scorecard',
      'xyChart',
      'timeSeriesTable',
      'incidentList',
      'errorReportingPanel',
      'logsPanel',
      'sectionHeader',
    ]),
  );
  for (const title of [
    'Causes active',
    'Critical targets down',
    'Phases of postgres, mean',
    'Certificates: days left',
    'Secrets that break a rule',
    'CPU of the connector staging-connector',
  ])
    expect(titlesOf(board)).toContain(title);
  expect(board.labels).toEqual({ 'managed-by': 'vpc-synthetics', 'synthetics-environment': 'staging' });
  expect(board.dashboardFilters).toMatchObject([{ labelKey: 'kind' }, { labelKey: 'target' }]);
});

test('a number changes its colour at the first thing that is not well', () => {
  const scorecards = dashboard(contextOfExample('staging')).mosaicLayout.tiles.flatMap(({ widget }) =>
    'scorecard' in widget ? [widget['scorecard']] : [],
  );
  expect(scorecards.length).toBeGreaterThan(0);
  // A threshold is crossed by what is greater than its value: a count of 1 does not cross 1.
  for (const scorecard of scorecards) expect(scorecard).toMatchObject({ thresholds: [{ direction: 'ABOVE', value: 0 }] });
});

test('what is not configured has no tile', () => {
  const titles = titlesOf(dashboard(contextOfText('redis: { cache: { host: 10.0.0.1, port: 6379 } }\n'))).join('\n');
  expect(titles).toContain('Redis memory in use');
  expect(titles).not.toMatch(/PostgreSQL|Secrets|connector|budget|worst/);
});

describe('the table of what is down', () => {
  const context = contextOfText(
    "defaults: { confirm: { attempts: 1 } }\nredis: { cache: { host: a, port: 1 }, queue: { host: b, port: 1 }, slow: { host: c, port: 1, schedule: '*/15 * * * *' } }\n",
  );
  const query = brokenSince(context);
  const labels = (target: string): string =>
    `monitored_resource="generic_task",namespace="staging",job="redis",task_id="${target}",kind="redis",target="${target}",severity="critical"`;
  const success = (target: string): string => `custom_googleapis_com:synthetic_probe_success{${labels(target)}}`;
  const problem = (target: string, reason: string): string =>
    `custom_googleapis_com:synthetic_probe_problem{${labels(target)},outcome="failure",reason="${reason}",domain="network",owner="infrastructure"}`;
  const row = (target: string, reason: string, minutes: number): object => ({
    labels: `{kind="redis",target="${target}",severity="critical",reason="${reason}",owner="infrastructure"}`,
    value: minutes,
  });
  const input_series = [
    // Down from minute 60 on, for two reasons, one after the other.
    { series: success('cache'), values: '1x59 0x60' },
    { series: problem('cache', 'connect_refused'), values: '_x60 1x39' },
    { series: problem('cache', 'connect_timeout'), values: '_x100 1x20' },
    // Down for a while, and well again.
    { series: success('queue'), values: '1x39 0x20 1x60' },
    { series: problem('queue', 'connect_refused'), values: '_x40 1x19' },
    // Never seen well, every quarter of an hour: shown at its longest.
    { series: success('slow'), values: '_x135 0 _x14 0' },
    { series: problem('slow', 'unreachable'), values: '_x135 1 _x14 1' },
  ];
  const at = (eval_time: string, exp_samples: readonly object[]): object => ({ expr: query, eval_time, exp_samples });

  test('names each target that is down with the minutes, the reason and the owner, and none that is well', async () => {
    const tests = [
      {
        interval: '1m',
        input_series,
        promql_expr_test: [
          at('30m', []),
          at('50m', [row('queue', 'connect_refused', 12)]),
          at('70m', [row('cache', 'connect_refused', 12)]),
          at('119m', [row('cache', 'connect_refused', 61), row('cache', 'connect_timeout', 61)]),
          at('160m', [row('slow', 'unreachable', 360)]),
        ],
      },
    ];
    expect(await promtool(['test', 'rules'], { tests })).toContain('SUCCESS');
  });
});
