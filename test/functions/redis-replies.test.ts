/** The redis kind against servers that say what no real one can be brought to say, or break off in the middle. */
import type { Socket } from 'node:net';
import { kind, probe } from '../../functions/redis';
import type { Result } from '../../shared/result';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { closingServer, echoServer, endlessServer, garbageServer, resettingServer, serveRaw, silentServer } from '../support/raw-server';
import { bulk, scriptedRedis, type Answer, type ScriptedRedis } from '../support/scripted-redis';

type Script = Readonly<Record<string, Answer>>;
const password = 'scripted-secret-4711';

async function runAgainst(
  start: () => Promise<{ readonly host: string; readonly port: number; close(): Promise<void> }>,
  target: Readonly<Record<string, unknown>> = {},
): Promise<Result> {
  const leaks = await watchLeaks();
  const server = await start();
  try {
    return await probeOne({ kind, probe }, { host: server.host, port: server.port, password, database: 1, timeout: '500ms', ...target });
  } finally {
    await server.close();
    await leaks.assertNothingLeft();
  }
}

async function runScript(script: Script, target?: Readonly<Record<string, unknown>>): Promise<{ result: Result; server: ScriptedRedis }> {
  const servers: ScriptedRedis[] = [];
  const result = await runAgainst(async () => {
    const server = await scriptedRedis(script);
    servers.push(server);
    return server;
  }, target);
  const [server] = servers;
  if (!server) throw new Error('the server was not started');
  return { result, server };
}

test('an old server that tells little passes, and shows the little', async () => {
  const { result, server } = await runScript({});
  expect(result).toMatchObject({ outcome: 'success' });
  expect(result.observed).toEqual({
    'address.ip': '127.0.0.1',
    'redis.product': 'redis',
    'redis.version': '5.0.14',
    'redis.role': 'master',
    'redis.usedMemoryBytes': 250,
    'redis.maxMemoryBytes': 1000,
    'redis.memoryUtilization': 0.25,
    'redis.connectedClients': 3,
  });
  expect(server.commands.map(([name]) => name)).toEqual(['AUTH', 'SELECT', 'PING', 'INFO', 'SET', 'GET', 'DEL']);
  expect(server.commands[4]).toEqual(['SET', 'vpc-synthetics:test-run:target', expect.stringMatching(/^[0-9a-f-]{36}$/), 'PX', '60000']);
});

test('Valkey shows its own name and version', async () => {
  const { result } = await runScript({
    INFO: bulk('redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\nrole:master\r\n'),
  });
  expect(result.observed).toMatchObject({ 'redis.product': 'valkey', 'redis.version': '8.1.0' });
});

describe('error replies are told with their reason and code', () => {
  const cases: [command: string, reply: string, reason: string, phase?: string][] = [
    ['AUTH', 'ERR invalid password', 'credentials_rejected', 'auth'],
    ['AUTH', 'ERR Client sent AUTH, but no password is set', 'credentials_rejected', 'auth'],
    ['AUTH', "ERR wrong number of arguments for 'auth' command", 'credentials_rejected', 'auth'],
    ['AUTH', 'WRONGPASS invalid username-password pair', 'credentials_rejected', 'auth'],
    ['SELECT', 'NOAUTH Authentication required.', 'credentials_rejected', 'auth'],
    ['SELECT', 'ERR DB index is out of range', 'database_missing', 'auth'],
    ['SELECT', 'ERR invalid DB index', 'database_missing', 'auth'],
    ['SELECT', 'ERR SELECT is not allowed in cluster mode', 'database_missing', 'auth'],
    ['PING', 'ERR operation not permitted', 'credentials_rejected'],
    ['PING', 'LOADING Redis is loading the dataset in memory', 'starting_up'],
    ['PING', "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'replication_lagging'],
    ['PING', 'BUSY Redis is busy running a script.', 'overloaded'],
    ['PING', 'DENIED Redis is running in protected mode', 'permission_denied'],
    ['PING', 'ERR max number of clients + cluster connections reached', 'too_many_connections'],
    ['PING', 'ERR something that nobody has heard of', 'protocol_error'],
    ['INFO', 'LOADING Redis is loading the dataset in memory', 'starting_up'],
    ['SET', "NOPERM this user has no permissions to run the 'set' command", 'permission_denied'],
    ['SET', "READONLY You can't write against a read only replica.", 'read_only'],
    ['SET', 'MISCONF Redis is configured to save RDB snapshots', 'read_only'],
    ['SET', 'NOREPLICAS Not enough good replicas to write.', 'read_only'],
    ['SET', "OOM command not allowed when used memory > 'maxmemory'.", 'out_of_memory'],
    ['SET', 'MOVED 3999 127.0.0.1:6381', 'not_primary'],
    ['SET', 'ASK 3999 127.0.0.1:6381', 'not_primary'],
    ['SET', 'TRYAGAIN Multiple keys request during rehashing of slot', 'not_primary'],
    ['SET', 'CLUSTERDOWN Hash slot not served', 'not_primary'],
    ['SET', 'UNBLOCKED force unblock from blocking operation', 'not_primary'],
    ['DEL', "NOPERM this user has no permissions to run the 'del' command", 'permission_denied'],
  ];
  test.each(cases)('%s: %s', async (command, reply, reason, phase = 'command') => {
    const { result } = await runScript({ [command]: `-${reply}\r\n` });
    expect(result).toMatchObject({ outcome: 'failure', reason, phase, code: reply.split(' ')[0], message: reply });
  });
});

describe('a round trip', () => {
  test.each([
    ['another value', bulk('something else')],
    ['nothing', '$-1\r\n'],
    ['a number', ':1\r\n'],
  ])('that reads back %s fails, and deletes the key all the same', async (_, reply) => {
    const { result, server } = await runScript({ GET: reply });
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'assertion_failed',
      owner: 'application',
      domain: 'service',
      phase: 'command',
    });
    expect(server.commands.at(-1)).toEqual(['DEL', 'vpc-synthetics:test-run:target']);
  });

  test('that may not read deletes the key all the same', async () => {
    const { result, server } = await runScript({ GET: '-NOPERM no\r\n', DEL: '-READONLY no\r\n' });
    expect(result).toMatchObject({ reason: 'permission_denied', code: 'NOPERM' });
    expect(server.commands.at(-1)?.[0]).toBe('DEL');
  });
});

