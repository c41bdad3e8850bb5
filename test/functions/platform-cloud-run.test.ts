/** The `platform` probe of a Cloud Run service. */
import { cloudRunService } from '../../local/emulators/platform/resources';
import { fine, invalid, misconfigured, missing, notReady, platformChecks, told, unavailable } from '../support/platform-checks';

const checks = platformChecks();

const service = 'backend';
const parent = 'projects/local-project/locations/us-central1';
const connector = `${parent}/connectors/staging-connector`;
const revision = (name: string): string => `${parent}/services/backend/revisions/${name}`;

test('all is as expected', async () => {
  checks.put(cloudRunService(service));
  const cloudRun = {
    service,
    connector: 'staging-connector',
    egress: 'all-traffic',
    minInstances: 1,
    timeout: '600s',
    startupProbe: '600s',
    trafficOnLatest: true,
  };
  const result = await checks.run({ cloudRun });
  expect(result).toMatchObject({ ...fine, observed: { 'cloudRun.latestReadyRevision': 'backend-00007-abc' } });
  expect(told(result)).toEqual([
    ['state', 'success', null, 'state is Ready'],
    ['connector', 'success', null, `connector is ${connector}`],
    ['egress', 'success', null, 'egress is all-traffic'],
    ['minInstances', 'success', null, 'minInstances is 1'],
    ['timeout', 'success', null, 'timeout is 10m'],
    ['startupProbe', 'success', null, 'startupProbe is 10m'],
    ['trafficOnLatest', 'success', null, 'traffic goes 100 % to backend-00007-abc; the latest revision is backend-00007-abc'],
  ]);
});

test('there is none', async () => {
  const message = `there is no Cloud Run service ${parent}/services/backend`;
  expect(await checks.run({ cloudRun: { service } })).toMatchObject({ ...missing, message });
});

test.each(['CONDITION_FAILED', 'CONDITION_PENDING', 'CONDITION_RECONCILING'])('it is not ready in the state %s', async (state) => {
  const terminalCondition = { type: 'Ready', state, reason: 'REVISION_FAILED', message: "Revision 'backend-00008' is not ready." };
  checks.put(cloudRunService(service, { terminalCondition }));
  const message = `state is ${state}, expected Ready: REVISION_FAILED: Revision 'backend-00008' is not ready.`;
  expect(await checks.run({ cloudRun: { service } })).toMatchObject({ ...notReady, message });
});

test('its state is not told', async () => {
  checks.put(cloudRunService(service, { terminalCondition: undefined }));
  expect(await checks.run({ cloudRun: { service } })).toMatchObject(unavailable);
});

const direct = { networkInterfaces: [{ network: 'projects/p/global/networks/staging-vpc', subnetwork: 'run' }] };

test.each([
  [
    { connector: 'staging-connector' },
    { connector: `${parent}/connectors/other` },
    `connector is ${parent}/connectors/other, expected staging-connector`,
  ],
  [{ connector: 'staging-connector' }, undefined, 'connector is not set, expected staging-connector'],
  [{ connector }, direct, `connector is not set (Direct VPC egress to staging-vpc instead), expected ${connector}`],
  [{ egress: 'all-traffic' }, { connector, egress: 'PRIVATE_RANGES_ONLY' }, 'egress is private-ranges-only, expected all-traffic'],
  [{ egress: 'all' }, { connector }, 'egress is private-ranges-only, expected all-traffic'],
  [{ egress: 'private-ranges-only' }, { ...direct, egress: 'ALL_TRAFFIC' }, 'egress is all-traffic, expected private-ranges-only'],
  [{ egress: 'private-ranges-only' }, undefined, 'egress is not set (the service has no way into the VPC), expected private-ranges-only'],
])('of the way into the VPC %j is expected, it is %j', async (wanted, vpcAccess, message) => {
  checks.put(cloudRunService(service, { template: { vpcAccess } }));
  expect(await checks.run({ cloudRun: { service, ...wanted } })).toMatchObject({ ...misconfigured, message });
});

test("a connector with the number of its project can't be compared with one with the id", async () => {
  checks.put(cloudRunService(service, { template: { vpcAccess: { connector: connector.replace('local-project', '42') } } }));
  expect(await checks.run({ cloudRun: { service, connector } })).toMatchObject(invalid);
  expect(await checks.run({ cloudRun: { service, connector: 'staging-connector' } })).toMatchObject(fine);
});

