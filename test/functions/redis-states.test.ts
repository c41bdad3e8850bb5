/** The redis kind against a real server in each state that makes it fail. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { kind, probe } from '../../functions/redis';
import { startRedis, type RedisServer } from '../../local/services/redis';
import type { Result } from '../../shared/result';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { refusingPort } from '../support/raw-server';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ config: { 'enable-debug-command': 'yes', 'enable-protected-configs': 'yes', 'busy-reply-threshold': '50' } });
});
afterAll(() => server.stop());

const run = (more: Readonly<Record<string, unknown>> = {}): Promise<Result> =>
  probeOne({ kind, probe }, { host: server.host, port: server.port, ...more });
const set = (name: string, value: string): Promise<unknown> => server.command('CONFIG', 'SET', name, value);
const failure = { outcome: 'failure', phase: 'command', owner: 'infrastructure' };

test('a replica takes no writes', async () => {
  await server.command('REPLICAOF', '127.0.0.1', '1');
  expect(await run()).toMatchObject({ ...failure, reason: 'read_only', domain: 'state', code: 'READONLY' });
  const replica = await run({ roundTrip: false, expect: { role: 'master' } });
  expect(replica).toMatchObject({ ...failure, reason: 'not_primary', observed: { 'redis.role': 'slave', 'redis.masterLink': 'down' } });
  expect(await run({ roundTrip: false, expect: { role: 'slave' } })).toMatchObject({ outcome: 'success' });
});

test('a replica that lost its master, and is told not to answer from memory', async () => {
  const nobody = await refusingPort();
  await server.command('REPLICAOF', nobody.host, String(nobody.port));
  await set('replica-serve-stale-data', 'no');
  expect(await run()).toMatchObject({ ...failure, reason: 'replication_lagging', domain: 'state', code: 'MASTERDOWN' });
  await set('replica-serve-stale-data', 'yes');
  await server.command('REPLICAOF', 'NO', 'ONE');
  await nobody.close();
  expect(await run()).toMatchObject({ outcome: 'success' });
});

test('too few replicas to write', async () => {
  await set('min-replicas-to-write', '1');
  expect(await run()).toMatchObject({ ...failure, reason: 'read_only', code: 'NOREPLICAS', hint: expect.stringContaining('replicas') });
  await set('min-replicas-to-write', '0');
});

test('memory is used up: the facts show it all the same', async () => {
  await set('maxmemory', '1');
  expect(await run()).toMatchObject({
    ...failure,
    reason: 'out_of_memory',
    domain: 'capacity',
    code: 'OOM',
    observed: { 'redis.maxMemoryBytes': 1 },
  });
  await set('maxmemory', '0');
});

test('its data can not be saved', async () => {
  const [, folder] = (await server.command('CONFIG', 'GET', 'dir')) as [string, string];
  await set('save', '3600 1');
  await set('dir', '/proc/self/task');
  await server.command('BGSAVE');
  const info = (): Promise<string> => server.command('INFO', 'persistence') as Promise<string>;
  while (!(await info()).includes('rdb_last_bgsave_status:err')) await delay(20);
  expect(await run()).toMatchObject({ ...failure, reason: 'read_only', code: 'MISCONF', hint: expect.stringContaining('disk') });
  await set('save', '');
  await set('dir', folder);
});

test('all connections are taken: told, not taken for a reset', async () => {
  await set('maxclients', '1');
  const expected = {
    outcome: 'failure',
    reason: 'too_many_connections',
    domain: 'capacity',
    code: 'ERR',
    message: expect.stringContaining('max number of clients'),
  };
  for (let round = 0; round < 20; round += 1) {
    expect(await run()).toMatchObject({ ...expected, phase: 'command' });
    expect(await run({ password: 'x' })).toMatchObject({ ...expected, phase: 'auth' });
  }
  await set('maxclients', '100');
});

test('a password that the server does not ask for', async () => {
  const expected = {
    outcome: 'failure',
    reason: 'credentials_rejected',
    owner: 'operator',
    phase: 'auth',
    hint: expect.stringContaining('no password'),
  };
  expect(await run({ password: 'x' })).toMatchObject(expected);
});

test('a script that does not end', async () => {
  const busy = Promise.allSettled([server.command('EVAL', 'while true do end', '0')]);
  await delay(200);
  expect(await run()).toMatchObject({ ...failure, reason: 'overloaded', domain: 'capacity', code: 'BUSY' });
  const killer = connect(server.port, server.host).end('SCRIPT KILL\r\n').resume();
  await once(killer, 'close');
  expect(await busy).toMatchObject([{ status: 'rejected' }]);
});

test('it is loading its data', async () => {
  await server.command('DEBUG', 'POPULATE', '2000');
  await set('loading-process-events-interval-bytes', '1024');
  await set('key-load-delay', '500');
  const loading = server.command('DEBUG', 'RELOAD');
  await delay(100);
  expect(await run()).toMatchObject({ ...failure, reason: 'starting_up', domain: 'state', code: 'LOADING' });
  await loading;
  await server.command('FLUSHALL');
});

test('frozen: costs at most its timeout, in whatever phase, and leaves nothing open', async () => {
  await server.freeze();
  const leaks = await watchLeaks();
  for (const [more, phase] of [
    [{}, 'command'],
    [{ password: 'x' }, 'auth'],
    [{ database: 3 }, 'auth'],
    [{ tls: {} }, 'tls'],
  ] as const) {
    const result = await run({ ...more, timeout: '300ms' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', domain: 'service', owner: 'infrastructure', phase });
    expect(result.durationMs).toBeLessThan(400);
  }
  await leaks.assertNothingLeft();
  server.thaw();
  expect(await run()).toMatchObject({ outcome: 'success' });
});

test('frozen in the middle of it', async () => {
  const thawed = await run();
  expect(thawed).toMatchObject({ outcome: 'success' });
  await server.command('CLIENT', 'PAUSE', '700', 'WRITE');
  const result = await run({ timeout: '300ms' });
  expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'command', observed: { 'redis.role': 'master' } });
  await server.command('CLIENT', 'UNPAUSE');
});

test('a node of a cluster that does not serve all slots', async () => {
  await server.restart({ config: { 'cluster-enabled': 'yes' } });
  await server.command('FLUSHALL');
  await server.command('CLUSTER', 'FLUSHSLOTS');
  const result = await run();
  expect(result).toMatchObject({ ...failure, reason: 'not_primary', domain: 'state', code: 'CLUSTERDOWN' });
  expect(result.observed).toMatchObject({ 'redis.mode': 'cluster' });
  expect(await run({ database: 1 })).toMatchObject({ reason: 'database_missing', phase: 'auth' });
  await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const end = performance.now() + 15_000;
  let last = await run();
  while (last.outcome !== 'success' && performance.now() < end) {
    await delay(100);
    last = await run();
  }
  expect(last).toMatchObject({ outcome: 'success' });
});