describe('what is no answer is a protocol error', () => {
  test.each<[string, Script]>([
    ['another answer to PING', { PING: '+HELLO\r\n' }],
    ['no text as INFO', { INFO: ':5\r\n' }],
    ['a reply of no known type', { PING: 'HTTP/1.1 400 Bad Request\r\n\r\n' }],
    ['two answers, the second empty', { PING: '+PONG\r\n$-1\r\n', INFO: () => undefined }],
    ['two answers to the login', { AUTH: '+OK\r\n+OK\r\n_\r\n$-1\r\n', SELECT: () => undefined }],
    ['an INFO without an end', { INFO: (socket) => endless(socket, `$99999999\r\n${'x'.repeat(65_536)}`) }],
  ])('%s', async (_, script) => {
    const { result } = await runScript(script, { timeout: '3s' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', domain: 'service', owner: 'infrastructure' });
    expect(result.message).not.toContain('report');
  });

  test.each([
    ['garbage', () => garbageServer()],
    ['an endless line', () => endlessServer()],
    ['an endless text', () => endlessServer({ chunk: `+${'x'.repeat(65_536)}` })],
    ['what we said ourselves', () => echoServer()],
    ['a greeting', () => scriptedRedis({ AUTH: () => undefined }, { hello: '+OK welcome\r\n$-1\r\n' })],
  ])('%s', async (_, start) => {
    const result = await runAgainst(start, { timeout: '3s' });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', phase: 'auth' });
  });
});

/** Says it again and again, for as long as it is heard. */
function endless(socket: Socket, text: string): void {
  if (socket.writable && socket.write(text)) setImmediate(endless, socket, text);
  else if (socket.writable) socket.once('drain', () => endless(socket, text));
}

describe('a server that goes away', () => {
  test.each([
    ['closes at once', () => closingServer()],
    ['resets at once', () => resettingServer()],
    ['resets once we have spoken', () => resettingServer({ afterData: true })],
  ])('%s', async (_, start) => {
    const expected = { outcome: 'failure', reason: 'connection_reset', domain: 'network', owner: 'infrastructure' };
    for (const target of [{}, { password: undefined, database: undefined }]) {
      const result = await runAgainst(start, target);
      expect(result).toMatchObject(expected);
      // A reset may come before we know that we are connected; without a login the first command is PING.
      expect(['connect', 'auth', 'command']).toContain(result.phase);
    }
  });

  test.each(['AUTH', 'SELECT', 'PING', 'INFO', 'SET', 'GET', 'DEL'])('at %s', async (command) => {
    const phase = command === 'AUTH' || command === 'SELECT' ? 'auth' : 'command';
    const expected = { outcome: 'failure', reason: 'connection_reset', phase };
    expect((await runScript({ [command]: (socket) => void socket.end() })).result).toMatchObject(expected);
    expect((await runScript({ [command]: (socket) => void socket.end('+O') })).result).toMatchObject(expected);
    expect((await runScript({ [command]: (socket) => void socket.resetAndDestroy() })).result).toMatchObject(expected);
  });

  test('with a word is told by its word', async () => {
    const farewell = () => serveRaw((socket) => void socket.resume().end('-ERR max number of clients reached\r\n'));
    expect(await runAgainst(farewell)).toMatchObject({ reason: 'too_many_connections', phase: 'auth', code: 'ERR' });
  });
});

describe('a server that falls silent costs its timeout', () => {
  test.each(['AUTH', 'SELECT', 'PING', 'INFO', 'SET', 'GET', 'DEL'])('at %s', async (command) => {
    const { result } = await runScript({ [command]: () => undefined });
    const phase = command === 'AUTH' || command === 'SELECT' ? 'auth' : 'command';
    expect(result).toMatchObject({ outcome: 'failure', reason: 'timeout', domain: 'service', owner: 'infrastructure', phase });
    expect(result.durationMs).toBeLessThan(600);
  });

  test('from the beginning', async () => {
    expect(await runAgainst(() => silentServer())).toMatchObject({ reason: 'timeout', phase: 'auth' });
  });
});

test('what a server repeats of a login is not repeated', async () => {
  const { result } = await runScript({ AUTH: `-ERR unknown command 'AUTH', with args beginning with: '${password}' \r\n` });
  expect(result).toMatchObject({ outcome: 'failure', reason: 'permission_denied', message: "ERR unknown command 'AUTH'" });
  expect(JSON.stringify(result)).not.toContain(password);
});
