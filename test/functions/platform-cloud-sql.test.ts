/** The `platform` probe of a Cloud SQL instance. */
import { cloudSqlInstance } from '../../local/emulators/platform/resources';
import { denied, fine, misconfigured, missing, notReady, platformChecks, told } from '../support/platform-checks';

const checks = platformChecks();

const instance = 'staging-db';
const wanted = { instance, privateNetwork: true, requireSsl: true, version: 'POSTGRES_15' };
const network = 'projects/local-project/global/networks/staging-vpc';

test('all is as expected', async () => {
  checks.put(cloudSqlInstance(instance));
  const result = await checks.run({ cloudSql: wanted });
  expect(result).toMatchObject({ ...fine, observed: { 'cloudSql.version': 'POSTGRES_15_10' } });
  expect(told(result)).toEqual([
    ['state', 'success', null, 'state is RUNNABLE'],
    ['privateNetwork', 'success', null, `privateNetwork is ${network}`],
    ['requireSsl', 'success', null, 'requireSsl is true (sslMode ENCRYPTED_ONLY)'],
    ['version', 'success', null, 'version is POSTGRES_15 (POSTGRES_15_10)'],
  ]);
});

test.each(['SUSPENDED', 'PENDING_DELETE', 'PENDING_CREATE', 'MAINTENANCE', 'FAILED', 'ONLINE_MAINTENANCE'])(
  'it does not run in the state %s',
  async (state) => {
    checks.put(cloudSqlInstance(instance, { state }));
    expect(await checks.run({ cloudSql: { instance } })).toMatchObject({ ...notReady, message: `state is ${state}, expected RUNNABLE` });
  },
);

test('it was stopped, although it calls itself RUNNABLE', async () => {
  checks.put(cloudSqlInstance(instance, { settings: { activationPolicy: 'NEVER' } }));
  const message = 'state is STOPPED, expected RUNNABLE: its activationPolicy is NEVER';
  expect(await checks.run({ cloudSql: { instance } })).toMatchObject({ ...notReady, message });
});

test('there is none', async () => {
  const message = 'there is no Cloud SQL instance projects/local-project/instances/staging-db';
  expect(await checks.run({ cloudSql: wanted })).toMatchObject({ ...missing, message });
});

test('it is refused to us, or missing: Cloud SQL may not tell the two apart', async () => {
  checks.platform.fault({ code: 403, message: 'The client is not authorized to make this request.' });
  const result = await checks.run({ cloudSql: wanted });
  expect(result).toMatchObject({ ...denied, code: '403' });
  expect(result.message).toMatch(/^Cloud SQL instance projects\/.*: sqladmin: The client is not authorized .* does not exist, too\)$/);
});

test.each([
  [instance, 'local-project'],
  ['projects/other/instances/staging-db', 'other'],
  ['other:us-central1:staging-db', 'other'],
  ['example.com:other:us-central1:staging-db', 'example.com:other'],
])('the name %s is an instance of %s', async (name, owner) => {
  checks.put(cloudSqlInstance(instance, {}, owner));
  expect(await checks.run({ cloudSql: { instance: name } })).toMatchObject(fine);
});

describe('the private network', () => {
  test.each([true, 'staging-vpc', network, `https://www.googleapis.com/compute/v1/${network}`])(
    'is as expected by %s',
    async (privateNetwork) => {
      checks.put(cloudSqlInstance(instance));
      expect(await checks.run({ cloudSql: { instance, privateNetwork } })).toMatchObject(fine);
    },
  );

  test('is not set, as expected', async () => {
    checks.put(cloudSqlInstance(instance, { ipConfiguration: { privateNetwork: undefined } }));
    expect(await checks.run({ cloudSql: { instance, privateNetwork: false } })).toMatchObject(fine);
  });

  test.each([
    [true, undefined, 'privateNetwork is not set, expected a network'],
    ['staging-vpc', undefined, 'privateNetwork is not set, expected staging-vpc'],
    [false, network, `privateNetwork is ${network}, expected none`],
    ['other-vpc', network, `privateNetwork is ${network}, expected other-vpc`],
  ])('expected %s, is %s', async (privateNetwork, actual, message) => {
    checks.put(cloudSqlInstance(instance, { ipConfiguration: { privateNetwork: actual } }));
    expect(await checks.run({ cloudSql: { instance, privateNetwork } })).toMatchObject({ ...misconfigured, message });
  });
});

describe('TLS', () => {
  test.each([
    [{ requireSsl: true, sslMode: undefined }],
    [{ requireSsl: false, sslMode: 'ENCRYPTED_ONLY' }],
    [{ requireSsl: undefined, sslMode: 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED' }],
    [{ requireSsl: true, sslMode: 'SSL_MODE_UNSPECIFIED' }],
  ])('is required by %j', async (ipConfiguration) => {
    checks.put(cloudSqlInstance(instance, { ipConfiguration }));
    expect(await checks.run({ cloudSql: { instance, requireSsl: true } })).toMatchObject(fine);
    const message = expect.stringMatching(/^requireSsl is true.*, expected false$/);
    expect(await checks.run({ cloudSql: { instance, requireSsl: false } })).toMatchObject({ ...misconfigured, message });
  });

  test.each([
    [{ requireSsl: false, sslMode: undefined }, 'requireSsl is false, expected true'],
    [{ requireSsl: undefined, sslMode: undefined }, 'requireSsl is false, expected true'],
    [
      { requireSsl: true, sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED' },
      'requireSsl is false (sslMode ALLOW_UNENCRYPTED_AND_ENCRYPTED), expected true',
    ],
  ])('is not required by %j', async (ipConfiguration, message) => {
    checks.put(cloudSqlInstance(instance, { ipConfiguration }));
    expect(await checks.run({ cloudSql: { instance, requireSsl: true } })).toMatchObject({ ...misconfigured, message });
  });
});

test('the version may be the one with its minor number', async () => {
  checks.put(cloudSqlInstance(instance));
  expect(await checks.run({ cloudSql: { instance, version: 'POSTGRES_15_10' } })).toMatchObject(fine);
  const message = 'version is POSTGRES_15 (POSTGRES_15_10), expected POSTGRES_16';
  expect(await checks.run({ cloudSql: { instance, version: 'POSTGRES_16' } })).toMatchObject({ ...misconfigured, message });
});
