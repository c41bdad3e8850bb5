/** The redis kind against a real server: what it takes to pass, who is let in, and what conditions say. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { kind, probe } from '../../functions/redis';
import { temporaryFolder } from '../../local/services/temporary-folder';
import { startRedis, type RedisServer } from '../../local/services/redis';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { refusingPort } from '../support/raw-server';

const redis = { kind, probe };
const password = 'pa/ss @word';
let server: RedisServer;
let plain: { host: string; port: number };
let target: { host: string; port: number; password: string };
beforeAll(async () => {
  server = await startRedis({
    password,
    users: [
      'reader on >reader-secret ~* +@all -set',
      'narrow on >narrow-secret ~vpc-synthetics:* +ping +info +set +get +del',
      'blind on >blind-secret ~* +@all -info',
      'bare on >bare-secret ~* +ping',
      'open on nopass ~* +@all',
    ],
    config: { maxmemory: '64mb' },
  });
  plain = { host: server.host, port: server.port };
  target = { ...plain, password };
});
afterAll(() => server.stop());

const urlOf = (userinfo: string, rest = ''): string => `redis://${userinfo}@${server.host}:${server.port}${rest}`;

describe('a server that lets us in', () => {
  test('passes, and shows what it says of itself', async () => {
    const leaks = await watchLeaks();
    const result = await probeOne(redis, target);
    expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null, message: 'ok', warnings: [], findings: [] });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'auth', 'command']);
    expect(result.observed).toMatchObject({
      'address.ip': '127.0.0.1',
      'redis.product': 'redis',
      'redis.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'redis.mode': 'standalone',
      'redis.role': 'master',
      'redis.maxMemoryBytes': 67_108_864,
      'redis.connectedClients': 2,
      'redis.maxClients': 10_000,
      'redis.clientUtilization': 0.0002,
      'redis.evictedKeys': 0,
    });
    const { 'redis.usedMemoryBytes': used, 'redis.memoryUtilization': share } = result.observed;
    expect(share).toBe(Math.round((Number(used) / 67_108_864) * 10_000) / 10_000);
    await leaks.assertNothingLeft();
  });

  test('is left as it was: no key, no client, and the key that was there for a moment would have ended by itself', async () => {
    await server.command('CONFIG', 'RESETSTAT');
    await probeOne(redis, { ...target, database: 3 });
    expect(await server.command('DBSIZE')).toBe(0);
    expect(await server.command('INFO', 'keyspace')).not.toContain('db3');
    expect(await server.command('INFO', 'commandstats')).toMatch(
      /cmdstat_set:calls=1[^]*cmdstat_del:calls=1|cmdstat_del:calls=1[^]*cmdstat_set:calls=1/,
    );
    expect(
      String(await server.command('CLIENT', 'LIST'))
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });

  test('is not written to without the round trip', async () => {
    await server.command('CONFIG', 'RESETSTAT');
    expect(await probeOne(redis, { ...target, roundTrip: false })).toMatchObject({ outcome: 'success' });
    expect(await server.command('INFO', 'commandstats')).not.toContain('cmdstat_set');
  });

  test('reads its memory against that of the machine where it has no limit', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    const { observed } = await probeOne(redis, target);
    await server.command('CONFIG', 'SET', 'maxmemory', '64mb');
    expect(observed).toMatchObject({ 'redis.maxMemoryBytes': 0 });
    expect(observed['redis.memoryUtilization']).toBeLessThan(0.01);
  });

  test.each([
    ['with a password alone', () => urlOf(`:${encodeURIComponent(password)}`)],
    ['with a user of its own', () => urlOf('narrow:narrow-secret')],
    ['with a user who needs no password', () => urlOf('open')],
    ['with a database', () => urlOf('open', '/15')],
    [
      'with a database and a password in the query',
      () => `redis://${plain.host}:${plain.port}?db=2&password=${encodeURIComponent(password)}`,
    ],
  ])('is reached by a URL %s', async (_, url) => {
    expect(await probeOne(redis, { url: url() })).toMatchObject({ outcome: 'success' });
  });

  test('is reached over a unix socket', async () => {
    const folder = await temporaryFolder('vpc-synthetics-test-');
    const path = join(folder, 'redis.sock');
    const proxy = createServer((socket) => {
      const upstream = connect(server.port, server.host);
      socket.pipe(upstream).pipe(socket);
      socket.on('error', () => upstream.destroy());
    });
    proxy.listen(path);
    await once(proxy, 'listening');
    const results = [
      await probeOne(redis, { host: path, password }),
      await probeOne(redis, { url: `redis://open@${encodeURIComponent(path)}/1` }),
    ];
    for (const result of results) {
      expect(result).toMatchObject({ outcome: 'success' });
      expect(Object.keys(result.phases)).toEqual(['connect', 'auth', 'command']);
    }
    proxy.close();
    expect(await probeOne(redis, { host: `${path}-none` })).toMatchObject({ reason: 'unreachable', code: 'ENOENT', phase: 'connect' });
  });
});

describe('a server that refuses', () => {
  const rejected = { outcome: 'failure', reason: 'credentials_rejected', domain: 'credentials', owner: 'operator' };

  test.each([
    ['a wrong password', { password: 'wrong' }, { code: 'WRONGPASS', phase: 'auth' }],
    ['a wrong password of a user', { username: 'narrow', password: 'wrong' }, { code: 'WRONGPASS', phase: 'auth' }],
    ['an unknown user', { username: 'nobody', password }, { code: 'WRONGPASS', phase: 'auth' }],
    ['whoever brings no password', {}, { code: 'NOAUTH', phase: 'command' }],
  ])('%s rejects the credentials', async (_, login, expected) => {
    const result = await probeOne(redis, { ...plain, ...login });
    expect(result).toMatchObject({ ...rejected, ...expected });
    expect(JSON.stringify(result)).not.toContain(password);
  });

  test('lacks a permission: told with the command', async () => {
    const denied = {
      outcome: 'failure',
      reason: 'permission_denied',
      domain: 'credentials',
      owner: 'operator',
      code: 'NOPERM',
      phase: 'command',
    };
    const result = await probeOne(redis, { ...plain, username: 'reader', password: 'reader-secret' });
    expect(result).toMatchObject({ ...denied, message: expect.stringContaining("'set'") });
    expect(result.observed).toMatchObject({ 'redis.role': 'master' });
    expect(await probeOne(redis, { ...plain, username: 'bare', password: 'bare-secret' })).toMatchObject(denied);
  });

  test('shows nothing of itself to a user without INFO: it works, but no condition on it is met', async () => {
    const blind = { ...plain, username: 'blind', password: 'blind-secret' };
    const result = await probeOne(redis, blind);
    expect(result).toMatchObject({ outcome: 'degraded', reason: 'permission_denied', message: expect.stringContaining("'info'") });
    expect(await probeOne(redis, { ...blind, expect: { role: 'master' } })).toMatchObject({ outcome: 'failure', reason: 'not_primary' });
  });

  test('a database out of its range', async () => {
    const result = await probeOne(redis, { ...target, database: 16 });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'database_missing', domain: 'state', phase: 'auth', code: 'ERR' });
  });

  test('a connection', async () => {
    const refusing = await refusingPort();
    const result = await probeOne(redis, { host: refusing.host, port: refusing.port });
    await refusing.close();
    expect(result).toMatchObject({ reason: 'connect_refused', phase: 'connect', domain: 'network', owner: 'infrastructure' });
  });

  test('a name that does not exist', async () => {
    expect(await probeOne(redis, { host: 'redis.invalid' })).toMatchObject({ phase: 'dns', domain: 'network', outcome: 'failure' });
  });
});

describe('conditions', () => {
  test.each([
    ['role', { role: 'slave' }, 'not_primary'],
    ['memoryUtilizationBelow', { memoryUtilizationBelow: 0.001 }, 'out_of_memory'],
    ['clientUtilizationBelow', { clientUtilizationBelow: 0.0001 }, 'too_many_connections'],
    ['maxLatency', { maxLatency: '0.001ms' }, 'too_slow'],
  ])('%s fails in expect, degrades in warn', async (subject, unmet, reason) => {
    expect(await probeOne(redis, { ...target, expect: unmet })).toMatchObject({ outcome: 'failure', reason, phase: 'command' });
    expect(await probeOne(redis, { ...target, warn: unmet })).toMatchObject({ outcome: 'degraded', reason, warnings: [{ subject }] });
  });

  test('met leave it at success', async () => {
    const met = { role: 'master', memoryUtilizationBelow: 0.9, clientUtilizationBelow: 0.9 };
    expect(await probeOne(redis, { ...target, expect: met, warn: met })).toMatchObject({ outcome: 'success' });
  });
});
