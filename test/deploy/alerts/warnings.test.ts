/** What is told besides outages: too many failures, slowness, what runs out, what nobody inside sees. */
import { heartbeatsOf, historyOf, type Dot } from '../../../deploy/alerts/replay/history';
import { runsOf } from '../../../deploy/alerts/replay/scenario';
import { ask, type Series } from '../../../deploy/alerts/replay/promtool';
import type { MetricName } from '../../../shared/telemetry/catalogue';
import { every, minuteMs, policiesOf, queryOf, timeline } from './asking';
import { planned } from './planned';

const hourMs = 60 * minuteMs;
const api = { kind: 'http', target: 'api', severity: 'critical' } as const;
const yaml = (more = '', schedule = '* * * * *'): string =>
  `http: { api: { url: "https://api.example.com/", schedule: "${schedule}"${more} } }\n`;

/** A gauge of one target, a value each minute. */
function gauge(metric: MetricName, job: string, values: readonly number[], more: Readonly<Record<string, string>> = {}): readonly Dot[] {
  const labels = { kind: job, target: 'x', severity: 'critical', ...more };
  return values.map((value, minute) => ({ metric, job, task: 'x', labels, at: minute * minuteMs, seenAt: minute * minuteMs, value }));
}

/** The first and the last minute in which each policy fires. */
async function spans(context: ReturnType<typeof planned>, key: RegExp, dots: readonly Dot[], minutes: number): Promise<readonly string[]> {
  const found = await timeline(policiesOf(context, key), dots, every(minuteMs, 0, minutes * minuteMs));
  const names = [...new Set([...found.values()].flat())].toSorted();
  return names.map((name) => {
    const at = [...found].filter(([, told]) => told.includes(name)).map(([time]) => time / minuteMs);
    return `${name} ${at[0]} to ${at.at(-1)}`;
  });
}

describe('a target that fails now and then', () => {
  const play = (pattern: string, periodMs = minuteMs): readonly Dot[] => historyOf(api, runsOf(pattern, periodMs));
  test('is told when more than a fifth of its first attempts fail, though every confirmation passes', async () => {
    const dots = play('.'.repeat(20) + 'c...'.repeat(8) + '.'.repeat(30));
    expect(await spans(planned(yaml()), /^intermittent/, dots, 80)).toEqual(['intermittent-1m/intermittent: api 33 to 51']);
  });
  test('is not told when it is just a fifth', async () => {
    expect(await spans(planned(yaml()), /^intermittent/, play('.'.repeat(20) + 'c....'.repeat(10)), 70)).toEqual([]);
  });
  test('is not told besides while it is down, nor just after', async () => {
    expect(await spans(planned(yaml()), /^intermittent/, play(`${'.'.repeat(20)}FFFFFFFFFF${'.'.repeat(30)}`), 60)).toEqual([]);
  });
  test('is told of slow schedules by five points at least', async () => {
    const dots = play(`${'.'.repeat(10)}c.c${'.'.repeat(10)}`, 15 * minuteMs);
    const told = await spans(planned(yaml('', '*/15 * * * *')), /^intermittent/, dots, 330);
    expect(told).toHaveLength(1);
    expect(await spans(planned(yaml('', '*/15 * * * *')), /^intermittent/, play('....c.......', 15 * minuteMs), 170)).toEqual([]);
  });
});

test('a target is slow when the median is above the objective, not when one run is', async () => {
  const context = planned(`${yaml()}alerts: { latency: 2s }`);
  const runs = (slow: (minute: number) => boolean): readonly Dot[] =>
    historyOf(
      api,
      runsOf('.'.repeat(60), minuteMs).map((run, minute) => ({ ...run, latencyMs: slow(minute) ? 3000 : 100 })),
    );
  expect(
    await spans(
      context,
      /^latency/,
      runs((minute) => minute % 4 === 0),
      60,
    ),
  ).toEqual([]);
  expect(
    await spans(
      context,
      /^latency/,
      runs((minute) => minute >= 20 && minute < 40),
      60,
    ),
  ).toEqual(['latency-1m/latency: api 28 to 47']);
});

describe('a target that is unknown', () => {
  const beats = heartbeatsOf('http', 0, every(minuteMs, 0, hourMs));
  test('is told after three runs in a row, whatever their reasons, and only while it lasts', async () => {
    const runs = runsOf('..........????????..........', minuteMs).map((run, index) =>
      run.outcome === 'unknown' && index % 2 === 0 ? ({ ...run, reason: 'internal', owner: 'monitor' } as const) : run,
    );
    const told = await spans(planned(yaml()), /^unknown/, [...historyOf(api, runs), ...beats], 28);
    expect(told).toEqual(['unknown-critical-1m/unknown: api 13 to 23']);
  });
  test('is not told after two', async () => {
    expect(await spans(planned(yaml()), /^unknown/, historyOf(api, runsOf('.....??.??.??F??.....', minuteMs)), 30)).toEqual([]);
  });
});

test('connections and memory are told after ten minutes above the threshold, that of the target where it states one', async () => {
  const values = [
    ...Array.from({ length: 20 }, () => 0.5),
    ...Array.from({ length: 30 }, () => 0.85),
    ...Array.from({ length: 10 }, () => 0.5),
  ];
  const dots = gauge('postgres/connection_utilization', 'postgres', values);
  const database = (more = ''): string => `postgres: { x: { host: db.internal, user: u, password: p${more} } }`;
  expect(await spans(planned(database()), /^utilisation/, dots, 60)).toEqual(['utilisation/postgres: x 30 to 49']);
  expect(await spans(planned(database(', warn: { connectionUtilizationBelow: 0.9 }')), /^utilisation/, dots, 60)).toEqual([]);
});