test.each([
  [{ minInstanceCount: 2 }, undefined, 2],
  [undefined, { minInstanceCount: 2 }, 2],
  [{ minInstanceCount: 1 }, { minInstanceCount: 2 }, 2],
  [{ scalingMode: 'MANUAL', manualInstanceCount: 2 }, { minInstanceCount: 9 }, 2],
  [undefined, undefined, 0],
])('instances are kept by the service (%j) or by the revision (%j)', async (scaling, ofRevision, count) => {
  checks.put(cloudRunService(service, { scaling, template: { scaling: ofRevision } }));
  expect(await checks.run({ cloudRun: { service, minInstances: count } })).toMatchObject(fine);
  const message = `minInstances is ${count}, expected at least ${count + 1}`;
  expect(await checks.run({ cloudRun: { service, minInstances: count + 1 } })).toMatchObject({ ...misconfigured, message });
});

test.each([
  ['300s', 'timeout is 5m, expected at least 10m'],
  ['599.5s', 'timeout is 599500ms, expected at least 10m'],
  [undefined, 'timeout is not set, expected at least 10m'],
])('a request may take %s only', async (timeout, message) => {
  checks.put(cloudRunService(service, { template: { timeout } }));
  expect(await checks.run({ cloudRun: { service, timeout: '600s' } })).toMatchObject({ ...misconfigured, message });
});

test('more than expected is fine', async () => {
  checks.put(cloudRunService(service, { template: { timeout: '3600s' } }));
  expect(await checks.run({ cloudRun: { service, timeout: '10m', startupProbe: '1m', minInstances: 0 } })).toMatchObject(fine);
});

describe('the start-up probe', () => {
  const containers = (startupProbe?: object): object[] => [
    { image: 'sidecar' },
    { image: 'app', ports: [{ containerPort: 8080 }], startupProbe },
  ];

  test.each([
    [{ periodSeconds: 20, failureThreshold: 5 }, 'startupProbe is 100s'],
    [{}, 'startupProbe is 30s'],
    [undefined, 'startupProbe is 4m'],
    [{ initialDelaySeconds: 240, periodSeconds: 10, failureThreshold: 30 }, 'startupProbe is 9m'],
  ])('%j gives up too early', async (startupProbe, actual) => {
    checks.put(cloudRunService(service, { template: { containers: containers(startupProbe) } }));
    const message = `${actual}, expected at least 10m`;
    expect(await checks.run({ cloudRun: { service, startupProbe: '600s' } })).toMatchObject({ ...misconfigured, message });
  });

  test('is there, or not', async () => {
    checks.put(cloudRunService(service, { template: { containers: containers({}) } }));
    expect(await checks.run({ cloudRun: { service, startupProbe: true } })).toMatchObject(fine);
    checks.put(cloudRunService(service, { template: { containers: containers() } }));
    const message = 'startupProbe is not set, expected set';
    expect(await checks.run({ cloudRun: { service, startupProbe: true } })).toMatchObject({ ...misconfigured, message });
  });
});

describe('traffic', () => {
  const latest = { latestCreatedRevision: revision('new'), latestReadyRevision: revision('new') };
  const byName = (name: string, percent: number): object => ({ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: name, percent });
  const byLatest = (percent: number): object => ({ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent });

  test.each([
    [[byLatest(100)], latest, 'traffic goes 100 % to new; the latest revision is new'],
    [[byName('new', 60), byLatest(40)], latest, 'traffic goes 100 % to new; the latest revision is new'],
    [[byName(revision('new'), 100), byName('old', 0)], latest, 'traffic goes 100 % to new; the latest revision is new'],
  ])('goes to the latest revision: %j', async (trafficStatuses, revisions, message) => {
    checks.put(cloudRunService(service, { ...revisions, trafficStatuses }));
    const result = await checks.run({ cloudRun: { service, trafficOnLatest: true } });
    expect(told(result).at(-1)).toEqual(['trafficOnLatest', 'success', null, message]);
    expect(await checks.run({ cloudRun: { service, trafficOnLatest: false } })).toMatchObject(misconfigured);
  });

  test.each([
    [[byName('old', 100)], latest, 'traffic goes 100 % to old; the latest revision is new'],
    [[byName('old', 50), byLatest(50)], latest, 'traffic goes 50 % to old, 50 % to new; the latest revision is new'],
    [[byLatest(100)], { ...latest, latestReadyRevision: revision('old') }, 'traffic goes 100 % to old; the latest revision is new'],
  ])('goes elsewhere: %j', async (trafficStatuses, revisions, spread) => {
    checks.put(cloudRunService(service, { ...revisions, trafficStatuses }));
    const message = `${spread}, expected all of it there`;
    expect(await checks.run({ cloudRun: { service, trafficOnLatest: true } })).toMatchObject({ ...misconfigured, message });
    expect(await checks.run({ cloudRun: { service, trafficOnLatest: false } })).toMatchObject(fine);
  });

  test('is not told', async () => {
    checks.put(cloudRunService(service, { trafficStatuses: undefined }));
    expect(await checks.run({ cloudRun: { service, trafficOnLatest: true } })).toMatchObject(unavailable);
  });
});
