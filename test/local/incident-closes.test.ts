/** Alerting with a real Prometheus: an incident opens for what the points say, and closes for what they say later. */
import type { MetricServiceClient } from '@google-cloud/monitoring';
import { type MonitoringEmulator, startMonitoringEmulator } from '../../local/emulators/monitoring';
import { type PlatformStandIn, startPlatformStandIn } from '../../local/emulators/platform';
import type { StoredAlert } from '../../local/emulators/platform/alerts';
import { type Alerting, startAlerting } from '../../local/stack/alerting';
import { planned } from '../deploy/alerts/planned';
import { metricClient } from './emulators/google-clients';

// The policies are evaluated every half minute.
const limitMs = 300_000;
jest.setTimeout(2 * limitMs);

const context = planned('secrets:\n  app: { require: [{ secret: jwt-secret }] }\n');
const said: string[] = [];
let monitoring: MonitoringEmulator;
let platform: PlatformStandIn;
let alerting: Alerting;
let client: MetricServiceClient;

beforeAll(async () => {
  [monitoring, platform] = await Promise.all([startMonitoringEmulator(), startPlatformStandIn()]);
  client = metricClient(monitoring.address);
  alerting = startAlerting({ context, monitoring, platform, say: (sentence) => said.push(sentence) });
  await alerting.started;
});
afterAll(async () => {
  await alerting.stop();
  await Promise.all([client.close(), monitoring.close(), platform.close()]);
});

/** A point of now, as the function `secrets` writes it. */
async function writeValid(isValid: boolean): Promise<void> {
  const labels = { kind: 'secrets', target: 'app', severity: 'critical', secret: 'jwt-secret' };
  const place = { project_id: 'my-project', location: 'us-central1', namespace: 'staging', job: 'secrets', task_id: 'app' };
  const seconds = Math.floor(Date.now() / 1000);
  await client.createTimeSeries({
    name: 'projects/my-project',
    timeSeries: [
      {
        metric: { type: 'custom.googleapis.com/synthetic/secrets/valid', labels },
        resource: { type: 'generic_task', labels: place },
        metricKind: 'GAUGE',
        valueType: 'INT64',
        points: [{ interval: { endTime: { seconds } }, value: { int64Value: Number(isValid) } }],
      },
    ],
  });
}

async function alertsOnce(holds: (alerts: readonly StoredAlert[]) => boolean): Promise<readonly StoredAlert[]> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const response = await fetch(`http://${platform.address}/monitoring/v3/projects/my-project/alerts`);
    const { alerts = [] } = (await response.json()) as { alerts?: readonly StoredAlert[] };
    if (holds(alerts)) return alerts;
    if (performance.now() > limit) throw new Error(`not within ${limitMs} ms: ${JSON.stringify({ alerts, said })}`);
    await new Promise((passed) => setTimeout(passed, 500));
  }
}

test('a secret that breaks a rule opens an incident, and one that keeps it again closes it', async () => {
  await writeValid(false);
  const opened = await alertsOnce((alerts) => alerts.length > 0);
  expect(opened).toEqual([
    expect.objectContaining({
      state: 'OPEN',
      metric: expect.objectContaining({ labels: expect.objectContaining({ secret: 'jwt-secret' }) }),
      policy: expect.objectContaining({ severity: 'CRITICAL', userLabels: expect.objectContaining({ policy: 'secret-invalid-critical' }) }),
    }),
  ]);
  await writeValid(true);
  const all = await alertsOnce((alerts) => alerts.some(({ state }) => state === 'CLOSED'));
  expect(all).toEqual([{ ...opened[0], state: 'CLOSED', closeTime: expect.any(String) }]);
  expect(Date.parse(all[0]?.closeTime ?? '')).toBeGreaterThan(Date.parse(all[0]?.openTime ?? ''));
  expect(said.join('\n')).toMatch(
    /^Prometheus evaluates \d+ alert policies: .*\nAlert opens: CRITICAL .* jwt-secret\nAlert closes: CRITICAL .* jwt-secret$/,
  );
});
