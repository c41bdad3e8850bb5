/** The tcp kind without a dialogue: whether a port answers, and where it leads. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSecretManagerEmulator } from '../../local/emulators/secret-manager';
import { blackHole } from '../../local/services/black-hole';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { closingServer, endlessServer, garbageServer, refusingPort, resettingServer, silentServer } from '../support/raw-server';
import { probedTcp, tcp } from '../support/tcp-probing';

describe('a port that answers', () => {
  test('is a success as soon as it is connected, whatever the server says then', async () => {
    for (const server of [silentServer, closingServer, garbageServer, endlessServer]) {
      const result = await probedTcp(server());
      expect(result).toMatchObject({ outcome: 'success', reason: null, phase: null, message: 'ok', findings: [] });
      expect(result.observed).toEqual({ 'address.ip': '127.0.0.1' });
      expect(Object.keys(result.phases)).toEqual(['dns', 'connect']);
    }
  });

  test('and resets at once is either', async () => {
    // The reset may come before we know that we are connected.
    const result = await probedTcp(resettingServer());
    expect(result.outcome === 'success' || (result.reason === 'connection_reset' && result.phase === 'connect')).toBe(true);
  });

  test('is found by name', async () => {
    expect(await probedTcp(silentServer(), { host: 'localhost' })).toMatchObject({ outcome: 'success' });
  });

  test('is told apart by how long it took', async () => {
    const server = await silentServer();
    const { host, port } = server;
    const fast = await probeOne(tcp, { host, port, warn: { maxLatency: '10s' } });
    const slow = await probeOne(tcp, { host, port, expect: { maxLatency: '0.001ms' } });
    await server.close();
    expect(fast).toMatchObject({ outcome: 'success' });
    expect(slow).toMatchObject({ outcome: 'failure', reason: 'too_slow', phase: 'connect', owner: 'infrastructure' });
  });
});

describe('a port that does not answer', () => {
  test('refuses', async () => {
    const result = await probedTcp(refusingPort());
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'connect_refused',
      domain: 'network',
      phase: 'connect',
      code: 'ECONNREFUSED',
    });
  });

  test('swallows the connection attempt', async () => {
    const hole = await blackHole();
    const result = await probeOne(tcp, { host: hole.host, port: hole.port, timeout: '400ms', steps: [{ expect: 'a' }] });
    await hole.close();
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_timeout', domain: 'network', phase: 'connect', findings: [] });
    expect(result.durationMs).toBeLessThan(500);
  });

  test('has a name that does not exist', async () => {
    const result = await probeOne(tcp, { host: 'nowhere.invalid', port: 9440 });
    expect(result).toMatchObject({ outcome: 'failure', domain: 'network', phase: 'dns', reason: expect.stringMatching(/^dns_/) });
    expect(Object.keys(result.phases)).toEqual(['dns']);
  });

  test('is tried again', async () => {
    const result = await probedTcp(refusingPort(), { confirm: { attempts: 2, interval: '10ms' } });
    expect(result).toMatchObject({ outcome: 'failure', firstOutcome: 'failure', attempts: 2 });
  });
});

describe('a unix socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpc-synthetics-tcp-'));
  const path = join(folder, 'line.sock');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is dialled by its path, without dns', async () => {
    const leaks = await watchLeaks();
    const server = createServer((socket) => socket.on('error', () => {}).end('hello\n'));
    server.listen(path);
    await once(server, 'listening');
    const result = await probeOne(tcp, { host: path, steps: [{ expect: '^hello$' }] });
    server.close();
    await once(server, 'close');
    await leaks.assertNothingLeft();
    expect(result).toMatchObject({ outcome: 'success', observed: { 'tcp.bytesReceived': 6 } });
    expect(Object.keys(result.phases)).toEqual(['connect', 'exchange']);
  });

  test('that is not there is unreachable', async () => {
    const result = await probeOne(tcp, { host: join(folder, 'none.sock') });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'unreachable', phase: 'connect', code: 'ENOENT' });
  });
});

test('a host in a secret leads there, and what it can not be is our own fault', async () => {
  const server = await silentServer();
  const secrets = await startSecretManagerEmulator();
  const hosted = (value: string, more: object = { port: server.port }, config = {}) => {
    secrets.put('db-host', { versions: [{ value }] });
    return probeOne(tcp, { host: { secret: 'db-host' }, ...more }, { secretManager: secrets.address, config });
  };
  const good = await hosted('127.0.0.1');
  const bad = [
    await hosted('127.0.0.1', {}),
    await hosted(''),
    await hosted('169.254.169.254'),
    await hosted('db.old.example.com', undefined, { forbiddenHosts: ['*.old.example.com'] }),
  ];
  await secrets.close();
  await server.close();
  expect(good).toMatchObject({ outcome: 'success', observed: { 'secret.versions': { 'db-host': '1' } } });
  for (const result of bad) expect(result).toMatchObject({ outcome: 'unknown', reason: 'config_invalid', owner: 'monitor' });
  expect(bad.map(({ message }) => message)).toEqual([
    expect.stringMatching(/there is no port/),
    expect.stringMatching(/there is no host/),
    expect.stringMatching(/link-local/),
    expect.stringMatching(/forbidden host/),
  ]);
});