test('a certificate is told at 21 days, and at 7 days by the severity of its target', async () => {
  const values = Array.from({ length: 30 }, (_, minute) => (minute < 26 ? 25.5 - minute : 89));
  const dots = gauge('tls/days_until_expiry', 'http', values);
  const context = planned('http: { x: { url: "https://x.example.com/" } }');
  expect(await spans(context, /^certificate/, dots, 30)).toEqual([
    'certificate-soon/certificate: x 5 to 18',
    'certificate-week-critical/certificate: x 19 to 25',
  ]);
});

test('a secret is told when it breaks a rule, and before it is too old', async () => {
  const context = planned('secrets: { x: { schedule: "* * * * *", require: [{ secret: key, maxAge: 100d }] } }');
  const ages = gauge(
    'secrets/age',
    'secrets',
    Array.from({ length: 30 }, (_, minute) => 85 + minute),
    { secret: 'key' },
  );
  const valid = gauge(
    'secrets/valid',
    'secrets',
    Array.from({ length: 30 }, (_, minute) => (minute > 15 ? 0 : 1)),
    { secret: 'key' },
  );
  const told = await spans(context, /^secret/, [...ages, ...valid], 29);
  expect(told).toEqual(['secret-invalid-critical/invalid: x 16 to 29', 'secret-old/old: x 6 to 15']);
});

test('the error budget: a rare failure is within it, one in four is not, and an outage is told as an outage', async () => {
  const context = planned(`${yaml()}alerts: { slo: 0.99 }`);
  const play = (pattern: string): readonly Dot[] => historyOf(api, runsOf(pattern, minuteMs));
  const fast = /^burn-rate-1h/;
  expect(await spans(context, fast, play(`${'.'.repeat(60)}F${'.'.repeat(59)}`), 120)).toEqual([]);
  expect(await spans(context, fast, play('.'.repeat(60) + 'F...'.repeat(15)), 120)).toHaveLength(1);
  expect(await spans(context, fast, play('.'.repeat(60) + 'F'.repeat(30) + '.'.repeat(30)), 120)).toEqual([]);
});

test('tiers that can never fire are left out', () => {
  const keys = (slo: number): readonly string[] =>
    policiesOf(planned(`${yaml()}alerts: { slo: ${slo} }`), /^burn-rate/).map(({ userLabels }) => userLabels.policy);
  expect(keys(0.995)).toEqual(['burn-rate-1h', 'burn-rate-6h', 'burn-rate-24h']);
  expect(keys(0.93)).toEqual(['burn-rate-6h', 'burn-rate-24h']);
  expect(keys(0.6)).toEqual([]);
});

test("the connector's machines are told above 70 %, by whichever of Google's metrics there is", async () => {
  const context = planned(`${yaml()}network: { connector: staging-connector }`);
  const query = queryOf(policiesOf(context, /^connector/)[0]);
  const metric = (name: string, valueAt: (index: number) => number): Series => ({
    series: `vpcaccess_googleapis_com:connector_${name}{monitored_resource="vpc_access_connector",connector_name="staging-connector"}`,
    samples: every(minuteMs, 0, 20 * minuteMs).map((at, index) => ({ at, value: valueAt(index) })),
  });
  const ofGauge = (share: number): readonly Series[] => [metric('cpu_utilization', () => share)];
  const ofDistribution = (share: number): readonly Series[] => [
    metric('cpu_utilizations_sum', (index) => index * share * 2),
    metric('cpu_utilizations_count', (index) => index * 2),
  ];
  const worlds = [ofGauge(0.6), ofDistribution(0.6), ofGauge(0.8), ofDistribution(0.8), [...ofGauge(0.8), ...ofDistribution(0.8)]];
  const questions = [{ query, at: 15 * minuteMs }];
  const told = await Promise.all(
    worlds.map(async (series) => (await ask([{ series, questions }])).map(({ labels }) => labels['connector_name'])),
  );
  expect(told).toEqual([[], [], ['staging-connector'], ['staging-connector'], ['staging-connector']]);
});

describe('a public target that fails from outside', () => {
  const context = planned(yaml(', public: true'));
  const query = queryOf(policiesOf(context, /^outside/)[0]);
  const check = (place: string, value: number): Series => ({
    series: `monitoring_googleapis_com:uptime_check_check_passed{monitored_resource="uptime_url",project_id="my-project",host="api.example.com",check_id="a",checker_location="${place}"}`,
    samples: every(5 * minuteMs, 0, hourMs).map((at) => ({ at, value: at < 30 * minuteMs ? 1 : value })),
  });
  const inside = (value: number | undefined): readonly Series[] =>
    value === undefined
      ? []
      : [
          {
            series:
              'custom_googleapis_com:synthetic_probe_success{monitored_resource="generic_task",namespace="staging",job="http",task_id="api"}',
            samples: every(minuteMs, 0, hourMs).map((at) => ({ at, value })),
          },
        ];
  const told = async (places: readonly number[], own: number | undefined): Promise<number> => {
    const series = [...places.map((value, index) => check(`place-${index}`, value)), ...inside(own)];
    return (await ask([{ series, questions: [{ query, at: hourMs }] }])).length;
  };
  test('from several places is told while the prober is silent, and while it sees nothing', async () => {
    expect(await told([0, 0, 1], undefined)).toBe(1);
    expect(await told([0, 0, 1], 1)).toBe(1);
  });
  test('from one place, or when the prober says so itself, is not', async () => {
    expect(await told([0, 1, 1], undefined)).toBe(0);
    expect(await told([0, 0, 0], 0)).toBe(0);
  });
});
