/** What can break in PostgreSQL. */
import type { Services } from '../services';
import { failing, type Fault, type Symptom } from './fault';

const database = (...symptom: Parameters<ReturnType<typeof failing>>): Symptom[] =>
  ['orders-db', 'orders-db-socket'].flatMap((target) => failing('postgres', target)(...symptom));

/** A statement that breaks the database, and the one that mends it. */
const statements =
  (breaks: (services: Services) => string, mends: (services: Services) => string): Fault['strike'] =>
  async (services) => {
    await services.postgres.query(breaks(services));
    return async () => void (await services.postgres.query(mends(services)));
  };

export const databaseFaults: readonly Fault[] = [
  {
    name: 'database-password-changed',
    title: "The database user's password is changed on the server, not in its secret",
    breaks: 'postgres/password',
    expects: database('credentials_rejected', 'operator'),
    async strike({ postgres, secrets: { 'database-url': url } }) {
      await postgres.setPassword(postgres.user, 'changed on the server only');
      return () => postgres.setPassword(postgres.user, decodeURIComponent(new URL(url).password));
    },
  },
  {
    name: 'postgres-frozen',
    title: 'PostgreSQL hangs: connections are accepted, nothing is answered',
    // The statements of all others would hang as well.
    breaks: 'postgres',
    expects: database('timeout', 'infrastructure'),
    async strike({ postgres }) {
      await postgres.freeze();
      return async () => postgres.thaw();
    },
  },
  {
    name: 'database-connections-exhausted',
    title: 'The database user has no connection left',
    breaks: 'postgres/connections',
    expects: database('too_many_connections', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER ROLE ${postgres.user} CONNECTION LIMIT 0`,
      ({ postgres }) => `ALTER ROLE ${postgres.user} CONNECTION LIMIT -1`,
    ),
  },
  {
    name: 'database-read-only',
    title: 'The database takes no writes',
    breaks: 'postgres/database',
    expects: database('read_only', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER DATABASE ${postgres.database} SET default_transaction_read_only = on`,
      ({ postgres }) => `ALTER DATABASE ${postgres.database} RESET default_transaction_read_only`,
    ),
  },
  {
    name: 'database-missing',
    title: 'The database has another name than the secret says',
    breaks: 'postgres/database',
    expects: database('database_missing', 'infrastructure'),
    strike: statements(
      ({ postgres }) => `ALTER DATABASE ${postgres.database} RENAME TO renamed`,
      ({ postgres }) => `ALTER DATABASE renamed RENAME TO ${postgres.database}`,
    ),
  },
];
