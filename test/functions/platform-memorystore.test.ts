/** The `platform` probe of a Memorystore instance, and of the redis target that shall lead to it. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import { memorystoreInstance, project } from '../../local/emulators/platform/resources';
import type { Result } from '../../shared/result';
import { configOf } from '../support/probing';
import {
  fine,
  invalid,
  misconfigured,
  missing,
  notReady,
  startPlatformChecks,
  told,
  unavailable,
  type PlatformChecks,
} from '../support/platform-checks';
import { probeAll } from '../support/probing';
import { runnable } from '../support/platform-checks';

let checks: PlatformChecks;
let secrets: SecretManagerEmulator;
beforeAll(async () => {
  checks = await startPlatformChecks();
  secrets = await startSecretManagerEmulator({ project });
});
beforeEach(() => {
  checks.clear();
  secrets.clear();
});
afterAll(async () => {
  await checks.close();
  await secrets.close();
});

const instance = 'cache';
const host = '10.166.204.83';

/** Runs the comparison with a redis target that is not itself run. */
async function compared(redis: object, fields: object = {}): Promise<Result> {
  checks.put(memorystoreInstance(instance, fields));
  const results = await probeAll(
    runnable,
    { store: { memorystore: { instance, matches: 'cache' } } },
    { platform: checks.platform.address, secretManager: secrets.address, config: { project, redis: { cache: redis } }, only: ['store'] },
  );
  const [result] = results;
  if (!result) throw new Error('the run gave no result');
  return result;
}

test('it is ready', async () => {
  checks.put(memorystoreInstance(instance));
  const result = await checks.run({ memorystore: { instance } });
  expect(result).toMatchObject(fine);
  expect(told(result)).toEqual([['state', 'success', null, 'state is READY']]);
});

test.each(['CREATING', 'UPDATING', 'DELETING', 'REPAIRING', 'MAINTENANCE', 'IMPORTING', 'FAILING_OVER'])(
  'it is not ready in the state %s',
  async (state) => {
    checks.put(memorystoreInstance(instance, { state, statusMessage: 'at work' }));
    expect(await checks.run({ memorystore: { instance } })).toMatchObject({
      ...notReady,
      message: `state is ${state}, expected READY: at work`,
    });
  },
);

test('there is none', async () => {
  expect(await checks.run({ memorystore: { instance } })).toMatchObject({
    ...missing,
    message: 'there is no Memorystore instance projects/local-project/locations/us-central1/instances/cache',
  });
});

test('the redis target leads to it', async () => {
  const result = await compared({ host, password: 'hunter22' });
  expect(result).toMatchObject(fine);
  expect(told(result).slice(1)).toEqual([
    ['host', 'success', null, `host is ${host} (the redis target cache leads to ${host}:6379)`],
    ['port', 'success', null, `port is 6379 (the redis target cache leads to ${host}:6379)`],
    ['transitEncryptionMode', 'success', null, 'transitEncryptionMode is DISABLED'],
    ['authEnabled', 'success', null, 'authEnabled is true'],
  ]);
});

test.each([
  [{ url: `redis://:hunter22@${host}` }, {}],
  [{ url: `redis://${host}?password=hunter22` }, {}],
  [{ host }, { authEnabled: false }],
  [{ url: `rediss://:hunter22@${host}:6378` }, { port: 6378, transitEncryptionMode: 'SERVER_AUTHENTICATION' }],
  [
    { host, port: 6378, password: 'hunter22', tls: {} },
    { port: 6378, transitEncryptionMode: 'SERVER_AUTHENTICATION' },
  ],
  [{ host, password: 'hunter22', tls: { mode: 'disable' } }, {}],
  [
    { host: '10.166.204.84', password: 'hunter22' },
    { readEndpoint: '10.166.204.84', readEndpointPort: 6379 },
  ],
])('the redis target %j matches', async (redis, fields) => {
  expect(await compared(redis, fields)).toMatchObject(fine);
});

test('the URL may be a secret, which is fetched with the target, and not shown', async () => {
  secrets.put('redis-url', { value: `redis://:hunter22@${host}:6380` });
  const result = await compared({ url: { secret: 'redis-url' } });
  expect(result).toMatchObject({ ...misconfigured, observed: { 'secret.versions': { 'redis-url': '1' } } });
  expect(result.message).toBe(`port is 6379 (the redis target cache leads to ${host}:6380), expected 6380`);
  expect(JSON.stringify(result)).not.toContain('hunter22');
  secrets.clear();
  expect(await compared({ url: { secret: 'redis-url' } })).toMatchObject({ outcome: 'unknown', reason: 'secret_unavailable' });
});

test.each([
  [{ host: '10.0.0.9', password: 'x' }, {}, `host is ${host} (the redis target cache leads to 10.0.0.9:6379), expected 10.0.0.9`],
  [{ host, port: 6380, password: 'x' }, {}, `port is 6379 (the redis target cache leads to ${host}:6380), expected 6380`],
  [{ host, password: 'x', tls: {} }, {}, 'transitEncryptionMode is DISABLED, but the redis target cache uses TLS'],
  [
    { host, password: 'x' },
    { transitEncryptionMode: 'SERVER_AUTHENTICATION' },
    'transitEncryptionMode is SERVER_AUTHENTICATION, but the redis target cache uses no TLS',
  ],
  [{ host }, {}, 'authEnabled is true, but the redis target cache sends no password'],
  [{ host, password: 'x' }, { authEnabled: undefined }, 'authEnabled is false, but the redis target cache sends a password'],
])('the redis target %j differs from %j', async (redis, fields, message) => {
  expect(await compared(redis, fields)).toMatchObject({ ...misconfigured, message });
});

test('what can not be compared is not told', async () => {
  const named = await compared({ host: 'cache.internal', password: 'x' });
  expect(named).toMatchObject(invalid);
  expect(named.message).toMatch(/leads to the name cache\.internal, which can't be compared with the address 10\./);
  expect(await compared({ host }, { host: undefined })).toMatchObject(unavailable);
  expect(await compared({ host, password: 'x' }, { state: 'REPAIRING', host: undefined })).toMatchObject(notReady);
});

test('the secrets of the redis target are among those that the target needs', () => {
  const config = configOf({
    redis: { cache: { url: { secret: 'redis-url' }, confirm: { attempts: 1 } } },
    platform: { store: { memorystore: { instance, matches: 'cache' } } },
  });
  expect(config.targets.find(({ name }) => name === 'store')).toMatchObject({
    referenced: { cache: { url: { secret: 'redis-url', version: 'latest' } } },
    secrets: [{ secret: 'redis-url', version: 'latest' }],
  });
});
