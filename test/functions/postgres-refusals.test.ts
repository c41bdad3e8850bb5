/** What a real PostgreSQL server refuses, can't do, or takes too long for. */
import { Client } from 'pg';
import { kind, probe } from '../../functions/postgres';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';

const postgres = { kind, probe };
const password = 'correct-password';

jest.setTimeout(60_000);

describe('a PostgreSQL server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({
      password,
      settings: { max_connections: '12', superuser_reserved_connections: '2' },
      hba: ['host all refused all reject', 'host all all all scram-sha-256'],
    });
    await server.query("CREATE ROLE refused LOGIN PASSWORD 'x'");
    await server.query('CREATE ROLE stranger LOGIN');
    await connected(async (client) => {
      await client.query('CREATE TABLE kept AS SELECT 1 AS number');
      await client.query('CREATE SEQUENCE counted');
      await client.query(`CREATE FUNCTION grow() RETURNS int LANGUAGE sql AS 'INSERT INTO kept VALUES (2) RETURNING number'`);
    });
    await server.query('CREATE TABLE hidden ()');
  });
  afterAll(() => server.stop());

  const connection = (): Record<string, unknown> => ({ host: server.host, port: server.port, user: 'app', database: 'app', password });
  const target = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ ...connection(), tls: { mode: 'disable' }, ...more });
  async function connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ ...connection(), ssl: false });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  test.each([
    ['a wrong password', { password: 'wrong-password' }, 'credentials_rejected', '28P01', 'operator'],
    ['no password', { password: undefined }, 'credentials_rejected', null, 'operator'],
    ['a user whom nobody knows', { user: 'nobody' }, 'credentials_rejected', '28P01', 'operator'],
    ['a user without a password', { user: 'stranger' }, 'credentials_rejected', '28P01', 'operator'],
    ['a user whom pg_hba.conf refuses', { user: 'refused' }, 'credentials_rejected', '28000', 'operator'],
    ['a database that does not exist', { database: 'nowhere' }, 'database_missing', '3D000', 'infrastructure'],
  ])('refuses %s', async (_what, more, reason, code, owner) => {
    const leaks = await watchLeaks();
    const result = await probeOne(postgres, target(more));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'auth', reason, code, owner });
    expect(JSON.stringify(result)).not.toMatch(/(wrong|correct)-password/);
    await leaks.assertNothingLeft();
  });

  test('offers no TLS', async () => {
    const result = await probeOne(postgres, target({ tls: undefined }));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'tls', reason: 'tls_not_offered', domain: 'certificate' });
  });

  test.each([
    ['SELECT * FROM nothing', 'query_failed', '42P01', 'application'],
    ['SELEKT 1', 'query_failed', '42601', 'application'],
    ['SELECT 1 / 0', 'query_failed', '22012', 'application'],
    ['SELECT $1::int', 'query_failed', '08P01', 'application'],
    ['SELECT 1; SELECT 2', 'query_failed', '42601', 'application'],
    ['COMMIT; DROP TABLE kept', 'query_failed', '42601', 'application'],
    ["SELECT pg_read_file('/etc/passwd')", 'permission_denied', '42501', 'operator'],
    ['INSERT INTO kept VALUES (2)', 'read_only', '25006', 'infrastructure'],
    ['SELECT grow()', 'read_only', '25006', 'infrastructure'],
    ["SELECT nextval('counted')", 'read_only', '25006', 'infrastructure'],
    ['DROP TABLE kept', 'read_only', '25006', 'infrastructure'],
    ['COPY kept FROM STDIN', 'read_only', '25006', 'infrastructure'],
    [
      "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'off', true); PERFORM grow(); END $$",
      'query_failed',
      '25001',
      'application',
    ],
  ])('%s is %s', async (query, reason, code, owner) => {
    const result = await probeOne(postgres, target({ query }));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'query', reason, code, owner });
  });

  test('is not changed by any query', async () => {
    const queries = ['COMMIT', 'ROLLBACK', 'SET TRANSACTION READ WRITE', "NOTIFY here, 'there'", 'COPY kept TO STDOUT'];
    for (const query of queries) expect(await probeOne(postgres, target({ query }))).toMatchObject({ outcome: 'success' });
    const { rows } = await connected((client) => client.query('SELECT number, (SELECT is_called FROM counted) AS called FROM kept'));
    expect(rows).toEqual([{ number: 1, called: false }]);
  });

  test('ends a query that takes too long, and tells so within the time', async () => {
    const begun = performance.now();
    const result = await probeOne(postgres, target({ query: 'SELECT pg_sleep(60)', timeout: '1s' }));
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(result).toMatchObject({ outcome: 'failure', phase: 'query', reason: 'timeout', code: '57014', owner: 'infrastructure' });
    expect(
      await server.query("SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"),
    ).toEqual([{ count: 0 }]);
  });

  test.each([
    ['one large value', "SELECT repeat('x', 2000000)"],
    ['many rows', 'SELECT generate_series(1, 1000000)'],
    ['rows without end', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT i FROM n'],
    ['data without end', 'COPY (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT i FROM n) TO STDOUT'],
    ['notices without end', "DO $$ BEGIN LOOP RAISE NOTICE USING MESSAGE = repeat('x', 1000); END LOOP; END $$"],
  ])('is stopped at 1 MB: %s', async (_what, query) => {
    const leaks = await watchLeaks();
    const result = await probeOne(postgres, target({ query }));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'query', reason: 'body_too_large', owner: 'infrastructure' });
    await leaks.assertNothingLeft();
  });

  test('gives a result just below 1 MB', async () => {
    const expectation = { expect: { rows: 1 } };
    expect(await probeOne(postgres, target({ query: "SELECT repeat('x', 1040000)", ...expectation }))).toMatchObject({
      outcome: 'success',
    });
  });

  test('has no connection left for ordinary users', async () => {
    const clients: Client[] = [];
    const before = await probeOne(
      postgres,
      target({ expect: { connectionUtilizationBelow: 0.15 }, warn: { connectionUtilizationBelow: 0.05 } }),
    );
    for (let index = 0; index < 9; index += 1) {
      const client = new Client({ ...connection(), ssl: false });
      await client.connect();
      clients.push(client);
    }
    const nearly = await probeOne(postgres, target({ expect: { connectionUtilizationBelow: 0.95 } }));
    const last = new Client({ ...connection(), ssl: false });
    await last.connect();
    clients.push(last);
    const full = await probeOne(postgres, target());
    await Promise.all(clients.map((client) => client.end()));
    expect(before).toMatchObject({
      outcome: 'degraded',
      reason: 'too_many_connections',
      observed: { 'postgres.connectionUtilization': 0.1 },
    });
    expect(nearly).toMatchObject({ outcome: 'failure', reason: 'too_many_connections', phase: 'query', code: null });
    expect(nearly.observed['postgres.connectionUtilization']).toBe(1);
    expect(full).toMatchObject({ outcome: 'failure', reason: 'too_many_connections', phase: 'auth', code: '53300', domain: 'capacity' });
  });

  test('is not writable for those whose transactions are read-only by default', async () => {
    await server.query('ALTER ROLE app SET default_transaction_read_only = on');
    const result = await probeOne(postgres, target({ expect: { writable: true } }));
    await server.query('ALTER ROLE app RESET default_transaction_read_only');
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'read_only',
      observed: { 'postgres.role': 'primary', 'postgres.writable': false },
    });
  });

  test('ends the session that it terminates', async () => {
    const running = probeOne(postgres, target({ query: 'SELECT pg_sleep(8)' }));
    const terminate = 'SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE query = $1';
    for (let ended: unknown[] = []; ended.length === 0;) ended = await server.query(terminate, ['SELECT pg_sleep(8)']);
    expect(await running).toMatchObject({ outcome: 'failure', reason: 'shutting_down', phase: 'query', code: '57P01', domain: 'state' });
  });

  test('is found frozen: before the login, and during the query', async () => {
    const leaks = await watchLeaks();
    const during = probeOne(postgres, target({ query: 'SELECT pg_sleep(20)', timeout: '2s' }));
    for (let seen: unknown[] = []; seen.length === 0;)
      seen = await server.query('SELECT FROM pg_stat_activity WHERE query = $1', ['SELECT pg_sleep(20)']);
    await server.freeze();
    const login = await probeOne(postgres, target({ timeout: '500ms' }));
    const tls = await probeOne(postgres, target({ timeout: '500ms', tls: undefined }));
    const query = await during;
    server.thaw();
    expect(login).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'auth' });
    expect(tls).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'tls' });
    expect(query).toMatchObject({ outcome: 'failure', reason: 'timeout', phase: 'query' });
    expect(query.durationMs).toBeLessThan(2500);
    await leaks.assertNothingLeft();
  });
});
