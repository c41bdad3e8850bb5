/** The states of a PostgreSQL server in the fault matrix. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { kind, probe } from '../../functions/postgres';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import { failure, servePostgres, type Script } from '../support/postgres-server';
import { probeServer } from '../support/probing-postgres';
import { probeOne } from '../support/probing';
import { testStates, type Way } from './state-trial';

const password = 'a-password';
let server: PostgresServer;
let standby: PostgresServer;
beforeAll(async () => {
  const settings = { max_connections: '8', superuser_reserved_connections: '3', max_locks_per_transaction: '10' };
  [server, standby] = await Promise.all([startPostgres({ password, settings }), startPostgres({ password, standby: true })]);
}, 120_000);
afterAll(() => Promise.all([server.stop(), standby.stop()]));

const at = ({ host, port, user, database }: PostgresServer): object => ({
  host,
  port,
  user,
  database,
  password,
  tls: { mode: 'disable' },
  confirm: { attempts: 1 },
});
const run = (of: PostgresServer, more: object): ReturnType<Way> => probeOne({ kind, probe }, { ...at(of), ...more });

async function session(): Promise<Client> {
  const { host, port, user, database } = server;
  const client = new Client({ host, port, user, database, password, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const scripted =
  (code: string, text: string): Way =>
  (more) => {
    const script: Script = { startup: (socket) => void socket.end(failure(code, text)) };
    return probeServer(() => servePostgres(script), more);
  };
const writable = { expect: { writable: true } };

testStates('postgres', {
  async 'all connections taken'(more) {
    const others = await Promise.all(Array.from({ length: 5 }, session));
    const result = await run(server, more);
    await Promise.all(others.map((client) => client.end()));
    return result;
  },
  async 'read-only by default, writes expected'(more) {
    await server.query(`ALTER ROLE ${server.user} SET default_transaction_read_only = on`);
    const result = await run(server, { ...writable, ...more });
    await server.query(`ALTER ROLE ${server.user} RESET default_transaction_read_only`);
    return result;
  },
  'in recovery, writes expected': (more) => run(standby, { ...writable, ...more }),
  // Every lock takes room of the shared memory that is set aside for them.
  'out of shared memory': (more) =>
    run(server, { query: 'SELECT count(pg_advisory_lock(number)) FROM generate_series(1, 100000) number', ...more }),
  'out of memory for one more session': scripted('53200', 'out of memory'),
  'starting up': scripted('57P03', 'the database system is starting up'),
  'failing over: nobody is promoted yet': (more) => run(standby, { ...writable, ...more }),
  async 'failed over: promoted'(more) {
    await standby.query('SELECT pg_promote()');
    return run(standby, { ...writable, ...more });
  },
  async frozen(more) {
    await standby.freeze();
    const result = await run(standby, more);
    standby.thaw();
    return result;
  },
  'the query takes too long': (more) => run(standby, { query: 'SELECT pg_sleep(60)', ...more }),
  'the database was dropped': (more) => run(standby, { database: 'gone', ...more }),
  async 'stopped in the middle of the query'(more) {
    const running = run(server, { query: 'SELECT pg_sleep(60)', ...more });
    const isSleeping = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
    while ((await server.query(isSleeping)).length === 0) await delay(20);
    await server.restart();
    return running;
  },
  async 'shutting down, while others finish'(more) {
    const other = await session();
    // The smart shutdown waits for sessions (PostgreSQL manual, "Shutting Down the Server").
    process.kill(server.pid, 'SIGTERM');
    await delay(200);
    const result = await run(server, more);
    await other.end();
    return result;
  },
  async 'restarting: not there'(more) {
    await server.stop();
    return run(server, more);
  },
});
