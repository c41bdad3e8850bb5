/** The tcp rows of the fault matrix, against a real server behind a proxy. */
import { kind, probe } from '../../functions/tcp';
import { createAuthority } from '../../local/services/certificates';
import { steps, tcpRows, tcpVariants } from './rows/tcp';
import { serveLines } from './servers';
import { testMatrix } from './trial';

testMatrix({ kind, probe }, tcpRows, async () => {
  const real = await serveLines();
  const { port } = real;
  const authority = await createAuthority();
  const pair = await authority.issue();
  const tls = { ca: authority.certificate };
  return {
    trials: [
      {
        variant: tcpVariants.plain,
        ways: { server: { port } },
        target: ({ server }) => ({ host: server?.host, port: server?.port, steps: steps(false) }),
      },
      {
        variant: tcpVariants.tls,
        ways: { server: { port, secure: pair } },
        target: ({ server }) => ({ host: server?.host, port: server?.port, tls, steps: steps(false) }),
      },
      {
        variant: tcpVariants.startTls,
        ways: { server: { port, secure: { ...pair, begins: 'STARTTLS' } } },
        target: ({ server }) => ({ host: server?.host, port: server?.port, tls, steps: steps(true) }),
      },
    ],
    stop: () => real.close(),
  };
});
