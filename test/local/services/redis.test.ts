/** The servers that tests and the embedded stack rely on do what they are asked: seen from outside, over their own protocol. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { createAuthority } from '../../../local/services/certificates';
import { freePort } from '../../../local/services/free-port';
import { type RedisServer, startRedis } from '../../../local/services/redis';
import { isRunning } from '../../support/running';

describe('a Redis server', () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis({ password: 'pass "word"', users: ['probe on >secret ~* +ping'] });
  });
  afterEach(() => server.stop());

  test('asks for the password', async () => {
    expect(await say(server, 'PING')).toMatch(/^-NOAUTH/);
    expect(await say(server, 'AUTH wrong')).toMatch(/^-WRONGPASS/);
    expect(await say(server, 'AUTH "pass \\"word\\""', 'PING')).toBe('+OK\r\n+PONG\r\n');
  });

  test('holds users to their rules', async () => {
    expect(await say(server, 'AUTH probe secret', 'PING', 'GET x')).toMatch(/^\+OK\r\n\+PONG\r\n-NOPERM/);
  });

  test('runs commands with all rights', async () => {
    expect(await server.command('CONFIG', 'SET', 'maxclients', '2')).toBe('OK');
    expect(await server.command('CONFIG', 'GET', 'maxclients')).toEqual(['maxclients', '2']);
    await expect(server.command('NONSENSE')).rejects.toThrow('unknown command');
  });

  test('can be out of connections and still be steered', async () => {
    await server.command('CONFIG', 'SET', 'maxclients', '1');
    // Whoever speaks first may have the answer swept away by a reset: the server closes with words unread.
    expect(await say(server)).toMatch(/^-ERR max number of clients reached/);
    await server.command('CONFIG', 'SET', 'maxclients', '100');
    expect(await say(server, 'PING')).toMatch(/^-NOAUTH/);
  });

  test('frozen, it accepts connections and answers nothing', async () => {
    await server.freeze();
    const socket = connect(server.port, server.host);
    await once(socket, 'connect');
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
    socket.write('PING\r\n');
    await delay(300);
    expect(answer).toBe('');
    await expect(server.command('PING')).rejects.toThrow('frozen');
    server.thaw();
    await once(socket, 'data');
    expect(answer).toMatch(/^-NOAUTH/);
    socket.destroy();
    expect(await server.command('PING')).toBe('PONG');
  });

  test('restarts on the same port with other settings', async () => {
    const { pid, port } = server;
    await server.restart({ password: undefined, config: { maxmemory: '5mb' } });
    expect(server.pid).not.toBe(pid);
    expect(server.port).toBe(port);
    expect(await say(server, 'PING')).toBe('+PONG\r\n');
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '5242880']);
  });
});

describe('Redis servers', () => {
  test('one with TLS shows its certificate, and wants one of the client when told so', async () => {
    const authority = await createAuthority();
    const pair = await authority.issue();
    const server = await startRedis({ tls: pair });
    try {
      const open = { host: server.host, port: server.port, ca: authority.certificate, servername: 'localhost' };
      expect(await converse(connectTls(open), ['PING'])).toBe('+PONG\r\n');
      await server.restart({ tls: { ...pair, ca: authority.certificate } });
      await expect(converse(connectTls(open), ['PING'])).rejects.toThrow('certificate required');
      expect(await converse(connectTls({ ...open, ...(await authority.issue({ client: true })) }), ['PING'])).toBe('+PONG\r\n');
      expect(await server.command('PING')).toBe('PONG');
    } finally {
      await server.stop();
    }
  });

  test('one that cannot start says why', async () => {
    await expect(startRedis({ config: { nonsense: '1' } })).rejects.toThrow("'nonsense 1'");
    const port = await freePort();
    const first = await startRedis({ port });
    try {
      await expect(startRedis({ port })).rejects.toThrow('Address already in use');
    } finally {
      await first.stop();
    }
  });

  test('stop ends the process, even when frozen, and may be called again', async () => {
    const server = await startRedis();
    await server.freeze();
    await server.stop();
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
  });
});

async function say({ host, port }: RedisServer, ...commands: readonly string[]): Promise<string> {
  return converse(connect(port, host), commands);
}

/** Redis takes commands as plain lines too (https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands). */
async function converse(socket: Socket, commands: readonly string[]): Promise<string> {
  let answer = '';
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
  if (commands.length > 0) socket.write(`${commands.join('\r\n')}\r\nQUIT\r\n`);
  await once(socket, 'close');
  return answer.replace(/\+OK\r\n$/, '');
}
