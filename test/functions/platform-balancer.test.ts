/** The `platform` probe of a load balancer's backend services and certificates. */
import { backendServiceOf, endpointGroupLink, managedCertificate, serverlessGroup } from '../../local/emulators/platform/resources';
import { denied, fine, invalid, misconfigured, missing, notReady, platformChecks, told, unavailable } from '../support/platform-checks';

const checks = platformChecks();

describe('a backend service', () => {
  const name = 'backend';
  const whole = 'projects/local-project/global/backendServices/backend';
  const [one, two] = [endpointGroupLink('one'), endpointGroupLink('two')];
  const healthy = (port: number): { healthState: 'HEALTHY'; ipAddress: string; port: number } => ({
    healthState: 'HEALTHY',
    ipAddress: '10.0.0.5',
    port,
  });
  const ill = {
    healthState: 'UNHEALTHY',
    ipAddress: '10.0.0.6',
    port: 80,
    instance: 'https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/vm-1',
  } as const;

  test('is as expected', async () => {
    checks.put(backendServiceOf(name, [one, two]));
    checks.platform.health(one, [healthy(80)]);
    checks.platform.health(two, [healthy(81), ill]);
    const result = await checks.run({ backendService: { name, minTimeout: '600s', healthyBackends: 2 } });
    expect(result).toMatchObject(fine);
    expect(told(result)).toEqual([
      ['state', 'success', null, 'exists, with 2 backends'],
      ['minTimeout', 'success', null, 'timeout is 10m'],
      ['healthyBackends', 'success', null, '2 of 3 backends are healthy'],
    ]);
  });

  test('is missing', async () => {
    expect(await checks.run({ backendService: { name } })).toMatchObject({ ...missing, message: `there is no backend service ${whole}` });
  });

  test('may be a regional one, or given by its self link', async () => {
    checks.put(backendServiceOf(name, [one], {}, 'regions/europe-west1'));
    checks.platform.health(one, [healthy(80)]);
    const regional = 'projects/local-project/regions/europe-west1/backendServices/backend';
    for (const full of [regional, `https://www.googleapis.com/compute/v1/${regional}`])
      expect(await checks.run({ backendService: { name: full, healthyBackends: 1 } })).toMatchObject(fine);
  });

  test('has too short a timeout', async () => {
    checks.put(backendServiceOf(name, [one], { timeoutSec: 30 }));
    const message = 'timeout is 30s, expected at least 10m';
    expect(await checks.run({ backendService: { name, minTimeout: '600s' } })).toMatchObject({ ...misconfigured, message });
  });

  test('has too few healthy backends', async () => {
    checks.put(backendServiceOf(name, [one, two]));
    checks.platform.health(one, [healthy(80), ill]);
    const message = '1 of 2 backends are healthy, expected at least 2; not healthy: vm-1 at 10.0.0.6:80';
    expect(await checks.run({ backendService: { name, healthyBackends: 2 } })).toMatchObject({ ...notReady, message });
    checks.put(backendServiceOf(name, []));
    const none = '0 of 0 backends are healthy, expected at least 1';
    expect(await checks.run({ backendService: { name, healthyBackends: 1 } })).toMatchObject({ ...notReady, message: none });
  });

  test('tells the health of some of its groups only: enough counts, too few is not to be told', async () => {
    checks.put(backendServiceOf(name, [one, two]));
    checks.platform.health(one, [healthy(80)]);
    checks.platform.fault({ methods: ['POST'], resource: 'getHealth', code: 403, message: 'no', times: 1 });
    checks.platform.health(two, [healthy(80)]);
    expect(await checks.run({ backendService: { name, healthyBackends: 1 } })).toMatchObject(fine);
    checks.platform.fault({ resource: 'getHealth', code: 403, message: "Required 'compute.backendServices.get' permission" });
    const result = await checks.run({ backendService: { name, minTimeout: '1s', healthyBackends: 1 } });
    expect(result).toMatchObject(denied);
    expect(result.message).toMatch(/^0 of 0 backends are healthy, but not all told: .*Required 'compute/);
    expect(result.findings.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'unknown']);
  });

  test('with a serverless backend has neither timeout nor health: the configuration is wrong, not the service', async () => {
    const group = serverlessGroup('backend-neg');
    const link = endpointGroupLink('backend-neg', 'regions/us-central1');
    checks.put(group, backendServiceOf(name, [link], { timeoutSec: 30, healthChecks: undefined }));
    expect(await checks.run({ backendService: { name } })).toMatchObject(fine);
    for (const more of [{ minTimeout: '600s' }, { healthyBackends: 1 }]) {
      const result = await checks.run({ backendService: { name, ...more } });
      expect(result).toMatchObject(invalid);
      expect(result.message).toMatch(/has the serverless backend backend-neg, for which the API has neither a timeout nor health; expect/);
    }
  });

  test('with a regional backend that is not serverless has both', async () => {
    const link = endpointGroupLink('psc', 'regions/us-central1');
    checks.put(serverlessGroup('psc', { networkEndpointType: 'GCE_VM_IP_PORTMAP' }), backendServiceOf(name, [link]));
    checks.platform.health(link, [healthy(80)]);
    expect(await checks.run({ backendService: { name, minTimeout: '600s', healthyBackends: 1 } })).toMatchObject(fine);
  });

  test('with a backend that we may not look at is not to be told', async () => {
    checks.put(backendServiceOf(name, [endpointGroupLink('psc', 'regions/us-central1')]));
    expect(await checks.run({ backendService: { name, minTimeout: '600s' } })).toMatchObject(unavailable);
    checks.platform.fault({ resource: 'networkEndpointGroups', code: 403 });
    expect(await checks.run({ backendService: { name, minTimeout: '600s' } })).toMatchObject(denied);
  });
});

