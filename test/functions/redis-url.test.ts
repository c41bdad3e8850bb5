/** Targets of the redis kind whose URL is a secret: nothing of it shows, whatever is wrong with it. */
import { kind, probe } from '../../functions/redis';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { Result } from '../../shared/result';
import { probeOne } from '../support/probing';
import { scriptedRedis, type ScriptedRedis } from '../support/scripted-redis';

let secrets: SecretManagerEmulator;
let server: ScriptedRedis;
beforeAll(async () => {
  secrets = await startSecretManagerEmulator();
  server = await scriptedRedis({ AUTH: '-WRONGPASS invalid username-password pair or user is disabled.\r\n' });
});
afterAll(async () => {
  await secrets.close();
  await server.close();
});

async function probeUrl(url: string, target: object = {}, config: Record<string, unknown> = {}): Promise<Result> {
  secrets.put('redis-url', { value: url });
  return probeOne({ kind, probe }, { url: { secret: 'redis-url' }, ...target }, { secretManager: secrets.address, config });
}

test.each([
  ['no URL', 'prüfung-4711', 'can not be read'],
  ['characters in the password that end it', 'redis://:prüfung#4711@host', 'can not be read'],
  ['a broken percent-encoding', 'redis://:prüfung-4711%zz@host', 'can not be read'],
  ['another scheme', 'https://user:prüfung-4711@host', 'none of redis'],
  ['no host', 'redis:///3', 'names no host'],
  ['a path that is no database', 'redis://host/prüfung-4711', 'not the number of a database'],
  ['a database beyond all numbers', 'redis://:prüfung-4711@host/99999999999999999999', 'not the number of a database'],
  ['a database in the query that is none', 'redis://:prüfung-4711@host?db=2147483648', 'not the number of a database'],
  ['a login without a host', 'redis://:prüfung-4711@/0', 'can not be read'],
])('%s is the configuration that is wrong, not the server', async (_, url, message) => {
  const result = await probeUrl(url);
  expect(result).toMatchObject({
    outcome: 'unknown',
    reason: 'config_invalid',
    owner: 'monitor',
    message: expect.stringContaining(message),
  });
  expect(JSON.stringify(result)).not.toContain('4711');
});

test('rediss against a tls block that says disable is the configuration that is wrong', async () => {
  const result = await probeUrl('rediss://host', { tls: { mode: 'disable' } });
  expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid' });
});

test.each([
  ['a forbidden host', 'redis://cache.prod.example.com', { forbiddenHosts: ['*.prod.example.com'] }, 'forbidden host'],
  ['a link-local address', 'redis://169.254.169.254', {}, 'link-local'],
])('%s in a secret is refused before anything is sent', async (_, url, config, message) => {
  const result = await probeUrl(url, {}, config);
  expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', message: expect.stringContaining(message) });
});

test('name and password are sent decoded, and shown nowhere', async () => {
  const result = await probeUrl(`redis://us%40er:pr%C3%BCf%2Fung-4711@127.0.0.1:${server.port}/7`);
  expect(result).toMatchObject({ reason: 'credentials_rejected', code: 'WRONGPASS' });
  expect(server.commands).toEqual([['AUTH', 'us@er', 'prüf/ung-4711']]);
  expect(JSON.stringify(result)).not.toContain('4711');
});
