/** One burn of the error budget is one incident, however seldom targets are run, and the text names the windows that are asked for. */
import { alertPolicies } from '../../../deploy/alerts/policies';
import { play } from '../../../deploy/alerts/replay/judge';
import { scenariosFor } from '../../../deploy/alerts/replay/scenarios';
import type { PlanContext } from '../../../deploy/plan/plan';
import { planned } from './planned';

const at = (schedule: string, slo: number): PlanContext =>
  planned(`
postgres: { orders: { host: db.internal, user: u, password: p, schedule: "${schedule}" } }
alerts: { slo: ${slo} }
`);

async function wrongIn(context: PlanContext, name: string): Promise<readonly string[]> {
  const scenario = scenariosFor(context).find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  return (await play(scenario, alertPolicies(context), context)).wrong;
}

test.each([
  ['* * * * *', 0.995],
  ['*/5 * * * *', 0.99],
  ['*/15 * * * *', 0.99],
])(
  'a burn of what runs at %s is told once with an objective of %d',
  async (schedule, slo) => {
    expect(await wrongIn(at(schedule, slo), 'burn')).toEqual([]);
  },
  300_000,
);

test('an outage of a slow schedule is told as that and not besides as failures now and then', async () => {
  expect(await wrongIn(at('*/15 * * * *', 0.99), 'outage')).toEqual([]);
  expect(await wrongIn(at('*/15 * * * *', 0.99), 'short-outage')).toEqual([]);
}, 300_000);

describe('of slow schedules', () => {
  const burning = (context: PlanContext): ReturnType<typeof alertPolicies> =>
    alertPolicies(context).filter(({ userLabels }) => userLabels.policy.startsWith('burn-rate-'));
  test('the text names the windows that are asked for', () => {
    const [fast] = burning(at('*/15 * * * *', 0.99));
    expect(fast?.documentation.content).toContain('over 210m and over 105m');
    expect(fast?.conditions[0]?.conditionPrometheusQueryLanguage?.query).toMatch(/\[210m\].*\[105m\]/);
    expect(burning(at('* * * * *', 0.99))[0]?.documentation.content).toContain('over 1h and over 7m');
  });
  test('tiers of one severity that look at the same windows are one', () => {
    const keys = (context: PlanContext): readonly string[] => burning(context).map(({ userLabels }) => userLabels.policy);
    expect(keys(at('* * * * *', 0.999))).toEqual(['burn-rate-1h', 'burn-rate-6h', 'burn-rate-24h']);
    expect(keys(at('*/15 * * * *', 0.999))).toEqual(['burn-rate-6h', 'burn-rate-24h']);
  });
});
