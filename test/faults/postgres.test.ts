/** The postgres rows of the fault matrix, against a real server behind a proxy. */
import { kind, probe } from '../../functions/postgres';
import { createAuthority } from '../../local/services/certificates';
import { startPostgres } from '../../local/services/postgres';
import { postgresRows, postgresVariants, query, value } from './rows/postgres';
import { testMatrix, type Place } from './trial';

testMatrix({ kind, probe }, postgresRows, async () => {
  const password = 'a-password';
  const server = await startPostgres({ password, settings: { max_connections: '200' } });
  const authority = await createAuthority();
  const pair = await authority.issue();
  const { port, user, database } = server;
  const target = (at: Place | undefined): object => ({
    host: at?.host,
    port: at?.port,
    user,
    database,
    password,
    query,
    expect: { value },
  });
  return {
    trials: [
      {
        variant: postgresVariants.plain,
        ways: { server: { port } },
        target: ({ server: at }) => ({ ...target(at), tls: { mode: 'disable' } }),
      },
      {
        variant: postgresVariants.tls,
        ways: { server: { port, secure: { ...pair, begins: 'SSLRequest' } } },
        target: ({ server: at }) => ({ ...target(at), tls: { ca: authority.certificate } }),
      },
    ],
    stop: () => server.stop(),
  };
});
