/** The `platform` probe of a VPC connector. */
import { vpcConnector } from '../../local/emulators/platform/resources';
import { fine, invalid, misconfigured, missing, notReady, platformChecks, told, unavailable } from '../support/platform-checks';

const checks = platformChecks();

const name = 'staging-connector';
const wanted = { name, network: 'staging-vpc', ipCidrRange: '10.1.0.0/28', minInstances: 2, maxInstances: 10 };

test('all is as expected', async () => {
  checks.put(vpcConnector(name));
  const result = await checks.run({ vpcConnector: wanted });
  expect(result).toMatchObject({ ...fine, kind: 'platform', attempts: 1, phases: { api: expect.any(Number) } });
  expect(told(result)).toEqual([
    ['state', 'success', null, 'state is READY'],
    ['network', 'success', null, 'network is staging-vpc'],
    ['ipCidrRange', 'success', null, 'ipCidrRange is 10.1.0.0/28'],
    ['minInstances', 'success', null, 'minInstances is 2'],
    ['maxInstances', 'success', null, 'maxInstances is 10'],
  ]);
});

test('its state is looked at, too, where nothing else is expected', async () => {
  checks.put(vpcConnector(name));
  expect(told(await checks.run({ vpcConnector: { name } }))).toEqual([['state', 'success', null, 'state is READY']]);
});

test.each(['CREATING', 'DELETING', 'ERROR', 'UPDATING'])('it is not ready in the state %s', async (state) => {
  checks.put(vpcConnector(name, { state }));
  expect(await checks.run({ vpcConnector: wanted })).toMatchObject({ ...notReady, message: `state is ${state}, expected READY` });
});

test.each([undefined, 'STATE_UNSPECIFIED'])('a state that is not told (%s) is neither good nor bad', async (state) => {
  checks.put(vpcConnector(name, { state }));
  expect(await checks.run({ vpcConnector: wanted })).toMatchObject({
    ...unavailable,
    message: 'the API does not tell the state, expected READY',
  });
});

test('there is none', async () => {
  const message = 'there is no VPC connector projects/local-project/locations/us-central1/connectors/staging-connector';
  expect(await checks.run({ vpcConnector: wanted })).toMatchObject({ ...missing, message });
});

test.each([
  ['network', { network: 'default' }, 'network is default, expected staging-vpc'],
  ['network', { network: undefined }, 'network is not set, expected staging-vpc'],
  ['ipCidrRange', { ipCidrRange: '10.8.0.0/28' }, 'ipCidrRange is 10.8.0.0/28, expected 10.1.0.0/28'],
  [
    'ipCidrRange',
    { ipCidrRange: undefined, subnet: { name: 'connectors' } },
    'ipCidrRange is not set (it is that of the subnet connectors), expected 10.1.0.0/28',
  ],
  ['minInstances', { minInstances: 3 }, 'minInstances is 3, expected 2'],
  ['maxInstances', { maxInstances: 3 }, 'maxInstances is 3, expected 10'],
  ['maxInstances', { maxInstances: undefined }, 'maxInstances is not set, expected 10'],
])('%s differs: %j', async (subject, fields, message) => {
  checks.put(vpcConnector(name, fields));
  const result = await checks.run({ vpcConnector: wanted });
  expect(result).toMatchObject({ ...misconfigured, message });
  expect(told(result).filter(([, outcome]) => outcome !== 'success')).toEqual([[subject, 'failure', 'resource_misconfigured', message]]);
});

test('several differences are told each, the first in the result', async () => {
  checks.put(vpcConnector(name, { state: 'ERROR', network: 'default', maxInstances: 3 }));
  const result = await checks.run({ vpcConnector: wanted });
  expect(result).toMatchObject({ ...notReady, message: 'state is ERROR, expected READY (and 2 more)' });
  expect(result.findings.map(({ outcome }) => outcome)).toEqual(['failure', 'failure', 'success', 'success', 'failure']);
});

describe('names', () => {
  test('may be whole: another project, another region', async () => {
    const parent = 'projects/other/locations/europe-west1';
    checks.put(vpcConnector(name, {}, parent));
    expect(await checks.run({ vpcConnector: { ...wanted, name: `${parent}/connectors/${name}` } })).toMatchObject(fine);
    expect(await checks.run({ vpcConnector: wanted })).toMatchObject(missing);
  });

  test.each([
    ['staging-vpc', 'projects/local-project/global/networks/staging-vpc'],
    ['projects/host/global/networks/staging-vpc', 'staging-vpc'],
    ['https://www.googleapis.com/compute/v1/projects/p/global/networks/staging-vpc', 'projects/p/global/networks/staging-vpc'],
  ])('of networks are compared by what they mean: %s and %s', async (actual, network) => {
    checks.put(vpcConnector(name, { network: actual }));
    expect(await checks.run({ vpcConnector: { name, network } })).toMatchObject(fine);
  });

  test('of another project differ', async () => {
    checks.put(vpcConnector(name, { network: 'projects/one/global/networks/staging-vpc' }));
    const network = 'projects/other/global/networks/staging-vpc';
    const message = `network is projects/one/global/networks/staging-vpc, expected ${network}`;
    expect(await checks.run({ vpcConnector: { name, network } })).toMatchObject({ ...misconfigured, message });
  });

  test("with a project's number and its id can't be compared", async () => {
    checks.put(vpcConnector(name, { network: 'projects/123456789/global/networks/staging-vpc' }));
    const network = 'projects/local-project/global/networks/staging-vpc';
    const result = await checks.run({ vpcConnector: { name, network } });
    expect(result).toMatchObject(invalid);
    expect(result.message).toBe(
      `network is projects/123456789/global/networks/staging-vpc, expected ${network}: the number of a project and its id can't be compared; write it as the API does`,
    );
    expect(await checks.run({ vpcConnector: { name, network: network.replace('staging-vpc', 'other') } })).toMatchObject(misconfigured);
  });
});
