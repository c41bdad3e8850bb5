/** The journey rows of the fault matrix: three steps, each against a real server behind a proxy. */
import { kind, probe } from '../../functions/journey';
import { createAuthority } from '../../local/services/certificates';
import { journeyRows, journeyVariants } from './rows/journey';
import { steps as lines } from './rows/tcp';
import { steps as chat } from './rows/websocket';
import { serveHttp, serveLines, serveWebSocket } from './servers';
import { testMatrix, type Trial } from './trial';

testMatrix({ kind, probe }, journeyRows, async () => {
  const servers = { login: await serveHttp(), chat: await serveWebSocket(), lines: await serveLines() };
  const authority = await createAuthority();
  const secure = await authority.issue();
  const trialOf = (variant: Trial['variant']): Trial => {
    const letter = variant.tls ? 's' : '';
    const tls = variant.tls ? { tls: { ca: authority.certificate } } : {};
    return {
      variant,
      ways: Object.fromEntries(Object.entries(servers).map(([name, { port }]) => [name, { port, ...(variant.tls && { secure }) }])),
      target: (at) => ({
        steps: [
          {
            name: 'login',
            http: { url: `http${letter}://${at['login']?.host}:${at['login']?.port}/length`, ...tls, expect: { json: ["status == 'ok'"] } },
          },
          { name: 'chat', websocket: { url: `ws${letter}://${at['chat']?.host}:${at['chat']?.port}/`, ...tls, steps: chat } },
          { name: 'lines', tcp: { host: at['lines']?.host, port: at['lines']?.port, ...tls, steps: lines(false) } },
        ],
      }),
    };
  };
  return {
    trials: Object.values(journeyVariants).map(trialOf),
    async stop() {
      for (const server of Object.values(servers)) await server.close();
    },
  };
});