describe('a certificate', () => {
  const name = 'staging-cert';
  const domains = ['staging.example.com', '*.api.example.com'];
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace('Z', '+00:00');
  const certificate = { name, minValidity: '21d', domains: ['staging.example.com', 'v1.api.example.com'] };
  const gone = { outcome: 'failure', domain: 'certificate', owner: 'infrastructure', phase: 'api' };

  test('that Google manages is as expected, and its days are observed', async () => {
    checks.put(managedCertificate(name, domains, inDays(60)));
    const result = await checks.run({ certificate });
    expect(result).toMatchObject({ ...fine, observed: { 'tls.daysUntilExpiry': expect.closeTo(60, 1) } });
    expect(told(result)).toEqual([
      ['expireTime', 'success', null, expect.stringMatching(/^the certificate expires in (60|59\.99) d, on 20/)],
      ['state', 'success', null, 'state is ACTIVE'],
      ['domainStatus', 'success', null, 'all domains are ACTIVE'],
      ['domains', 'success', null, 'the certificate is for staging.example.com, *.api.example.com'],
    ]);
  });

  test('of our own has no state', async () => {
    const fields = { type: 'SELF_MANAGED', managed: undefined, selfManaged: { certificate: '-----BEGIN CERTIFICATE-----' } };
    checks.put(managedCertificate(name, domains, inDays(60), fields));
    const result = await checks.run({ certificate });
    expect(result).toMatchObject(fine);
    expect(result.findings.map(({ subject }) => subject)).toEqual(['expireTime', 'domains']);
  });

  test('is missing', async () => {
    const message = 'there is no certificate projects/local-project/global/sslCertificates/staging-cert';
    expect(await checks.run({ certificate })).toMatchObject({ ...missing, message });
  });

  test.each([
    [-1, 'certificate_expired', /^the certificate expired on 20/],
    [20, 'certificate_expiring', /^the certificate expires in (20|19\.99) d, on .*, expected at least 21d$/],
  ])('expires in %d days', async (days, reason, message) => {
    checks.put(managedCertificate(name, domains, inDays(days)));
    const result = await checks.run({ certificate });
    expect(result).toMatchObject({ ...gone, reason, observed: { 'tls.daysUntilExpiry': expect.closeTo(days, 1) } });
    expect(result.message).toMatch(message);
  });

  test('may be near its end where nothing else is expected, and its end may be a warning', async () => {
    checks.put(managedCertificate(name, domains, inDays(5)));
    expect(await checks.run({ certificate: { name } })).toMatchObject(fine);
    const result = await checks.run({ certificate: { name }, warn: { minCertificateValidity: '21d' } });
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'certificate_expiring' });
  });

  test.each(['PROVISIONING', 'PROVISIONING_FAILED', 'PROVISIONING_FAILED_PERMANENTLY'])('was not issued: %s', async (status) => {
    const managed = { domains, status, domainStatus: { 'staging.example.com': 'ACTIVE', '*.api.example.com': 'FAILED_NOT_VISIBLE' } };
    checks.put(managedCertificate(name, domains, '', { managed, expireTime: undefined }));
    const result = await checks.run({ certificate });
    expect(result).toMatchObject({ ...notReady, message: `state is ${status}, expected ACTIVE (and 1 more)` });
    expect(told(result)[1]).toEqual([
      'domainStatus',
      'failure',
      'resource_not_ready',
      '*.api.example.com is FAILED_NOT_VISIBLE, expected ACTIVE',
    ]);
  });

  test('was not renewed', async () => {
    checks.put(managedCertificate(name, domains, inDays(60), { managed: { domains, status: 'RENEWAL_FAILED' } }));
    const message = 'state is RENEWAL_FAILED, expected ACTIVE: the certificate serves until it expires';
    expect(await checks.run({ certificate })).toMatchObject({ ...gone, reason: 'certificate_expiring', message });
  });

  test('is not told of in full', async () => {
    checks.put(managedCertificate(name, domains, '', { expireTime: undefined }));
    expect(await checks.run({ certificate })).toMatchObject(unavailable);
    checks.put(managedCertificate(name, domains, inDays(60), { managed: { domains, status: 'MANAGED_CERTIFICATE_STATUS_UNSPECIFIED' } }));
    expect(await checks.run({ certificate })).toMatchObject(unavailable);
  });

  test.each(['example.com', 'api.example.com', 'a.v1.api.example.com', '*.staging.example.com'])('is not for %s', async (domain) => {
    checks.put(managedCertificate(name, domains, inDays(60)));
    const message = `the certificate is for staging.example.com, *.api.example.com, expected ${domain}, too`;
    const result = await checks.run({ certificate: { name, domains: [domain, 'Staging.Example.com'] } });
    expect(result).toMatchObject({ ...gone, reason: 'certificate_name_mismatch', message });
  });
});
