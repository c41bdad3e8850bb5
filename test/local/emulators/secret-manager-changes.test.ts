/** Changes to secrets, permissions and faults of Secret Manager's emulator, through the real client. */
import { status } from '@grpc/grpc-js';
import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { startSecretManagerEmulator } from '../../../local/emulators/secret-manager';
import type { SecretManagerEmulator } from '../../../local/emulators/secret-manager';
import { errorOf, secretClient } from './google-clients';

const parent = 'projects/test-project';
const name = `${parent}/secrets/a`;
const numbered = 'projects/123456789012/secrets/a';
const once = { retry: { retryCodes: [] }, timeout: 5_000 };
let emulator: SecretManagerEmulator;
let client: SecretManagerServiceClient;

beforeEach(async () => {
  emulator = await startSecretManagerEmulator();
  client = secretClient(emulator.address);
});
afterEach(async () => {
  await client.close();
  await emulator.close();
});

const access = (which: string | number = 'latest') => client.accessSecretVersion({ name: `${name}/versions/${which}` }, once);
const text = async (which?: number): Promise<string> => Buffer.from((await access(which))[0].payload?.data ?? '').toString();
const state = async (which: number) => (await client.getSecretVersion({ name: `${name}/versions/${which}` }))[0].state;

const add = (payload: object): Promise<unknown> => client.addSecretVersion({ parent: name, payload });
const denied = (permission: string, resource: string): object => ({
  code: status.PERMISSION_DENIED,
  details: `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`,
});

describe('a secret', () => {
  test('lives from its creation to its deletion', async () => {
    const [created] = await client.createSecret({
      parent,
      secretId: 'a',
      secret: { replication: { automatic: {} }, labels: { team: 'core' } },
    });
    expect(created).toMatchObject({ name: numbered, labels: { team: 'core' } });
    expect((await errorOf(client.createSecret({ parent, secretId: 'a', secret: { replication: { automatic: {} } } }))).code).toBe(
      status.ALREADY_EXISTS,
    );
    const [first] = await client.addSecretVersion({ parent: name, payload: { data: Buffer.from('one') } });
    expect(first).toMatchObject({ name: `${numbered}/versions/1`, state: 'ENABLED' });
    await client.addSecretVersion({ parent: name, payload: { data: Buffer.from('123456789'), dataCrc32c: 0xe3069283 } });
    expect(await text()).toBe('123456789');
    await client.disableSecretVersion({ name: `${name}/versions/2` });
    expect(await state(2)).toBe('DISABLED');
    expect((await errorOf(access())).code).toBe(status.FAILED_PRECONDITION);
    await client.enableSecretVersion({ name: `${name}/versions/2` });
    expect(await text()).toBe('123456789');
    const [gone] = await client.destroySecretVersion({ name: `${name}/versions/2` });
    expect(gone.state).toBe('DESTROYED');
    expect(gone.destroyTime).toBeTruthy();
    expect(await text(1)).toBe('one');
    await client.deleteSecret({ name });
    expect((await errorOf(client.getSecret({ name }))).code).toBe(status.NOT_FOUND);
  });

  test('must be replicated, unless it is regional', async () => {
    expect((await errorOf(client.createSecret({ parent, secretId: 'a', secret: {} }))).code).toBe(status.INVALID_ARGUMENT);
    await client.createSecret({ parent: `${parent}/locations/europe-west1`, secretId: 'a', secret: {} });
    expect((await client.listSecrets({ parent: `${parent}/locations/europe-west1` }))[0]).toHaveLength(1);
  });

  test('refuses a payload that is too long or does not match its checksum', async () => {
    emulator.put('a', {});
    expect((await errorOf(add({ data: Buffer.alloc(65_537) }))).code).toBe(status.INVALID_ARGUMENT);
    expect((await errorOf(add({ data: Buffer.from('x'), dataCrc32c: 1 }))).code).toBe(status.INVALID_ARGUMENT);
    await add({ data: Buffer.alloc(65_536) });
  });

  test('never gives a destroyed version back', async () => {
    emulator.put('a', { versions: [{ value: 'x', state: 'DESTROYED' }] });
    const error = await errorOf(client.enableSecretVersion({ name: `${name}/versions/1` }));
    expect(error).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: `Secret Version [${numbered}/versions/1] is in DESTROYED state.`,
    });
  });

  test('may delay destruction', async () => {
    emulator.put('a', { value: 'x', versionDestroyTtlSeconds: 3600 });
    const [version] = await client.destroySecretVersion({ name: `${name}/versions/1` });
    expect(version.state).toBe('DISABLED');
    expect(version.scheduledDestroyTime).toBeTruthy();
  });

  test('can be changed from the side', async () => {
    emulator.put('a', { value: 'one' });
    expect(emulator.addVersion('a', 'two')).toBe(2);
    expect(await text()).toBe('two');
    emulator.setState('a', 'latest', 'DESTROYED');
    expect(await state(2)).toBe('DESTROYED');
    emulator.remove('a');
    expect((await errorOf(access())).code).toBe(status.NOT_FOUND);
    expect(emulator.calls()).toEqual({ AccessSecretVersion: 2, GetSecretVersion: 1 });
  });
});

