/** No condition looks back further than a day, however rarely its targets are run: no answer comes of one that does. */
import { alertPolicies } from '../../../deploy/alerts/policies';
import { ask, type Sample } from '../../../deploy/alerts/replay/promtool';
import { select } from '../../../deploy/monitoring/promql';
import { policiesOf, queryOf } from './asking';
import { diagnose, planned } from './planned';

const secondsIn: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
const spanOf = (text: string): number =>
  [...text.matchAll(/(\d+)([hms])/g)].reduce((sum, [, digits, unit = 's']) => sum + Number(digits) * (secondsIn[unit] ?? 0), 0);

/** @returns the seconds that a query looks back: ranges, subqueries and offsets inside each other add up. */
function lookBackOf(query: string): number {
  const tokens = query.match(/"(?:[^"\\]|\\.)*"|\[[^\]]*\]|offset \w+|[(){}]|[^\s(){}[\]"]+/g) ?? [];
  const open: { last: number; most: number }[] = [{ last: 0, most: 0 }];
  const top = (): { last: number; most: number } => open.at(-1) ?? { last: 0, most: 0 };
  for (const token of tokens) {
    if (token === '(' || token === '{') open.push({ last: 0, most: 0 });
    else if (token === ')' || token === '}') {
      const { most } = open.pop() ?? { most: 0 };
      top().last = most;
      top().most = Math.max(top().most, most);
    } else if (token.startsWith('[') || token.startsWith('offset ')) {
      top().last += spanOf(token.replace(/:.*$/, ''));
      top().most = Math.max(top().most, top().last);
    }
  }
  return top().most;
}

test('the measure adds up what lies inside each other', () => {
  expect(lookBackOf('max_over_time((sum(a{b="[9h]"}[2m]) or c{d="e"}[5m])[10m:1m] offset 1m) and f{}[1m]')).toBe(16 * 60);
});

test.each(['*/15 * * * *', '0 * * * *', '0 */8 * * *', '0 */12 * * *', '0 3 * * *', '0 4 * * 1'])('targets run at %s', (schedule) => {
  const at = `schedule: "${schedule}"`;
  const context = planned(
    `
secrets: { app: { require: [{ secret: token, maxAge: 90d }], ${at} } }
postgres: { db: { host: db.internal, user: u, password: p, ${at} } }
redis: { cache: { host: cache.internal, tls: {}, ${at} } }
http: { shop: { url: "https://shop.example.com/", public: true, ${at} }, near: { url: "https://near.example.com/" } }
alerts: { slo: 0.99, latency: 2s, consecutive: 5 }
`,
    [diagnose],
  );
  const far = alertPolicies(context).flatMap(({ userLabels, conditions }) =>
    conditions.flatMap(({ conditionPrometheusQueryLanguage: promQl }) =>
      lookBackOf(promQl?.query ?? '') > 86_400 ? [userLabels.policy] : [],
    ),
  );
  expect(far).toEqual([]);
});

test('a database that is looked at once a day and is full is told all the same', async () => {
  const context = planned('postgres: { db: { host: db.internal, user: u, password: p, schedule: "0 3 * * *" } }');
  const query = queryOf(policiesOf(context, /^utilisation/)[0]);
  const hour = 3_600_000;
  const full = async (value: number): Promise<number> => {
    const samples: readonly Sample[] = [{ at: 3 * hour, value }];
    const series = select('postgres/connection_utilization', 'staging', 'job="postgres"', 'task_id="db"');
    return (await ask([{ series: [{ series, samples }], questions: [{ query, at: 5 * hour }] }])).length;
  };
  expect([await full(0.7), await full(0.9)]).toEqual([0, 1]);
});

test('very many databases are asked for in queries of a sane size', () => {
  const lines = Array.from(
    { length: 1000 },
    (_, index) =>
      `  database-with-a-rather-long-name-${index}: { host: db.internal, user: u, password: p, schedule: "*/${(index % 5) + 1} * * * *" }`,
  );
  const policies = policiesOf(planned(`postgres:\n${lines.join('\n')}\n`), /^utilisation/);
  const conditions = policies.flatMap((policy) => policy.conditions);
  for (const policy of policies) expect(policy.conditions.length).toBeLessThanOrEqual(6);
  expect(
    Math.max(...conditions.map(({ displayName }, index) => queryOf(policies[Math.floor(index / 6)], displayName).length)),
  ).toBeLessThan(8000);
});
