/** A stand-in for ClickHouse's native protocol over TLS: it answers a client's hello, and nothing else. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { freePort } from './free-port';

/** A running server. */
export interface ClickHouse {
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** Whether hellos are answered from now on. */
  silence(silent: boolean): void;
  /** Shown to connections made from now on. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void;
  /** Stops listening and cuts all connections: new ones are refused. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  /** Ends it; a second call does nothing. */
  stop(): Promise<void>;
}

// A hello is packet 0, texts with their length in front, and numbers of 7 bits a byte (ClickHouse, "Native protocol").
const client = text('vpc-synthetics');

/** What a client of an early revision says, who needs no more than the server's name and version. */
export const clickHouseHello = `\u0000${client}\u0001\u0001\u0001${text('default')}${text('default')}${text('')}`;

const serverHello = `\u0000${text('ClickHouse')}\u0018\u0008\u0001`;

function text(value: string): string {
  return `${String.fromCodePoint(value.length)}${value}`;
}

/** Listens on a free port. */
export async function startClickHouse(tls: { readonly cert: string; readonly key: string }): Promise<ClickHouse> {
  let silent = false;
  const connections = new Set<Socket>();
  const server = createServer(tls, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (silent) return;
      // Whoever says anything else is not a client of this protocol.
      if (data[0] === 0) socket.write(serverHello);
      else socket.end();
    });
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const port = await freePort();
  const up = async (): Promise<void> => {
    if (server.listening) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of connections) socket.destroy();
    await closed;
  };
  await up();
  return {
    host: '127.0.0.1',
    port,
    silence: (on) => void (silent = on),
    setCertificate: (next) => server.setSecureContext(next),
    down,
    up,
    stop: down,
  };
}
