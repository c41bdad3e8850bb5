/** The http rows of the fault matrix, against real servers behind a proxy. */
import { kind, probe } from '../../functions/http';
import { createAuthority } from '../../local/services/certificates';
import type { Row } from './cells';
import { framings, httpRows, httpVariants } from './rows/http';
import { serveHttp, serveHttp2 } from './servers';
import { testMatrix, type Place } from './trial';

/** @returns the path whose body ends as the row says. */
const pathOf = ({ at }: Row): string => Object.entries(framings).find(([, framing]) => framing === at)?.[0] ?? '/length';

testMatrix({ kind, probe }, httpRows, async () => {
  const one = await serveHttp();
  const two = await serveHttp2();
  const authority = await createAuthority();
  const pair = await authority.issue();
  const tls = { ca: authority.certificate };
  const expect = { json: ["status == 'ok'"] };
  const url = (scheme: string, at: Place | undefined, row: Row): string => `${scheme}://${at?.host}:${at?.port}${pathOf(row)}`;
  return {
    trials: [
      {
        variant: httpVariants.plain,
        ways: { server: { port: one.port } },
        target: ({ server }, row) => ({ url: url('http', server, row), expect }),
      },
      {
        variant: httpVariants.tls,
        ways: { server: { port: one.port, secure: { ...pair, alpn: ['http/1.1'] } } },
        target: ({ server }, row) => ({ url: url('https', server, row), tls, expect }),
      },
      {
        variant: httpVariants.two,
        ways: { server: { port: two.port, secure: { ...pair, alpn: ['h2'] } } },
        target: ({ server }, row) => ({ url: url('https', server, row), tls, version: 2, expect }),
      },
    ],
    async stop() {
      await one.close();
      await two.close();
    },
  };
});
