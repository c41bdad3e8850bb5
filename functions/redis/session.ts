/** A driver attached to a dialled connection: it sends commands, and tells of whatever the server says or does instead of answering. */
import Redis, { AbstractConnector } from 'ioredis';
import type { Connection } from '../../shared/dial/connection';
import { createGate, unasked } from './gate';

/** What can be done with a server. */
export interface Session {
  /**
   * Sends a command.
   * @returns the reply: a text, a number or null.
   * @throws the server's error reply (its `name` is `ReplyError`), also one that came unasked; Fault `protocol_error` where the server
   * says what is no reply; or what ended the connection.
   */
  call(command: string, ...args: readonly string[]): Promise<unknown>;
  /** Ends the connection; waits for nothing. */
  close(): void;
}

/** Attaches the driver; nothing is sent yet. */
export async function openSession(connection: Connection): Promise<Session> {
  const { socket } = connection;
  const pass = createGate();
  // One reply at a time: on one that no command waits for, the driver throws where nobody can catch.
  const through = (read: (reply: Buffer) => void) => (chunk: Buffer) => {
    try {
      for (const reply of pass(chunk)) {
        if (client.commandQueue.length === 0) throw unasked(reply);
        read(reply);
      }
    } catch (error) {
      client.emit('error', error);
      connection.close();
    }
  };
  const listen = socket.prependListener.bind(socket);
  class Dialled extends AbstractConnector {
    constructor() {
      super(0);
    }
    async connect(): Promise<typeof socket> {
      this.stream = Object.assign(socket, {
        prependListener: (event: string, listener: (bytes: Buffer) => void) =>
          listen(event, event === 'data' ? through(listener) : listener),
      });
      return this.stream;
    }
    override disconnect(): void {
      socket.end();
    }
  }
  const client = new Redis({
    Connector: Dialled,
    lazyConnect: true,
    // RESP2 is spoken by every server there is, and needs no greeting.
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: null,
    keepAlive: 0,
  });
  const broken = new Promise<never>((_resolve, reject) => void client.on('error', reject));
  broken.catch(() => undefined);
  await client.connect();
  return {
    call: (command, ...args) => Promise.race([broken, client.call(command, ...args)]),
    close() {
      client.disconnect();
      connection.close();
    },
  };
}
