/** What is probed: servers that answer at once, and one that takes its time and says how much. */
import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { monotonic } from '../../shared/clock';
import { answerAll } from '../program';

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const quiet = { error: (): void => {} };

/** Answers after the time that the path names, and says in its `Server` field how long it took in truth. */
function slowServer(): HttpServer {
  return createHttp((request, response) => {
    const began = monotonic();
    const wanted = Number(request.url?.slice(1));
    setTimeout(() => {
      response.writeHead(200, { server: (monotonic() - began).toFixed(3), 'content-length': 2 });
      response.end('ok');
    }, wanted);
  });
}

const answers = {
  /** Starts all of them. @returns their ports. */
  async start({ cert, key }: { cert: string; key: string }) {
    const http = createHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 });
      response.end('ok');
    });
    const sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) =>
        client.on('message', (data, isBinary) => client.send(data, { binary: isBinary })),
      ),
    );
    const tcp = createTcp((socket) => socket.on('error', quiet.error).resume());
    const tls = createTls({ cert, key }, (socket) => socket.on('error', quiet.error).resume());
    tls.on('tlsClientError', quiet.error);
    return { http: await listen(http), tcp: await listen(tcp), tls: await listen(tls), slow: await listen(slowServer()) };
  },
};
export type Servers = typeof answers;

answerAll(answers);
