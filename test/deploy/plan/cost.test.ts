/** The cost of a month against sums done by hand from the price list of 2026-11. */
import { chargeMetrics, charge } from '../../../deploy/plan/charge';
import type { CostItem, Plan } from '../../../deploy/plan/plan';
import { prices } from '../../../deploy/plan/prices';
import { runsPerDay } from '../../../shared/config/schedule';
import { planOf } from '../../support/planning';

function item(plan: Plan, name: string): CostItem {
  const found = plan.cost.items.find((each) => each.name === name);
  if (!found) throw new Error(`no item ${name}`);
  return found;
}

const usd = (plan: Plan, name: string): number => item(plan, name).usd;

describe('a month of five databases and a journey, every minute', () => {
  const database = (index: number) => [`db-${index}`, { host: 'db.internal', user: 'probe', password: { secret: `password-${index}` } }];
  const plan = planOf({
    concurrency: 1,
    // 2 attempts of 3 s and a pause, five times in a row: 35 of 48 s.
    postgres: Object.fromEntries([1, 2, 3, 4, 5].map(database).map(([name, fields]) => [name, { ...(fields as object), timeout: '3s' }])),
    journey: {
      path: {
        schedule: '* * * * *',
        timeout: '40s',
        costPerRun: 0.01,
        steps: [
          { name: 'login', http: { url: 'https://example.com/', method: 'POST', body: '${secret:name} ${secret:word} ${secret:code}' } },
        ],
      },
    },
  });

  test('charges requests only above two million: 2 × 43 800', () => {
    expect(item(plan, 'functions: requests')).toMatchObject({ quantity: '87 600 runs, 2 M free', usd: 0 });
  });

  test('charges CPU for 1.3 s of five databases and 20.3 s of the journey: 946 080 less 180 000 vCPU-s', () => {
    expect(usd(plan, 'functions: CPU')).toBe(18.39);
  });

  test('charges half a GiB for as long: 473 040 less 360 000 GiB-s', () => {
    expect(usd(plan, 'functions: memory')).toBe(0.28);
  });

  test('charges each secret and each time that its value is read: 8 less 6; 350 400 less 10 000', () => {
    expect(usd(plan, 'Secret Manager: versions')).toBe(0.12);
    expect(usd(plan, 'Secret Manager: accesses')).toBe(1.02);
  });

  test('counts 11 series a database, 6 of the journey, 3 of each job, and their points', () => {
    expect(item(plan, 'custom metrics')).toMatchObject({
      quantity: '67 series, 2 934 600 points, 22.4 MiB, 150 MiB free',
      usd: 0,
    });
  });

  test('adds what a run spends elsewhere: 43 800 × 0.01', () => {
    expect(usd(plan, 'target path')).toBe(438);
  });

  test('sums up', () => {
    expect(plan.cost).toMatchObject({ usd: 457.81, pricesOf: '2026-11' });
  });
});

test('a kept instance costs its idle time: 2 628 000 s less 17 520 s of work, a CPU and half a GiB', () => {
  const plan = planOf({ network: { network: 'n', subnet: 's' }, redis: { cache: { host: 'redis.internal' } } });
  expect(usd(plan, 'functions: kept instances')).toBe(9.79);
});

test('native monitors are charged by the thousand, run what they call, and spend what it spends', () => {
  const sections = { redis: { cache: { host: 'redis.internal', costPerRun: 0.001 } } };
  const plan = planOf(sections, {
    syntheticMonitors: [{ displayName: 'redis', userLabels: {}, function: 'synthetics-test-redis', periodMinutes: 5, timeoutSeconds: 60 }],
  });
  // 8 760 less 100.
  expect(usd(plan, 'native synthetic monitors')).toBe(10.39);
  expect(item(plan, 'functions: requests').quantity).toContain('52 560 runs');
  expect(usd(plan, 'target cache')).toBe(52.56);
});

test('uptime checks are free up to a million executions: three regions a minute are 131 400', () => {
  const check = { displayName: 'a', userLabels: {}, check: { period: '60s', selectedRegions: ['EUROPE', 'USA_OREGON', 'ASIA_PACIFIC'] } };
  const plan = planOf({ http: { a: { url: 'https://example.com/' } } }, { uptimeChecks: Array.from({ length: 10 }, () => check) });
  // Ten of them: 1 314 000.
  expect(item(plan, 'uptime checks')).toMatchObject({ quantity: '1 314 000 executions, 1 M free a project', usd: 94.2 });
});

test('alerting is charged from its announced date: each metric that a condition names, and what conditions return', () => {
  const condition = (query: string) => ({
    displayName: query,
    conditionPrometheusQueryLanguage: { query, duration: '0s', evaluationInterval: '30s' },
  });
  const policy = {
    displayName: 'down',
    combiner: 'OR' as const,
    conditions: [
      condition(
        'custom_googleapis_com:synthetic_probe_success{job="http"} == 0 unless on (task_id) custom_googleapis_com:synthetic_probe_blocked',
      ),
      condition('max_over_time(vpcaccess_googleapis_com:connector_cpu_utilization[5m]) > 0.7'),
      {
        displayName: 'burn',
        conditionThreshold: {
          filter: 'select_slo_burn_rate()',
          comparison: 'COMPARISON_GT' as const,
          thresholdValue: 14.4,
          duration: '0s',
        },
      },
    ],
    severity: 'CRITICAL' as const,
    documentation: { content: '', mimeType: 'text/markdown' as const },
    userLabels: { policy: 'down' },
    notificationChannels: [],
    enabled: true,
  };
  const targets = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t-${index}`, { url: 'https://example.com/' }]));
  const plan = planOf({ http: targets }, { policies: [policy] });
  expect(item(plan, 'alerting: conditions')).toMatchObject({ usd: 1.4, from: '2027-09-01' });
  // Every 30 s 1 % of 100 series and of 1, every 60 s one point of a threshold: 87 600 × 1.01 + 43 800.
  expect(item(plan, 'alerting: points').quantity).toContain('132 276 returned');
  expect(item(plan, 'alerting: points')).toMatchObject({ usd: 0.07, from: '2027-09-01' });
});

describe('prices', () => {
  test.each([
    [150, 0],
    [1150, 258],
    [100_000, 25_761.3],
    [260_000, 49_021.3],
  ])('of %d MiB of custom metrics go down by tiers: %d USD', (volume, expected) => {
    expect(chargeMetrics(volume)).toBeCloseTo(expected, 6);
  });

  test('leave the free allowance out', () => {
    expect(charge(3, prices.schedulerJobs)).toBe(0);
    expect(charge(13, prices.schedulerJobs)).toBeCloseTo(1, 9);
    expect(charge(3_000_000, prices.requests)).toBeCloseTo(0.4, 9);
  });
});

describe('a schedule', () => {
  test.each([
    ['* * * * *', 1440],
    ['*/15 * * * *', 96],
    ['0 * * * *', 24],
    ['0 9-17 * * *', 9],
    ['7,37 */6 * * *', 8],
    ['0 3 * * 1', 1 / 7],
    ['0 9 * * 1-5', 5 / 7],
    ['0 0 1 * *', 12 / 365.25],
  ])('%s comes %d times a day', (schedule, times) => {
    expect(runsPerDay(schedule) / times).toBeCloseTo(1, 2);
  });
});
