/** The redis rows of the fault matrix, against a real server behind a proxy. */
import { kind, probe } from '../../functions/redis';
import { createAuthority } from '../../local/services/certificates';
import { startRedis } from '../../local/services/redis';
import { redisRows, redisVariants } from './rows/redis';
import { testMatrix } from './trial';

testMatrix({ kind, probe }, redisRows, async () => {
  const password = 'a-password';
  const server = await startRedis({ password });
  const authority = await createAuthority();
  const pair = await authority.issue();
  const { port } = server;
  return {
    trials: [
      { variant: redisVariants.plain, ways: { server: { port } }, target: ({ server: at }) => ({ ...address(at), password }) },
      {
        variant: redisVariants.tls,
        ways: { server: { port, secure: pair } },
        target: ({ server: at }) => ({ ...address(at), password, tls: { ca: authority.certificate } }),
      },
    ],
    stop: () => server.stop(),
  };
});

const address = (at: { readonly host: string; readonly port: number } | undefined): object => ({ host: at?.host, port: at?.port });
