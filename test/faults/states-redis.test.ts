/** The states of a Redis server in the fault matrix. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { kind, probe } from '../../functions/redis';
import { startRedis, type RedisServer } from '../../local/services/redis';
import type { Result } from '../../shared/result';
import { probeOne } from '../support/probing';
import { refusingPort } from '../support/raw-server';
import { testStates, type Way } from './state-trial';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ config: { 'enable-debug-command': 'yes', 'busy-reply-threshold': '50' } });
});
afterAll(() => server.stop());

const run = (more: object): Promise<Result> => probeOne({ kind, probe }, { host: server.host, port: server.port, ...more });

/** Sets a parameter for as long as the probe takes. */
const setting =
  (name: string, value: string, usual: string): Way =>
  async (more) => {
    await server.command('CONFIG', 'SET', name, value);
    const result = await run(more);
    await server.command('CONFIG', 'SET', name, usual);
    return result;
  };

/** Follows a master that is not there. */
async function following(work: () => Promise<Result>): Promise<Result> {
  const nobody = await refusingPort();
  await server.command('REPLICAOF', nobody.host, String(nobody.port));
  const result = await work();
  await nobody.close();
  return result;
}

const lead = (): Promise<unknown> => server.command('REPLICAOF', 'NO', 'ONE');
const master = { expect: { role: 'master' }, roundTrip: false };

testStates('redis', {
  async 'loading its data'(more) {
    await server.command('DEBUG', 'POPULATE', '4000');
    await server.command('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
    await server.command('CONFIG', 'SET', 'key-load-delay', '500');
    const loading = server.command('DEBUG', 'RELOAD');
    await delay(200);
    const result = await run(more);
    await loading;
    await server.command('FLUSHALL');
    return result;
  },
  'all clients taken': setting('maxclients', '1', '100'),
  'out of memory on write': setting('maxmemory', '1', '0'),
  async 'a read-only replica'(more) {
    const result = await following(() => run(more));
    await lead();
    return result;
  },
  async 'a replica that lost its master'(more) {
    const result = await following(() => setting('replica-serve-stale-data', 'no', 'yes')(more));
    await lead();
    return result;
  },
  async 'busy with a script'(more) {
    const busy = Promise.allSettled([server.command('EVAL', 'while true do end', '0')]);
    await delay(200);
    const result = await run(more);
    await once(connect(server.port, server.host).end('SCRIPT KILL\r\n').resume(), 'close');
    await busy;
    return result;
  },
  'too few replicas to write': setting('min-replicas-to-write', '1', '0'),
  async frozen(more) {
    await server.freeze();
    const result = await run(more);
    server.thaw();
    return result;
  },
  async 'writes paused'(more) {
    await server.command('CLIENT', 'PAUSE', '10000', 'WRITE');
    const result = await run(more);
    await server.command('CLIENT', 'UNPAUSE');
    return result;
  },
  'failing over: a replica, a master expected': (more) => following(() => run({ ...master, ...more })),
  async 'failed over: promoted'(more) {
    await lead();
    return run({ ...master, ...more });
  },
  async restarted(more) {
    await server.restart();
    return run(more);
  },
  async 'restarting: not there'(more) {
    await server.stop();
    return run(more);
  },
});
