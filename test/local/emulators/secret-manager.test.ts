/** Secret Manager's emulator, through the real client. */
import { status } from '@grpc/grpc-js';
import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { startSecretManagerEmulator } from '../../../local/emulators/secret-manager';
import type { SecretManagerEmulator } from '../../../local/emulators/secret-manager';
import { errorOf, secretClient } from './google-clients';

const parent = 'projects/test-project';
const number = '4711';
const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
let now = start;
let emulator: SecretManagerEmulator;
let client: SecretManagerServiceClient;

beforeAll(async () => {
  emulator = await startSecretManagerEmulator({ clock: () => now, projectNumbers: { 'test-project': number } });
  client = secretClient(emulator.address);
});
beforeEach(() => {
  now = start;
  emulator.clear();
  emulator.heal();
  emulator.caller({ roles: ['roles/secretmanager.admin'] });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const secretName = (id: string): string => `${parent}/secrets/${id}`;
const full = (id: string): string => `projects/${number}/secrets/${id}`;
const get = async (id: string) => (await client.getSecret({ name: secretName(id) }))[0];
const version = async (id: string, which: string | number = 'latest') =>
  (await client.getSecretVersion({ name: `${secretName(id)}/versions/${which}` }))[0];
const access = async (id: string, which: string | number = 'latest') =>
  (await client.accessSecretVersion({ name: `${secretName(id)}/versions/${which}` }, { retry: { retryCodes: [] }, timeout: 5_000 }))[0];
const versions = async (id: string, filter = '') =>
  (await client.listSecretVersions({ parent: secretName(id), filter }))[0].map(({ name, state }) => `${name?.split('/').at(-1)} ${state}`);
const names = async (filter: string): Promise<unknown[]> => (await client.listSecrets({ parent, filter }))[0].map(({ name }) => name);
const millis = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(time?.seconds) * 1000 + (time?.nanos ?? 0) / 1e6;

describe('an access', () => {
  test('gives the value with its CRC32C and the version under the project number', async () => {
    emulator.put('a', { value: '123456789' });
    const { name, payload } = await access('a');
    expect(name).toBe(`${full('a')}/versions/1`);
    expect(Buffer.from(payload?.data ?? '').toString()).toBe('123456789');
    expect(Number(payload?.dataCrc32c)).toBe(0xe3069283);
  });

  test('gives bytes as they are, and none of an empty value', async () => {
    const bytes = Buffer.from([0, 255, 10, 128]);
    emulator.put('bytes', { value: bytes });
    emulator.put('empty', { value: '' });
    expect(Buffer.from((await access('bytes')).payload?.data ?? '')).toEqual(bytes);
    const empty = (await access('empty')).payload;
    expect([empty?.data?.length, Number(empty?.dataCrc32c)]).toEqual([0, 0]);
  });

  test('gives a wrong checksum when told to', async () => {
    emulator.put('a', { value: '123456789' });
    emulator.corrupt('a');
    expect(Number((await access('a')).payload?.dataCrc32c)).not.toBe(0xe3069283);
    emulator.corrupt('a', false);
    expect(Number((await access('a')).payload?.dataCrc32c)).toBe(0xe3069283);
  });

  test.each(['DISABLED', 'DESTROYED'] as const)('of a %s version is FAILED_PRECONDITION, though its metadata is there', async (state) => {
    emulator.put('a', { versions: [{ value: 'old' }, { value: 'new', state }] });
    const error = await errorOf(access('a'));
    expect(error.code).toBe(status.FAILED_PRECONDITION);
    expect(error.details).toBe(`Secret Version [${full('a')}/versions/2] is in ${state} state.`);
    expect(await version('a')).toMatchObject({ name: `${full('a')}/versions/2`, state });
    expect((await get('a')).name).toBe(full('a'));
    expect(Buffer.from((await access('a', 1)).payload?.data ?? '').toString()).toBe('old');
  });

  test('takes aliases and numbers', async () => {
    emulator.put('a', { versions: [{ value: 'one' }, { value: 'two' }], aliases: { stable: 1 } });
    expect(Buffer.from((await access('a', 'stable')).payload?.data ?? '').toString()).toBe('one');
    expect((await version('a', 'stable')).name).toBe(`${full('a')}/versions/1`);
    expect(Number((await get('a')).versionAliases?.['stable'])).toBe(1);
    for (const change of ['disableSecretVersion', 'destroySecretVersion', 'enableSecretVersion'] as const) {
      for (const which of ['stable', 'latest']) {
        expect((await errorOf(client[change]({ name: `${secretName('a')}/versions/${which}` }))).code).toBe(status.NOT_FOUND);
      }
    }
  });
});

describe('what is not there', () => {
  const missing = `Secret [${full('none')}] not found or has no versions.`;

  test('is NOT_FOUND, with the project number', async () => {
    for (const error of await Promise.all([access('none'), version('none'), get('none'), versions('none')].map(errorOf))) {
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: missing });
    }
  });

  test('is NOT_FOUND in a secret without versions', async () => {
    emulator.put('none', {});
    for (const error of await Promise.all([access('none'), version('none')].map(errorOf)))
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: missing });
    expect(await versions('none')).toEqual([]);
    expect((await get('none')).name).toBe(full('none'));
  });

  test.each(['7', 'unknown-alias'])('is NOT_FOUND as version %s', async (which) => {
    emulator.put('a', { value: 'x' });
    for (const error of await Promise.all([access('a', which), version('a', which)].map(errorOf))) {
      expect(error).toMatchObject({
        code: status.NOT_FOUND,
        details: `Secret Version [${full('a')}/versions/${which}] not found.`,
      });
    }
  });

  test('is INVALID_ARGUMENT under a malformed name', async () => {
    expect((await errorOf(client.accessSecretVersion({ name: 'secrets/a/versions/1' }))).code).toBe(status.INVALID_ARGUMENT);
    expect((await errorOf(get('a b'))).code).toBe(status.INVALID_ARGUMENT);
  });
});

