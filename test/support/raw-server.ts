/** TCP and TLS servers that misbehave in every way that a probe has to tell apart. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A running server on loopback. */
export interface RawServer {
  readonly host: string;
  readonly port: number;
  /** How many connections are open now. */
  connections(): number;
  /** How many connections there have been, those that ended included. */
  accepted(): number;
  /** Ends all connections and the server. */
  close(): Promise<void>;
}

/** How a server listens; with `tls` (PEM) it misbehaves after the handshake. */
export interface RawOptions {
  readonly tls?: { readonly cert: string; readonly key: string; readonly ALPNProtocols?: readonly string[] };
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** Starts a server that gives each connection (with TLS: after the handshake, and the TCP socket below as well) to `behave`. */
export async function serveRaw(
  behave: (socket: Socket, below: Socket) => void,
  { tls, host = '127.0.0.1' }: RawOptions = {},
): Promise<RawServer> {
  const server: Server = tls ? createTlsServer({ ...tls }) : createServer();
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    open.add(socket);
    // A client that goes away resets the connection, which is none of the server's troubles.
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  });
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    const below = [...open].find(({ remotePort }) => remotePort === socket.remotePort);
    behave(socket, below ?? socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, host);
  await once(server, 'listening');
  return {
    host,
    port: portOf(server),
    connections: () => open.size,
    accepted: () => accepted,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Accepts, reads, and never says a word. */
export async function silentServer(options?: RawOptions): Promise<RawServer> {
  return serveRaw((socket) => socket.resume(), options);
}

/** Accepts, and ends the connection in good order (FIN), optionally after `text`. */
export async function closingServer(options?: RawOptions & { readonly text?: string }): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.resume();
    socket.end(options?.text ?? '');
  }, options);
}

/** Accepts, and resets the connection (RST): at once, or with `afterData` when the client has said something. */
export async function resettingServer(options?: RawOptions & { readonly afterData?: boolean }): Promise<RawServer> {
  return serveRaw((socket, below) => {
    // Only a TCP socket can be reset, not the TLS socket above it.
    if (options?.afterData) socket.once('data', () => below.resetAndDestroy());
    else below.resetAndDestroy();
  }, options);
}

/** Sends bytes that belong to no protocol, and stays open. */
export async function garbageServer(options?: RawOptions): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.resume();
    socket.write(Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 167 + 13) % 256)));
  }, options);
}

/** Sends `text` one byte at a time, `everyMs` (default 5) apart, and stays open. */
export async function trickleServer(options: RawOptions & { readonly text: string; readonly everyMs?: number }): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.resume();
    socket.setNoDelay(true);
    const bytes = Buffer.from(options.text);
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < bytes.length) socket.write(bytes.subarray(sent, sent + 1));
      else clearInterval(timer);
      sent += 1;
    }, options.everyMs ?? 5);
    socket.once('close', () => clearInterval(timer));
  }, options);
}

/** Sends `chunk` (default: 64 KiB of the letter x, without a line end) for as long as it is read. */
export async function endlessServer(options?: RawOptions & { readonly chunk?: string }): Promise<RawServer> {
  const chunk = Buffer.from(options?.chunk ?? 'x'.repeat(65_536));
  return serveRaw((socket) => {
    socket.resume();
    const pour = (): void => {
      // At most one turn of the loop at a time, so that everybody else in this process gets theirs.
      if (socket.writable && socket.write(chunk)) setImmediate(pour);
      else if (socket.writable) socket.once('drain', pour);
    };
    pour();
  }, options);
}

/** Answers everything the client sends with the same bytes. */
export async function echoServer(options?: RawOptions): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.pipe(socket);
  }, options);
}

/**
 * A port that refuses connections for as long as this is not closed.
 * It is the local port of a connection of ours, so that no other process can be given it meanwhile.
 */
export async function refusingPort(): Promise<RawServer> {
  const holder = await silentServer();
  const held = connect(holder.port, holder.host);
  await once(held, 'connect');
  const { localPort } = held;
  if (localPort === undefined) throw new Error('a connected socket has no local port');
  return {
    host: holder.host,
    port: localPort,
    connections: () => 0,
    accepted: () => 0,
    async close() {
      held.destroy();
      await holder.close();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return address.port;
}
