/** The `secrets` probe: what is refused to us, and an API that does not answer. */
import { status } from '@grpc/grpc-js';
import { startSecretChecks, type SecretChecks } from '../support/secret-checks';
import { refusingPort } from '../support/raw-server';
import { probeOne } from '../support/probing';
import { kind, probe } from '../../functions/secrets';

let checks: SecretChecks;
beforeAll(async () => {
  checks = await startSecretChecks();
});
beforeEach(() => checks.clear());
afterAll(() => checks.close());

const denied = { outcome: 'unknown', reason: 'api_denied', domain: 'monitor', owner: 'monitor', phase: 'api' };
const unavailable = { outcome: 'unknown', reason: 'api_unavailable', domain: 'monitor', owner: 'monitor', phase: 'api' };

describe('refused to us', () => {
  test('is everything: the secret is missing or not permitted', async () => {
    checks.secrets.caller({ roles: [] });
    for (const secret of ['app-key', 'none']) {
      if (secret === 'app-key') checks.secrets.put(secret, { value: 'good-value' });
      const { message, ...result } = await checks.run([{ secret }]);
      expect(result).toMatchObject(denied);
      expect(message).toMatch(
        new RegExp(
          `^secret ${secret}: it is missing, or the monitor lacks secretmanager.secrets.get, secretmanager.versions.get, secretmanager.versions.access \\(.*or it may not exist`,
        ),
      );
    }
  });

  test('is the value only', async () => {
    checks.secrets.put('app-key', { value: 'good-value' });
    checks.secrets.caller({ roles: ['roles/secretmanager.viewer'] });
    const { message, ...result } = await checks.run([{ secret: 'app-key' }]);
    expect(result).toMatchObject({ ...denied, observed: { 'secret.versions': { 'app-key': '1' } } });
    expect(message).toMatch(/^secret app-key: it exists, but the monitor lacks secretmanager\.versions\.access \(/);
    expect(await checks.run([{ secret: 'app-key' }], { access: false })).toMatchObject({ outcome: 'success' });
    expect(await checks.run([{ secret: 'none' }])).toMatchObject({ outcome: 'failure', reason: 'secret_missing' });
  });

  test('is the metadata only: the value still tells what it can', async () => {
    checks.secrets.put('app-key', { value: 'good-value' });
    checks.secrets.caller({ roles: ['roles/secretmanager.secretAccessor'] });
    const { message, ...result } = await checks.run([{ secret: 'app-key' }]);
    expect(result).toMatchObject({ ...denied, observed: { 'secret.versions': { 'app-key': '1' } } });
    expect(message).toMatch(
      /^secret app-key: it exists, but the monitor lacks secretmanager\.secrets\.get, secretmanager\.versions\.get \(/,
    );
    expect(await checks.value('null')).toMatchObject({ outcome: 'failure', reason: 'secret_malformed' });
    expect(await checks.run([{ secret: 'none' }])).toMatchObject({ outcome: 'failure', reason: 'secret_missing' });
    checks.secrets.setState('app-key', 1, 'DISABLED');
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({ outcome: 'failure', reason: 'secret_disabled' });
    checks.secrets.setState('app-key', 1, 'DESTROYED');
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({ outcome: 'failure', reason: 'secret_destroyed' });
  });

  test('is the list of versions: the state is told all the same', async () => {
    checks.secrets.put('app-key', { versions: [{ value: 'x', state: 'DISABLED' }] });
    checks.secrets.deny('app-key', 'secretmanager.versions.list');
    expect(await checks.run([{ secret: 'app-key' }])).toMatchObject({
      outcome: 'failure',
      reason: 'secret_disabled',
      message: 'secret app-key: version 1 is DISABLED, and latest is the newest version whatever its state',
    });
  });

  test('is one secret of several: a failure of another precedes it', async () => {
    for (const name of ['app-key', 'good']) checks.secrets.put(name, { value: 'good-value' });
    checks.secrets.deny('app-key', 'secretmanager.versions.access');
    const rules = [{ secret: 'app-key' }, { secret: 'good' }];
    expect(await checks.run(rules)).toMatchObject({ ...denied, findings: [{ outcome: 'unknown' }, { outcome: 'success' }] });
    expect(await checks.run([...rules, { secret: 'none' }])).toMatchObject({ outcome: 'failure', reason: 'secret_missing' });
  });
});

describe('an API that does not answer', () => {
  test('at all, since nothing listens', async () => {
    const port = await refusingPort();
    const result = await probeOne(
      { kind, probe },
      { timeout: '1s', require: [{ secret: 'app-key' }] },
      { secretManager: `${port.host}:${port.port}` },
    );
    await port.close();
    expect(result).toMatchObject(unavailable);
  });

  test('in time: what the others said still counts', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `silent-${index}`);
    for (const name of [...names, 'good', 'blank']) checks.secrets.put(name, { value: name === 'blank' ? '' : 'good-value' });
    checks.secrets.fault({ resource: 'silent', blackHole: true });
    const rules = ['good', ...names].map((secret) => ({ secret }));
    const silent = await checks.run(rules, { timeout: '1s' });
    expect(silent).toMatchObject(unavailable);
    expect(silent.message).toContain('secret silent-0: Secret Manager: no answer before the time was over (and 24 more)');
    expect(silent.findings.map(({ outcome }) => outcome)).toEqual(['success', ...names.map(() => 'unknown')]);
    expect(silent.durationMs).toBeLessThan(2_000);
    const failing = await checks.run([{ secret: 'blank' }, ...rules], { timeout: '1s' });
    expect(failing).toMatchObject({ outcome: 'failure', reason: 'secret_empty', phase: 'api' });
    expect(failing.findings).toHaveLength(27);
  });

  test.each([status.UNAVAILABLE, status.INTERNAL, status.RESOURCE_EXHAUSTED])('well once is asked again (code %i)', async (code) => {
    checks.secrets.fault({ code, times: 1 });
    expect((await checks.value('good-value')).outcome).toBe('success');
  });

  test.each(['GetSecret', 'GetSecretVersion', 'AccessSecretVersion'])('to %s', async (method) => {
    checks.secrets.put('app-key', { value: 'good-value' });
    checks.secrets.fault({ methods: [method], code: status.UNAVAILABLE, message: 'try later' });
    expect(await checks.run([{ secret: 'app-key' }], { timeout: '1s' })).toMatchObject({
      ...unavailable,
      findings: [{ outcome: 'unknown' }],
    });
  });
});
