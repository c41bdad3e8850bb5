/** Alerting where there is no Prometheus: it says so, and everything else goes on. */
import { startMonitoringEmulator, type MonitoringEmulator } from '../../local/emulators/monitoring';
import { type PlatformStandIn, startPlatformStandIn } from '../../local/emulators/platform';
import { type Alerting, startAlerting } from '../../local/stack/alerting';
import { planned } from '../deploy/alerts/planned';

const context = planned('redis:\n  cache: { host: cache }\nalerts:\n  routes:\n    - { channels: [projects/P/notificationChannels/1] }\n');
let monitoring: MonitoringEmulator;
let platform: PlatformStandIn;
let alerting: Alerting;
const said: string[] = [];

beforeAll(async () => {
  [monitoring, platform] = await Promise.all([startMonitoringEmulator(), startPlatformStandIn()]);
  alerting = startAlerting({ context, monitoring, platform, say: (sentence) => said.push(sentence), programs: ['/nowhere/prometheus'] });
  await alerting.started;
});
afterAll(() => Promise.all([alerting.stop(), monitoring.close(), platform.close()]));

async function read(what: string): Promise<readonly [number, unknown]> {
  const response = await fetch(`http://${platform.address}/monitoring/v3/projects/my-project/${what}`);
  return [response.status, await response.json()];
}

test('it is said once, with the way to get it', () => {
  expect(said).toEqual([
    'No alerts: prometheus is not installed; Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus; everything else goes on',
  ]);
});

test('nobody is told that nothing fires: the API is unavailable, and says what to install', async () => {
  expect(await read('alerts')).toEqual([
    503,
    {
      error: {
        code: 503,
        status: 'UNAVAILABLE',
        message: expect.stringMatching(/^The alert policies are not evaluated: .*apt-get install prometheus/),
      },
    },
  ]);
});

test('the policies are listed as a deployment makes them', async () => {
  const [status, answer] = await read('alertPolicies?pageSize=1000');
  expect(status).toBe(200);
  expect((answer as { alertPolicies: readonly object[] }).alertPolicies).toContainEqual(
    expect.objectContaining({
      name: expect.stringMatching(/^projects\/my-project\/alertPolicies\/\d+$/),
      severity: 'CRITICAL',
      userLabels: expect.objectContaining({ policy: 'down-critical-infrastructure-1m' }),
      notificationChannels: ['projects/P/notificationChannels/1'],
      conditions: [expect.objectContaining({ name: expect.stringMatching(/\/conditions\/1$/), displayName: 'down' })],
    }),
  );
});
