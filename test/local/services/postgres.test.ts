/** The servers that tests and the embedded stack rely on do what they are asked: seen from outside, with pg. */
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { type Authority, createAuthority } from '../../../local/services/certificates';
import { freePort } from '../../../local/services/free-port';
import { type PostgresServer, startPostgres } from '../../../local/services/postgres';
import { isRunning } from '../../support/running';

jest.setTimeout(120_000);

describe('a PostgreSQL server', () => {
  let authority: Authority;
  let server: PostgresServer;
  beforeAll(async () => {
    authority = await createAuthority();
    server = await startPostgres({ password: 'first', tls: await authority.issue(), settings: { max_connections: '12' } });
  });
  afterAll(() => server.stop());

  const as = (config: ClientConfig = {}): ClientConfig => ({
    host: server.host,
    port: server.port,
    user: server.user,
    database: server.database,
    password: 'first',
    ssl: false,
    connectionTimeoutMillis: 5000,
    ...config,
  });

  test('lets the ordinary user in over TCP, over TLS and over the unix socket', async () => {
    expect(await ask(as(), 'SELECT current_user AS "value"')).toBe('app');
    const ssl = { ca: authority.certificate, servername: 'localhost' };
    expect(await ask(as({ ssl }), 'SELECT ssl AS "value" FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe(true);
    expect(await ask(as({ host: server.socketDirectory }), 'SELECT inet_client_addr() AS "value"')).toBeNull();
  });

  test('lets the superuser in by password, and nobody without', async () => {
    expect(await ask(as({ user: 'postgres' }), 'SHOW is_superuser')).toBe('on');
    await expect(ask(as({ password: 'wrong' }), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(ask(as({ host: server.socketDirectory, password: 'wrong' }), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('applies the settings it was given', async () => {
    expect(await server.query('SHOW max_connections')).toEqual([{ max_connections: '12' }]);
    expect(await server.query('SELECT $1::int + 1 AS value', [1])).toEqual([{ value: 2 }]);
  });

  test('changes passwords', async () => {
    await server.setPassword('app', 'second');
    await server.setPassword('postgres', "it's");
    await expect(ask(as(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await ask(as({ password: 'second' }), 'SELECT 1 AS "value"')).toBe(1);
    expect(await ask(as({ user: 'postgres', password: "it's" }), 'SELECT 1 AS "value"')).toBe(1);
    await server.setPassword('app', 'first');
    await server.setPassword('postgres', 'first');
  });

  test('frozen, it accepts connections and answers nothing, neither new ones nor old', async () => {
    const old = new Client(as());
    await old.connect();
    await server.freeze();
    const answers: string[] = [];
    const late = old.query('SELECT 1').then(() => answers.push('old'));
    const raw = connect(server.port, server.host);
    raw.on('data', () => answers.push('new'));
    await new Promise((resolve) => void raw.once('connect', resolve));
    // The SSLRequest of PostgreSQL's protocol, which any server answers with one byte.
    raw.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    await delay(500);
    expect(answers).toEqual([]);
    server.thaw();
    await late;
    raw.destroy();
    await old.end();
    expect(answers).toContain('old');
    expect(await ask(as(), 'SELECT 1 AS "value"')).toBe(1);
  });

  test('restarts on the same port and data, with other settings', async () => {
    await server.query('CREATE TABLE kept AS SELECT 7 AS value');
    const before = server.pid;
    await server.restart({ settings: { default_transaction_read_only: 'on' } });
    expect(server.pid).not.toBe(before);
    expect(await server.query('SELECT value FROM kept')).toEqual([{ value: 7 }]);
    await expect(server.query('CREATE TABLE refused ()')).rejects.toMatchObject({ code: '25006' });
    await server.restart({ hba: ['hostssl all all all scram-sha-256'] });
    await expect(ask(as(), 'SELECT 1')).rejects.toMatchObject({ code: '28000' });
    await server.restart({ hba: undefined, settings: {} });
    expect(await ask(as(), 'SELECT 1 AS "value"')).toBe(1);
  });
});

describe('PostgreSQL servers', () => {
  test('one that wants client certificates refuses those who have none', async () => {
    const authority = await createAuthority();
    const server = await startPostgres({ password: 'pw', tls: { ...(await authority.issue()), ca: authority.certificate } });
    try {
      const config = { host: server.host, port: server.port, user: server.user, database: server.database, password: 'pw' };
      const ssl = { ca: authority.certificate, servername: 'localhost' };
      await expect(ask({ ...config, ssl }, 'SELECT 1')).rejects.toThrow('certificate');
      const own = await authority.issue({ commonName: 'app', client: true });
      expect(await ask({ ...config, ssl: { ...ssl, ...own } }, 'SELECT 1 AS "value"')).toBe(1);
    } finally {
      await server.stop();
    }
  });

  test('a standby is in recovery and refuses to write', async () => {
    const server = await startPostgres({ password: 'pw', standby: true, user: 'replica user', database: 'orders' });
    try {
      expect(await server.query('SELECT pg_is_in_recovery() AS value')).toEqual([{ value: true }]);
      const config = { host: server.host, port: server.port, user: 'replica user', database: 'orders', password: 'pw', ssl: false };
      expect(await ask(config, 'SELECT current_database() AS "value"')).toBe('orders');
      await expect(server.query('CREATE TABLE refused ()')).rejects.toMatchObject({ code: '25006' });
    } finally {
      await server.stop();
    }
  });

  test('stop leaves neither process nor folder, even when frozen, and may be called again', async () => {
    const server = await startPostgres({ password: 'pw' });
    const { pid, socketDirectory } = server;
    expect(isRunning(pid)).toBe(true);
    await server.freeze();
    await server.stop();
    await server.stop();
    expect(isRunning(pid)).toBe(false);
    await expect(readdir(socketDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('one that cannot start says why, and leaves nothing', async () => {
    await expect(startPostgres({ password: 'pw', settings: { no_such_parameter: '1' } })).rejects.toThrow(
      'unrecognized configuration parameter "no_such_parameter"',
    );
    const first = await startPostgres({ password: 'pw', port: await freePort() });
    try {
      await expect(startPostgres({ password: 'pw', port: first.port })).rejects.toThrow('Address already in use');
    } finally {
      await first.stop();
    }
  });
});

async function ask(config: ClientConfig, sql: string): Promise<unknown> {
  const client = new Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}