describe('a policy', () => {
  test('is read and set', async () => {
    const member = 'serviceAccount:backend@p.iam.gserviceaccount.com';
    const binding = { role: 'roles/secretmanager.secretAccessor', members: [member] };
    emulator.put('a', { bindings: [binding] });
    expect((await client.getIamPolicy({ resource: name }))[0].bindings).toMatchObject([binding]);
    await client.setIamPolicy({ resource: name, policy: { bindings: [] } });
    expect((await client.getIamPolicy({ resource: name }))[0].bindings).toEqual([]);
    expect((await errorOf(client.getIamPolicy({ resource: `${parent}/secrets/none` }))).code).toBe(status.NOT_FOUND);
  });
});

describe('permission', () => {
  test('is refused on one secret, also on one that does not exist', async () => {
    emulator.put('b', { value: 'x' });
    const lift = emulator.deny('a', 'secretmanager.versions.access');
    expect(await errorOf(access())).toMatchObject(denied('secretmanager.versions.access', `${numbered}/versions/latest`));
    emulator.put('a', { value: 'x' });
    expect(await errorOf(access())).toMatchObject(denied('secretmanager.versions.access', `${numbered}/versions/latest`));
    await client.getSecret({ name });
    await client.accessSecretVersion({ name: `${parent}/secrets/b/versions/latest` });
    lift();
    expect(await text()).toBe('x');
  });

  test('to read values is not to read metadata, and the other way round', async () => {
    emulator.put('a', { value: 'x' });
    emulator.caller({ roles: ['roles/secretmanager.secretAccessor'] });
    expect(await text()).toBe('x');
    expect(await errorOf(client.getSecret({ name }))).toMatchObject(denied('secretmanager.secrets.get', numbered));
    expect(await errorOf(state(1))).toMatchObject(denied('secretmanager.versions.get', `${numbered}/versions/1`));
    expect(await errorOf(client.listSecrets({ parent }))).toMatchObject(denied('secretmanager.secrets.list', 'projects/123456789012'));
    emulator.caller({ roles: ['roles/secretmanager.viewer'] });
    expect(await errorOf(access())).toMatchObject(denied('secretmanager.versions.access', `${numbered}/versions/latest`));
    expect(await state(1)).toBe('ENABLED');
    await client.getIamPolicy({ resource: name });
    expect((await errorOf(client.setIamPolicy({ resource: name, policy: {} }))).code).toBe(status.PERMISSION_DENIED);
  });

  test('on single secrets hides whether others exist', async () => {
    const member = 'serviceAccount:probe@p.iam.gserviceaccount.com';
    emulator.put('a', { value: 'x', bindings: [{ role: 'roles/secretmanager.secretAccessor', members: [member] }] });
    emulator.caller({ member, roles: [] });
    expect(await text()).toBe('x');
    const absent = await errorOf(client.accessSecretVersion({ name: `${parent}/secrets/none/versions/1` }, once));
    expect(absent).toMatchObject(denied('secretmanager.versions.access', 'projects/123456789012/secrets/none/versions/1'));
    emulator.caller({ member, roles: ['roles/secretmanager.viewer'] });
    expect((await errorOf(client.getSecret({ name: `${parent}/secrets/none` }))).code).toBe(status.NOT_FOUND);
  });
});

describe('a fault', () => {
  beforeEach(() => emulator.put('a', { value: 'x' }));

  test('answers a code always or the next times, on one secret', async () => {
    emulator.put('b', { value: 'x' });
    const heal = emulator.fault({ code: status.UNAVAILABLE, resource: '/secrets/a' });
    expect((await errorOf(access())).code).toBe(status.UNAVAILABLE);
    await client.accessSecretVersion({ name: `${parent}/secrets/b/versions/latest` });
    heal();
    emulator.fault({ code: status.RESOURCE_EXHAUSTED, times: 1 });
    expect((await errorOf(access())).code).toBe(status.RESOURCE_EXHAUSTED);
    await access();
  });

  test('holds an answer back, or for ever', async () => {
    emulator.fault({ delayMs: 200, times: 1 });
    const before = performance.now();
    await access();
    expect(performance.now() - before).toBeGreaterThan(190);
    emulator.fault({ blackHole: true });
    const silent = client.accessSecretVersion({ name: `${name}/versions/1` }, { ...once, timeout: 200 });
    expect((await errorOf(silent)).code).toBe(status.DEADLINE_EXCEEDED);
    emulator.heal();
    await access();
  });
});
