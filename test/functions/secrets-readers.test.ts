/** The `secrets` probe: who may read a secret. */
import { startSecretChecks, type SecretChecks } from '../support/secret-checks';
import type { Binding } from '../../local/emulators/secret-manager/store';
import type { Result } from '../../shared/result';

let checks: SecretChecks;
beforeAll(async () => {
  checks = await startSecretChecks();
});
beforeEach(() => {
  checks.clear();
  checks.platform.iamPolicy('test-project', {});
});
afterAll(() => checks.close());

const backend = 'serviceAccount:backend@p.iam.gserviceaccount.com';
const accessor = 'roles/secretmanager.secretAccessor';

/** Checks one reader of a secret with bindings of its own. */
function reader(member: string, bindings: readonly Binding[] = []): Promise<Result> {
  checks.secrets.put('app-key', { value: 'good-value', bindings });
  return checks.run([{ secret: 'app-key', readableBy: [member] }]);
}
const onProject = (...bindings: readonly (Binding & { condition?: object })[]): void =>
  checks.platform.iamPolicy('test-project', { bindings });
const policyReads = (): number => checks.platform.requests().length;

describe('a member may read', () => {
  test.each([accessor, 'roles/secretmanager.admin'])('by %s on the secret, whatever the project says', async (role) => {
    checks.platform.iamPolicy('test-project', undefined);
    expect((await reader(backend, [{ role, members: ['user:a@example.com', backend] }])).outcome).toBe('success');
    expect(policyReads()).toBe(0);
  });

  test.each([accessor, 'roles/secretmanager.admin', 'roles/owner'])('by %s on the project', async (role) => {
    onProject({ role, members: [backend] });
    expect((await reader(backend)).outcome).toBe('success');
  });

  test.each([
    [backend, 'allUsers'],
    [backend, 'allAuthenticatedUsers'],
    [backend, 'serviceAccount:Backend@p.iam.gserviceaccount.com'],
    ['principal://iam.googleapis.com/projects/1/x', 'allUsers'],
    ['group:team@example.com', 'group:team@example.com'],
  ])('as %s by a binding of %s', async (member, bound) => {
    expect((await reader(member, [{ role: accessor, members: [bound] }])).outcome).toBe('success');
  });
});

describe('a member may not read', () => {
  const denied = {
    outcome: 'failure',
    reason: 'secret_denied',
    domain: 'secret',
    owner: 'operator',
    message: `secret app-key: ${backend} may not read it: no role with secretmanager.versions.access, on the secret or on its project`,
  };

  test('without any binding', async () => {
    expect(await reader(backend)).toMatchObject(denied);
    expect(policyReads()).toBe(1);
  });

  test.each(['roles/secretmanager.viewer', 'roles/viewer', 'roles/editor', 'roles/secretmanager.secretVersionManager'])(
    'by %s',
    async (role) => {
      onProject({ role, members: [backend] });
      expect(await reader(backend, [{ role, members: [backend] }])).toMatchObject(denied);
    },
  );

  test.each(['serviceAccount:other@p.iam.gserviceaccount.com', 'domain:example.com', `deleted:${backend}?uid=1`])(
    'by a binding of %s',
    async (bound) => {
      expect(await reader(backend, [{ role: accessor, members: [bound] }])).toMatchObject(denied);
    },
  );

  test('each is named', async () => {
    checks.secrets.put('app-key', { value: 'good-value', bindings: [{ role: accessor, members: [backend] }] });
    const { message } = await checks.run([{ secret: 'app-key', readableBy: ['user:a@example.com', backend, 'user:b@example.com'] }]);
    expect(message).toContain('user:a@example.com may not');
    expect(message).toContain('user:b@example.com may not');
    expect(message).not.toContain(backend);
  });
});

describe('it can not be told', () => {
  const unclear = { outcome: 'unknown', reason: 'api_denied', owner: 'monitor' };

  test.each(['group:team@example.com', 'principalSet://goog/public:all', 'projectOwner:test-project'])(
    'by a binding of %s',
    async (bound) => {
      expect(await reader(backend, [{ role: accessor, members: [bound] }])).toMatchObject({
        ...unclear,
        message: `secret app-key: whether ${backend} may read it can't be told: a condition, a group, a domain or a custom role decides, which the monitor can't look into`,
      });
    },
  );

  test('by a custom role', async () => {
    expect(await reader(backend, [{ role: 'projects/test-project/roles/reader', members: [backend] }])).toMatchObject(unclear);
    onProject({ role: 'organizations/1/roles/reader', members: [backend] });
    expect(await reader(backend)).toMatchObject(unclear);
  });

  test('under a condition; another binding without one decides', async () => {
    const condition = { title: 'until June', expression: 'request.time < timestamp("2030-06-01T00:00:00Z")' };
    onProject({ role: accessor, members: [backend], condition });
    expect(await reader(backend)).toMatchObject(unclear);
    onProject({ role: accessor, members: [backend], condition }, { role: 'roles/owner', members: [backend] });
    expect((await reader(backend)).outcome).toBe('success');
  });

  test('where a policy is refused to the monitor, unless the other grants', async () => {
    checks.platform.iamPolicy('test-project', undefined);
    expect(await reader(backend)).toMatchObject({ ...unclear, message: expect.stringContaining('The caller does not have permission') });
    onProject({ role: accessor, members: [backend] });
    checks.secrets.deny('app-key', 'secretmanager.secrets.getIamPolicy');
    expect((await reader(backend)).outcome).toBe('success');
    onProject();
    expect(await reader(backend)).toMatchObject({
      ...unclear,
      message: expect.stringContaining("'secretmanager.secrets.getIamPolicy' denied"),
    });
  });

  test('where a policy does not come', async () => {
    checks.platform.fault({ code: 503 });
    const result = await reader(backend);
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'api_unavailable' });
  });
});

test('many secrets ask for the policy of their project once, and another project for its own', async () => {
  checks.platform.iamPolicy('other', { bindings: [{ role: accessor, members: [backend] }] });
  const names = ['a', 'b', 'c', 'projects/other/secrets/d', 'projects/other/locations/europe-west1/secrets/e'];
  for (const name of names) checks.secrets.put(name, { value: 'good-value' });
  const result = await checks.run(
    names.map((secret) => ({ secret, readableBy: [backend] })),
    { access: false },
  );
  expect(result.findings.map(({ reason }) => reason)).toEqual(['secret_denied', 'secret_denied', 'secret_denied', null, null]);
  expect(policyReads()).toBe(2);
  expect(checks.secrets.calls()['AccessSecretVersion']).toBeUndefined();
});
