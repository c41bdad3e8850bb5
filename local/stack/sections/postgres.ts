/** The database, over TCP as over a unix socket. */
import { secret, type Section } from './section';

const conditions = {
  expect: { value: 1, writable: true, connectionUtilizationBelow: 0.95 },
  warn: { connectionUtilizationBelow: 0.8 },
};

export const postgres: Section = ({ postgres: { database, port, socketDirectory, user } }) => ({
  'orders-db': {
    url: secret('database-url'),
    tls: { mode: 'verify-full', ca: secret('db-ca') },
    ...conditions,
    warn: { ...conditions.warn, minCertificateValidity: '21d' },
  },
  // As Cloud SQL is mounted below /cloudsql.
  'orders-db-socket': { host: socketDirectory, port, database, user, password: secret('db-password'), ...conditions },
});