describe('metadata', () => {
  test('tells times, labels and rotation', async () => {
    emulator.put('a', {
      versions: [{ value: 'x', createTime: start - 90 * day, scheduledDestroyTime: start + day }],
      createTime: new Date(start - 100 * day),
      expireTime: '2026-02-01T00:00:00Z',
      rotation: { nextRotationTime: start + 10 * day, periodSeconds: 86_400 },
      labels: { team: 'core' },
    });
    const secret = await get('a');
    expect(millis(secret.createTime)).toBe(start - 100 * day);
    expect(millis(secret.expireTime)).toBe(Date.UTC(2026, 1, 1));
    expect(millis(secret.rotation?.nextRotationTime)).toBe(start + 10 * day);
    expect(secret.labels).toEqual({ team: 'core' });
    expect(secret.replication?.automatic).toBeTruthy();
    const latest = await version('a');
    expect(millis(latest.createTime)).toBe(start - 90 * day);
    expect(millis(latest.scheduledDestroyTime)).toBe(start + day);
  });

  test('lists versions newest first, and by state', async () => {
    emulator.put('a', {
      versions: [{ value: '1' }, { value: '2', state: 'DISABLED' }, { value: '3' }, { value: '4', state: 'DESTROYED' }],
    });
    expect(await versions('a')).toEqual(['4 DESTROYED', '3 ENABLED', '2 DISABLED', '1 ENABLED']);
    for (const filter of ['state:ENABLED', 'state = ENABLED', 'state=ENABLED'])
      expect(await versions('a', filter)).toEqual(['3 ENABLED', '1 ENABLED']);
    expect(await versions('a', 'state != DESTROYED')).toEqual(['3 ENABLED', '2 DISABLED', '1 ENABLED']);
    expect((await errorOf(versions('a', 'colour:RED'))).code).toBe(status.INVALID_ARGUMENT);
  });

  test('comes in pages', async () => {
    emulator.put('a', { versions: [{ value: '1' }, { value: '2' }] });
    const [found, , response] = await client.listSecretVersions({ parent: secretName('a'), pageSize: 1 }, { autoPaginate: false });
    expect([found.length, response?.totalSize]).toEqual([1, 2]);
    expect(response?.nextPageToken).not.toBe('');
  });

  test('lists the secrets of a project, and by name and label', async () => {
    emulator.put('a', { labels: { team: 'core' } });
    emulator.put('b', {});
    emulator.put('projects/other/secrets/c', {});
    expect(await names('')).toEqual([full('a'), full('b')]);
    expect(await names('labels.team=core')).toEqual([full('a')]);
    expect(await names('name:b')).toEqual([full('b')]);
  });

  test('is there for regional secrets under their own names', async () => {
    const regional = `${parent}/locations/europe-west1/secrets/a`;
    emulator.put(regional, { value: 'regional' });
    const [{ name, payload }] = await client.accessSecretVersion({ name: `${regional}/versions/latest` });
    expect(name).toBe(`projects/${number}/locations/europe-west1/secrets/a/versions/1`);
    expect(Buffer.from(payload?.data ?? '').toString()).toBe('regional');
    expect((await errorOf(get('a'))).code).toBe(status.NOT_FOUND);
  });
});

describe('time', () => {
  test('deletes a secret at its expire time for good', async () => {
    emulator.put('a', { value: 'x', expireTime: start + day });
    await access('a');
    now = start + day;
    expect((await errorOf(access('a'))).code).toBe(status.NOT_FOUND);
    now = start;
    expect((await errorOf(get('a'))).code).toBe(status.NOT_FOUND);
  });

  test('destroys a version at its scheduled time', async () => {
    emulator.put('a', { versions: [{ value: 'x', state: 'DISABLED', scheduledDestroyTime: start + day }] });
    now = start + day;
    expect(await version('a')).toMatchObject({ state: 'DESTROYED' });
  });
});
