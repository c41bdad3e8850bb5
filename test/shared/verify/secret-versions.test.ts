/** No sign-off with another version of a secret than the newest. */
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../../local/emulators/secret-manager';
import { kinds } from '../../../functions/kinds';
import { createCloud } from '../../../shared/cloud/google';
import type { Cloud } from '../../../shared/cloud/cloud';
import { callerBehind } from '../../../shared/verify/callers';
import { newestVersionsBy } from '../../../shared/verify/newest-versions';
import { verify, type Verified } from '../../../shared/verify/verify';
import { loaded, ownFolder } from '../../config/written';
import { answeringFunctions, report, result } from '../../support/answering-functions';

const folder = ownFolder();
let secrets: SecretManagerEmulator;
let cloud: Cloud;
const refusals: string[] = [];
beforeAll(async () => {
  secrets = await startSecretManagerEmulator({ project: 'my-project' });
  cloud = createCloud('my-project', { logLevel: 'info', secretManagerEmulator: secrets.address });
});
beforeEach(() => {
  secrets.put('redis-url', { value: 'redis://10.0.0.1' });
  for (const value of ['redis://10.0.0.2', 'redis://10.0.0.3']) secrets.addVersion('redis-url', value);
  refusals.length = 0;
});
afterEach(() => secrets.heal());
afterAll(async () => {
  await cloud.close();
  await secrets.close();
});

const versions = (version: string): { observed: { 'secret.versions': Record<string, string> } } => ({
  observed: { 'secret.versions': { 'redis-url': version } },
});

/** @param seen what `redis` and `secrets` got, one a round; without the second the configuration has no such target. */
async function verified(url: string, seen: { readonly redis: readonly string[]; readonly secrets?: readonly string[] }): Promise<Verified> {
  const checked = seen.secrets ? 'secrets: { app: { require: [{ secret: redis-url }] } }\n' : '';
  const config = loaded(folder, `redis: { cache: { url: ${url} } }\n${checked}verify: { interval: 0s }`);
  const functions = await answeringFunctions((kind, call) => ({
    document: report(
      kind,
      [
        result(
          kind,
          kind === 'redis' ? 'cache' : 'app',
          'success',
          versions((kind === 'redis' ? seen.redis : (seen.secrets ?? []))[call - 1] ?? ''),
        ),
      ],
      { configHash: config.hash },
    ),
  }));
  try {
    const newestVersions = newestVersionsBy(cloud, (message) => refusals.push(message));
    return await verify(
      { rounds: seen.redis.length },
      { config, slices: new Map(), kinds, caller: callerBehind(functions.url), newestVersions, budgetMs: 30_000 },
    );
  } finally {
    await functions.close();
  }
}

const latest = '{ secret: redis-url }';

test('the newest everywhere is signed off, and told with the target', async () => {
  const { answer } = await verified(latest, { redis: ['3', '3'], secrets: ['3', '3'] });
  expect(answer.verdict).toBe('signed_off');
  expect(answer.targets.map(({ target, secretVersions }) => [target, secretVersions])).toEqual([
    ['app', { 'redis-url': '3' }],
    ['cache', { 'redis-url': '3' }],
  ]);
  expect(refusals).toEqual([]);
});

test('an older version than Secret Manager lists as the newest that is enabled is not signed off', async () => {
  const { answer } = await verified(latest, { redis: ['2', '2'] });
  expect(answer).toMatchObject({ verdict: 'not_signed_off', criticalFailures: 0, overallStatus: 'HEALTHY' });
  expect(answer.nextActions[0]).toBe(
    'operator: cache was verified with version 2 of secret redis-url, the newest is 3; let the rotation settle and verify again',
  );
});

test('a newer version that is disabled does not count', async () => {
  secrets.setState('redis-url', 'latest', 'DISABLED');
  expect((await verified(latest, { redis: ['2', '2'] })).answer.verdict).toBe('signed_off');
});

test('a rotation between two rounds is not signed off', async () => {
  expect((await verified(latest, { redis: ['2', '3'] })).answer.verdict).toBe('not_signed_off');
});

test('a full name and a bare one are the same secret', async () => {
  const { answer } = await verified('{ secret: projects/my-project/secrets/redis-url }', { redis: ['3'] });
  expect(answer.verdict).toBe('signed_off');
});

test('a version that the configuration names is signed off, and that a newer one is known is said', async () => {
  const { answer } = await verified("{ secret: redis-url, version: '2' }", { redis: ['2'] });
  expect(answer.verdict).toBe('signed_off');
  expect(answer.nextActions).toEqual([
    'operator: cache is kept at version 2 of secret redis-url, the newest is 3; take the newest, or leave it so on purpose',
  ]);
});

describe('where Secret Manager does not tell', () => {
  beforeEach(() => void secrets.fault({ code: 7, message: 'denied' }));

  test('the targets are compared with each other, and the refusal is told', async () => {
    expect((await verified(latest, { redis: ['2'], secrets: ['3'] })).answer.verdict).toBe('not_signed_off');
    expect((await verified(latest, { redis: ['3'], secrets: ['3'] })).answer.verdict).toBe('signed_off');
    expect(refusals).toEqual([expect.stringContaining('denied'), expect.stringContaining('denied')]);
  });
});

test('a Secret Manager that never answers takes less than a second, and is told', async () => {
  secrets.fault({ methods: ['ListSecretVersions'], blackHole: true });
  const newestVersions = newestVersionsBy(cloud, (message) => refusals.push(message));
  const begun = performance.now();
  const found = await newestVersions(Array.from({ length: 60 }, (_, index) => `projects/my-project/secrets/s${index}`));
  expect(performance.now() - begun).toBeLessThan(1500);
  expect([found.size, refusals.length]).toEqual([0, 1]);
});
