/** The websocket rows of the fault matrix, against a real server behind a proxy. */
import { kind, probe } from '../../functions/websocket';
import { createAuthority } from '../../local/services/certificates';
import { steps, websocketRows, websocketVariants } from './rows/websocket';
import { serveWebSocket } from './servers';
import { testMatrix } from './trial';

testMatrix({ kind, probe }, websocketRows, async () => {
  const real = await serveWebSocket();
  const { port } = real;
  const authority = await createAuthority();
  const pair = await authority.issue();
  return {
    trials: [
      {
        variant: websocketVariants.plain,
        ways: { server: { port } },
        target: ({ server }) => ({ url: `ws://${server?.host}:${server?.port}/`, steps }),
      },
      {
        variant: websocketVariants.tls,
        ways: { server: { port, secure: pair } },
        target: ({ server }) => ({ url: `wss://${server?.host}:${server?.port}/`, steps, tls: { ca: authority.certificate } }),
      },
    ],
    stop: () => real.close(),
  };
});
