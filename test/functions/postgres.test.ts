/** The postgres kind against a real server that is well. */
import { kind, probe } from '../../functions/postgres';
import { createAuthority, type Authority } from '../../local/services/certificates';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';
import { Client } from 'pg';

const postgres = { kind, probe };
const password = 'p%ss wörd/@:?#${x}';

jest.setTimeout(60_000);

describe('a PostgreSQL server', () => {
  let authority: Authority;
  let server: PostgresServer;
  beforeAll(async () => {
    authority = await createAuthority();
    server = await startPostgres({
      password,
      tls: await authority.issue(),
      settings: { max_connections: '25', superuser_reserved_connections: '2', reserved_connections: '3' },
      hba: [
        'host all md5_user all md5',
        'host all clear_user all password',
        'local all all scram-sha-256',
        'host all all all scram-sha-256',
      ],
    });
    await server.query("DO $$ BEGIN SET LOCAL password_encryption = 'md5'; CREATE ROLE md5_user LOGIN PASSWORD 'md5-password'; END $$");
    await server.query("CREATE ROLE clear_user LOGIN PASSWORD 'clear-password'");
  });
  afterAll(() => server.stop());

  const target = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    host: server.host,
    port: server.port,
    user: server.user,
    database: server.database,
    password: password.replace('${', () => '$${'),
    tls: { ca: authority.certificate },
    ...more,
  });
  const url = (rest: string, scheme = 'postgresql'): string => `${scheme}://app:${encodeURIComponent(password)}@${rest}`;

  test('passes over TLS, phase by phase, with all that an ordinary user can see, and leaves nothing open', async () => {
    const leaks = await watchLeaks();
    const result = await probeOne(postgres, target());
    expect(result).toMatchObject({ outcome: 'success', message: 'ok', phase: null, code: null });
    expect(Object.keys(result.phases)).toEqual(['dns', 'connect', 'tls', 'auth', 'query']);
    expect(result.observed).toEqual({
      'address.ip': '127.0.0.1',
      'tls.protocol': 'TLSv1.3',
      'tls.daysUntilExpiry': expect.closeTo(365, 0) as number,
      'tls.subject': 'CN=localhost',
      'tls.issuer': 'CN=Test Authority',
      'postgres.version': expect.stringMatching(/^\d+\.\d+$/) as string,
      'postgres.role': 'primary',
      'postgres.writable': true,
      'postgres.connectionUtilization': 1 / 20,
    });
    await leaks.assertNothingLeft();
  });

  test('counts the connections of everybody against what ordinary users may have', async () => {
    const others = await Promise.all(
      [0, 1, 2].map(async () => {
        const { host, port } = server;
        const client = new Client({ host, port, user: 'postgres', database: 'postgres', password, ssl: false });
        await client.connect();
        return client;
      }),
    );
    const { observed } = await probeOne(postgres, target());
    await Promise.all(others.map((client) => client.end()));
    expect(observed['postgres.connectionUtilization']).toBe(4 / 20);
  });

  test('sees the oldest transaction once the role allows it, and says which role otherwise', async () => {
    const { host, port } = server;
    const other = new Client({ host, port, user: 'postgres', database: 'postgres', password, ssl: false });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT pg_sleep(0.3)');
    const expectation = { expect: { oldestTransactionBelow: '200ms' } };
    const blind = await probeOne(postgres, target(expectation));
    await server.query('GRANT pg_monitor TO app');
    const seeing = await probeOne(postgres, target(expectation));
    await other.query('ROLLBACK');
    await other.end();
    const later = await probeOne(postgres, target(expectation));
    await server.query('REVOKE pg_monitor FROM app');
    expect(blind).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', owner: 'application' });
    expect(blind.message).toContain('grant pg_read_all_stats');
    expect(seeing).toMatchObject({ outcome: 'failure', reason: 'assertion_failed' });
    expect(seeing.observed['postgres.oldestTransaction']).toBeGreaterThanOrEqual(0.3);
    expect(later).toMatchObject({ outcome: 'success', observed: { 'postgres.oldestTransaction': 0 } });
  });

  test.each([
    ['SELECT 1', 1, '1'],
    ['SELECT 1.50::numeric', 1, '1.50'],
    ['SELECT true', 1, 't'],
    ["SELECT '2020-02-03'::date, 7", 1, '2020-02-03'],
    ["SELECT '\\x00ff'::bytea", 1, '\\x00ff'],
    ['SELECT ARRAY[1,2]', 1, '{1,2}'],
    ['SELECT generate_series(7, 9)', 3, '7'],
    ['SHOW server_encoding', 1, 'UTF8'],
  ])('%s gives %d rows and the value %s, as PostgreSQL writes it', async (query, rows, value) => {
    expect(await probeOne(postgres, target({ query, expect: { rows, value } }))).toMatchObject({ outcome: 'success', message: 'ok' });
  });

  test.each([['SELECT NULL'], ['SELECT 1 WHERE false'], ['-- nothing']])('%s has no value', async (query) => {
    const result = await probeOne(postgres, target({ query, expect: { value: 'x' } }));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'assertion_failed', phase: 'query' });
    expect(result.message).toContain('value is null');
  });

  test('over a unix socket there is neither dns nor tls', async () => {
    const { socketDirectory, port } = server;
    const host = encodeURIComponent(socketDirectory);
    const targets = [
      target({ host: socketDirectory, tls: undefined }),
      target({ host: `${socketDirectory}/.s.PGSQL.${port}`, port: undefined, tls: undefined }),
      { url: url(`/app?host=${socketDirectory}&port=${port}`, 'postgresql+asyncpg') },
      { url: url(`/app?host=${socketDirectory}/.s.PGSQL.${port}`) },
      { url: url(`${host}:${port}/app`, 'postgres') },
    ];
    for (const each of targets) {
      const result = await probeOne(postgres, each);
      expect(result).toMatchObject({ outcome: 'success' });
      expect(Object.keys(result.phases)).toEqual(['connect', 'auth', 'query']);
    }
  });

  test.each([['postgres'], ['postgresql'], ['postgresql+asyncpg']])('takes a %s URL with its sslmode', async (scheme) => {
    const { host, port } = server;
    const plain = await probeOne(postgres, { url: url(`${host}:${port}/app?sslmode=disable`, scheme) });
    const encrypted = await probeOne(postgres, { url: url(`${host}:${port}/app?sslmode=require`, scheme) });
    const verified = await probeOne(postgres, { url: url(`${host}:${port}/app`, scheme) });
    expect([plain.outcome, encrypted.outcome, verified.reason]).toEqual(['success', 'success', 'certificate_untrusted']);
    expect(plain.phases.tls).toBeUndefined();
    expect(encrypted.observed).toMatchObject({ 'tls.protocol': 'TLSv1.3' });
  });

  test.each([
    ['md5_user', 'md5-password'],
    ['clear_user', 'clear-password'],
  ])('logs in as %s by the older methods', async (user, secret) => {
    expect(await probeOne(postgres, target({ user, password: secret }))).toMatchObject({ outcome: 'success' });
    const wrong = await probeOne(postgres, target({ user, password: 'wrong-password' }));
    expect(wrong).toMatchObject({ outcome: 'failure', reason: 'credentials_rejected', phase: 'auth', code: '28P01', owner: 'operator' });
  });

  test('heeds no variable of the environment that is meant for PostgreSQL clients', async () => {
    const variables = {
      PGHOST: '192.0.2.1',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGDATABASE: 'nowhere',
      PGPASSWORD: 'p-of-env',
      PGSSLMODE: 'verify-full',
      PGSSLNEGOTIATION: 'direct',
      PGOPTIONS: '-c default_transaction_read_only=on',
      PGAPPNAME: 'env',
      PGCLIENTENCODING: 'LATIN1',
    };
    Object.assign(process.env, variables);
    try {
      const query = "SELECT current_setting('application_name') || current_user || current_database()";
      const expectation = { value: 'vpc-syntheticsappapp', writable: true };
      expect(await probeOne(postgres, target({ database: undefined, query, expect: expectation }))).toMatchObject({ outcome: 'success' });
      const nobody = await probeOne(postgres, target({ user: undefined, password: undefined }));
      expect(nobody).toMatchObject({ reason: 'credentials_rejected', message: 'the server asks for a password, and there is none' });
    } finally {
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    }
  });

  test('says good-bye: the server counts no abandoned session, also where the query failed', async () => {
    await probeOne(postgres, target());
    await probeOne(postgres, target({ tls: { mode: 'disable' }, query: 'SELECT nothing' }));
    const [row] = await server.query("SELECT sessions, sessions_abandoned AS abandoned FROM pg_stat_database WHERE datname = 'app'");
    expect(row).toMatchObject({ abandoned: '0' });
    expect(Number(row?.['sessions'])).toBeGreaterThan(2);
  });
});
