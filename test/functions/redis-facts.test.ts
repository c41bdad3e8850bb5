/** What the redis kind makes of what a server says of itself, and of a text that holds a secret. */
import { kind, probe } from '../../functions/redis';
import { startSecretManagerEmulator, type SecretManagerEmulator } from '../../local/emulators/secret-manager';
import type { Result } from '../../shared/result';
import { probeOne } from '../support/probing';
import { bulk, scriptedRedis, type Answer } from '../support/scripted-redis';

const password = `scripted-${'0123456789abcdef'.repeat(8)}`;
let secrets: SecretManagerEmulator;
beforeAll(async () => {
  secrets = await startSecretManagerEmulator();
  secrets.put('redis-password', { value: password });
});
afterAll(() => secrets.close());

async function runAgainst(script: Readonly<Record<string, Answer>>, more: Readonly<Record<string, unknown>> = {}): Promise<Result> {
  const server = await scriptedRedis(script);
  const target = { host: server.host, port: server.port, password: { secret: 'redis-password' }, ...more };
  try {
    return await probeOne({ kind, probe }, target, { secretManager: secrets.address });
  } finally {
    await server.close();
  }
}

const infoOf = (...lines: readonly string[]): string => bulk(['redis_version:7.4.0', 'role:master', ...lines].join('\r\n'));

test.each<[string, readonly string[], object]>([
  ['a number beyond all numbers', [`used_memory:${'9'.repeat(400)}`, 'maxmemory:1000'], { 'redis.maxMemoryBytes': 1000 }],
  ['numbers with exponents', ['used_memory:1e308', 'maxmemory:1e-300'], {}],
  ['negative numbers', ['used_memory:-5', 'maxmemory:-1', 'connected_clients:-3', 'maxclients:10'], { 'redis.maxClients': 10 }],
  ['nothing in the place of numbers', ['used_memory:', 'maxmemory: ', 'uptime_in_seconds:\t'], {}],
  ['words in the place of numbers', ['used_memory:Infinity', 'maxclients:NaN', 'evicted_keys:0x10'], {}],
  [
    'a share beyond all numbers',
    [`used_memory:1${'0'.repeat(308)}`, 'maxmemory:1'],
    { 'redis.usedMemoryBytes': 1e308, 'redis.maxMemoryBytes': 1 },
  ],
  [
    'more than the limit',
    ['used_memory:1500', 'maxmemory:1000'],
    { 'redis.usedMemoryBytes': 1500, 'redis.maxMemoryBytes': 1000, 'redis.memoryUtilization': 1.5 },
  ],
])('of %s only what is a number is told', async (_, lines, expected) => {
  const { outcome, observed } = await runAgainst({ INFO: infoOf(...lines) });
  const { 'address.ip': _ip, 'secret.versions': _versions, ...told } = observed;
  expect(outcome).toBe('success');
  expect(told).toEqual({ 'redis.product': 'redis', 'redis.version': '7.4.0', 'redis.role': 'master', ...expected });
});

test('a condition on what is no number is unmet', async () => {
  const script = { INFO: infoOf('used_memory:-5', 'maxmemory:1000') };
  const result = await runAgainst(script, { expect: { memoryUtilizationBelow: 0.9 } });
  expect(result).toMatchObject({ outcome: 'failure', reason: 'out_of_memory', message: expect.stringContaining('not told') });
});

test('texts are told in brief', async () => {
  const long = 'x'.repeat(5_000);
  const names = ['server_name', 'valkey_version', 'redis_mode', 'role', 'master_link_status'];
  const { observed } = await runAgainst({ INFO: bulk(`redis_version:${long}\r\n${names.map((name) => `${name}:${long}\r\n`).join('')}`) });
  for (const fact of ['product', 'version', 'mode', 'role', 'masterLink']) expect(observed[`redis.${fact}`]).toBe('x'.repeat(100));
});

test.each([
  ['nothing', ''],
  ['comments alone', '# Server\r\n# Replication\r\n'],
  ['no version', 'role:master\r\nused_memory:1\r\n'],
  ['no role', 'redis_version:7.4.0\r\nredis_mode:standalone\r\n'],
])('an INFO that tells %s is none', async (_, info) => {
  const result = await runAgainst({ INFO: bulk(info) });
  expect(result).toMatchObject({
    outcome: 'failure',
    reason: 'protocol_error',
    phase: 'command',
    message: expect.stringContaining('INFO'),
  });
});

test('a Sentinel has no role, and passes without the round trip', async () => {
  const info = bulk('redis_version:7.4.0\r\nredis_mode:sentinel\r\n');
  const result = await runAgainst({ INFO: info }, { roundTrip: false });
  expect(result).toMatchObject({ outcome: 'success', observed: { 'redis.mode': 'sentinel' } });
});

describe('a secret that the server repeats is not shown, nor its beginning where the text is cut', () => {
  test.each<[string, Readonly<Record<string, Answer>>]>([
    ['as the value of our key', { GET: bulk(password) }],
    ['within the value of our key', { GET: bulk(`${'x'.repeat(60)}${password}`) }],
    ['as a role', { INFO: bulk(`redis_version:7\r\nrole:${'x'.repeat(60)}${password}`) }],
    ['as a version', { INFO: bulk(`redis_version:${password}\r\nrole:master`) }],
    ['as an error', { PING: `-${password}\r\n` }],
    ['as a length', { PING: `$${password}\r\n` }],
    ['as a number', { PING: `:${password}\r\n` }],
    ['as a text', { PING: bulk(password) }],
    ['unasked', { PING: `+PONG\r\n-ERR ${password}\r\n` }],
  ])('%s', async (_, script) => {
    const result = await runAgainst(script);
    expect(JSON.stringify(result)).not.toContain(password.slice(0, 12));
  });
});
