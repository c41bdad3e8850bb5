/** Fetching the secrets of a run, and what their faults are to kinds other than `secrets`. */
import { status } from '@grpc/grpc-js';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { SecretManager } from '../../shared/cloud/cloud';
import { createSecretManager } from '../../shared/cloud/secret-manager';
import { Fault } from '../../shared/fault';
import { fetchSecrets, keyOf, type Fetched } from '../../shared/secrets/fetch';
import { createRedactor } from '../../shared/secrets/redactor';

let emulator: SecretManagerEmulator;
let manager: SecretManager & { close(): Promise<void> };
beforeAll(async () => {
  emulator = await startSecretManagerEmulator();
  manager = createSecretManager('test-project', emulator.address);
});
beforeEach(() => {
  emulator.clear();
  emulator.heal();
  emulator.caller({ roles: ['roles/secretmanager.admin'] });
});
afterAll(async () => {
  await manager.close();
  await emulator.close();
});

async function fetchOne(secret: string, version = 'latest'): Promise<Fetched | undefined> {
  const vault = await fetchSecrets([{ secret, version }], () => manager, createRedactor());
  return vault.get(keyOf({ secret, version }));
}

async function faultOf(secret: string, version?: string): Promise<{ reason: string; message: string }> {
  const fetched = await fetchOne(secret, version);
  if (!(fetched instanceof Fault)) throw new Error('expected a fault');
  return { reason: fetched.reason, message: fetched.message };
}

test('a value comes with the number of its version, also by alias and full name', async () => {
  const regional = 'projects/test-project/locations/europe-west1/secrets/near';
  emulator.put('app-key', { versions: [{ value: 'one' }, { value: 'zwölf\n' }], aliases: { stable: 1 } });
  emulator.put(regional, { value: 'near-value' });
  expect(await fetchOne('app-key')).toEqual({ value: 'zwölf\n', version: '2' });
  expect(await fetchOne('app-key', 'stable')).toEqual({ value: 'one', version: '1' });
  expect(await fetchOne('projects/test-project/secrets/app-key', '1')).toEqual({ value: 'one', version: '1' });
  expect(await fetchOne(regional)).toEqual({ value: 'near-value', version: '1' });
});

test('each is fetched once, whoever asks how often, and only what is asked for', async () => {
  const references = Array.from({ length: 90 }, (_, index) => ({ secret: `secret-${index % 30}`, version: 'latest' }));
  for (const { secret } of references) emulator.put(secret, { value: `value of ${secret}` });
  const vault = await fetchSecrets([...references, { secret: 'secret-0', version: '1' }], () => manager, createRedactor());
  expect(vault.size).toBe(31);
  expect(vault.get('secret-29@latest')).toEqual({ value: 'value of secret-29', version: '1' });
  expect(emulator.calls()).toEqual({ AccessSecretVersion: 31 });
});

test('one that goes by several names is fetched once, and is there by each', async () => {
  emulator.put('app-key', { value: 'one' });
  const full = 'projects/test-project/secrets/app-key';
  const references = ['app-key', full, 'projects/other/secrets/app-key'].map((secret) => ({ secret, version: 'latest' }));
  const vault = await fetchSecrets(references, () => manager, createRedactor());
  expect(vault.get('app-key@latest')).toEqual({ value: 'one', version: '1' });
  expect(vault.get(`${full}@latest`)).toEqual({ value: 'one', version: '1' });
  expect(vault.get('projects/other/secrets/app-key@latest')).toMatchObject({ reason: 'secret_unavailable' });
  expect(emulator.calls()).toEqual({ AccessSecretVersion: 2 });
});

test('without a reference no client is made', async () => {
  const never = (): SecretManager => {
    throw new Error('asked for a client');
  };
  expect((await fetchSecrets([], never, createRedactor())).size).toBe(0);
});

test('every value is taught to the redactor', async () => {
  emulator.put('url', { value: 'postgresql://app:p%40ssword@db/x' });
  emulator.put('key', { value: 'sk_live_value' });
  const redactor = createRedactor();
  const references = ['url', 'key', 'none'].map((secret) => ({ secret, version: 'latest' }));
  await fetchSecrets(references, () => manager, redactor);
  expect(redactor.redact('p@ssword and sk_live_value')).toBe('[redacted] and [redacted]');
});

describe('what can not be had is', () => {
  test('secret_unavailable where it is missing', async () => {
    emulator.put('bare', {});
    emulator.put('app-key', { value: 'x' });
    expect(await faultOf('none')).toEqual({
      reason: 'secret_unavailable',
      message: expect.stringMatching(
        /^secret none could not be read: 5 NOT_FOUND: Secret \[projects\/\d+\/secrets\/none\] not found or has no versions\.$/,
      ),
    });
    expect((await faultOf('bare')).reason).toBe('secret_unavailable');
    expect((await faultOf('app-key', '7')).reason).toBe('secret_unavailable');
  });

  test.each(['DISABLED', 'DESTROYED'] as const)('secret_unavailable where it is %s', async (state) => {
    emulator.put('app-key', { versions: [{ value: 'one' }, { value: 'two', state }] });
    expect(await faultOf('app-key')).toEqual({ reason: 'secret_unavailable', message: expect.stringContaining(`is in ${state} state`) });
    expect(await fetchOne('app-key', '1')).toMatchObject({ value: 'one' });
  });

  test('secret_unavailable where its checksum does not match', async () => {
    emulator.put('app-key', { value: 'precious-value' });
    emulator.corrupt('app-key');
    expect(await faultOf('app-key')).toEqual({
      reason: 'secret_unavailable',
      message: 'the value of secret app-key does not match its checksum',
    });
  });

  test('api_denied where it is refused to us; others are fetched all the same', async () => {
    for (const secret of ['app-key', 'other']) emulator.put(secret, { value: `${secret} value` });
    emulator.deny('app-key', 'secretmanager.versions.access');
    const references = ['app-key', 'other'].map((secret) => ({ secret, version: 'latest' }));
    const vault = await fetchSecrets(references, () => manager, createRedactor());
    expect(vault.get('app-key@latest')).toMatchObject({ reason: 'api_denied', message: expect.stringContaining('versions.access') });
    expect(vault.get('other@latest')).toEqual({ value: 'other value', version: '1' });
  });

  test('asked for again where the failure passes', async () => {
    emulator.put('app-key', { value: 'good-value' });
    emulator.fault({ code: status.UNAVAILABLE, times: 2 });
    expect(await fetchOne('app-key')).toMatchObject({ value: 'good-value' });
    expect(emulator.calls()).toEqual({ AccessSecretVersion: 3 });
  });

  test('api_unavailable where no answer comes, within the limit however many there are', async () => {
    emulator.fault({ blackHole: true });
    const references = Array.from({ length: 50 }, (_, index) => ({ secret: `secret-${index}`, version: 'latest' }));
    const begun = performance.now();
    const vault = await fetchSecrets(references, () => manager, createRedactor());
    expect(performance.now() - begun).toBeLessThan(12_000);
    expect(vault.size).toBe(50);
    for (const fetched of vault.values()) expect(fetched).toMatchObject({ reason: 'api_unavailable' });
  });
});
