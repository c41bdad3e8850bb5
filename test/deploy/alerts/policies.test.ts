import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alertPolicies } from '../../../deploy/alerts/policies';
import { checkQueries } from '../../../deploy/alerts/replay/promtool';
import { lintDocuments } from '../../../deploy/monitoring/lint/lint-documents';
import { buildPlan } from '../../../deploy/plan/build';
import type { Plan, PlanContext } from '../../../deploy/plan/plan';
import { kinds } from '../../../functions/kinds';
import { services } from '../../../functions/services';
import { loadWhole } from '../../../shared/config/load';
import { planned } from './planned';

const examples = join(__dirname, '..', '..', '..', '..', 'examples');
const planOfExample = (file: string): Plan => buildPlan(loadWhole(join(examples, file), kinds), { kinds, services });

describe('the documents of the examples', () => {
  test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
    'of %s are PromQL that Prometheus takes, and documents that Cloud Monitoring takes',
    async (file) => {
      const plan = planOfExample(file);
      expect(lintDocuments(plan)).toEqual([]);
      await checkQueries(plan.policies);
      const keys = plan.policies.map(({ userLabels }) => userLabels.policy);
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  test('are the same for the same configuration', () => {
    expect(planOfExample('staging.yaml')).toEqual(planOfExample('staging.yaml'));
  });
});

const many = (count: number, more: (index: number) => string = () => ''): string => {
  const lines = Array.from({ length: count }, (_, index) => `  shop-${index}: { url: "https://shop-${index}.example.com/"${more(index)} }`);
  return `http:\n${lines.join('\n')}\n`;
};

function sizes(context: PlanContext): { readonly policies: number; readonly longest: number; readonly conditions: number } {
  const policies = alertPolicies(context);
  const queries = policies.flatMap(({ conditions }) =>
    conditions.map((condition) => condition.conditionPrometheusQueryLanguage?.query ?? ''),
  );
  return { policies: policies.length, longest: Math.max(...queries.map((query) => query.length)), conditions: queries.length };
}

describe('ten thousand targets', () => {
  test('of one kind and schedule need no longer queries than one', () => {
    expect(sizes(planned(many(10_000)))).toEqual(sizes(planned(many(1))));
  });
  test('of two schedules are asked for by parts, each of a sane size', () => {
    const { policies, longest, conditions } = sizes(
      planned(`${many(10_000, (index) => (index % 2 === 0 ? '' : ', schedule: "*/5 * * * *"'))}alerts: { slo: 0.99, latency: 5s }`),
    );
    expect(longest).toBeLessThan(32_000);
    expect(policies).toBeLessThan(500);
    expect(conditions).toBeLessThan(1000);
  });
  test('a new target changes no policy', () => {
    expect(alertPolicies(planned(many(11)))).toEqual(alertPolicies(planned(many(10))));
  });
});

describe('routes', () => {
  const routes = `
alerts:
  routes:
    - { severity: critical, owner: infrastructure, channels: [projects/p/notificationChannels/1] }
    - { owner: monitor, channels: [projects/p/notificationChannels/2] }
    - { severity: critical, channels: [projects/p/notificationChannels/3] }
`;
  const channels = (key: string): readonly string[] | undefined =>
    alertPolicies(planned(many(1) + routes)).find(({ userLabels }) => userLabels.policy === key)?.notificationChannels;
  test('the first counts whose severity and owner are those of the policy; without one there is no channel', () => {
    expect(channels('down-critical-infrastructure-1m')).toEqual(['projects/p/notificationChannels/1']);
    expect(channels('down-critical-application-1m')).toEqual(['projects/p/notificationChannels/3']);
    expect(channels('unknown-critical-1m')).toEqual(['projects/p/notificationChannels/2']);
    expect(channels('prober-silent')).toEqual(['projects/p/notificationChannels/2']);
    expect(channels('intermittent-1m')).toEqual([]);
  });
});
