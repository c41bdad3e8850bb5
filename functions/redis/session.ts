/** A driver attached to a dialled connection: it sends commands, and tells of whatever the server says or does instead of answering. */
import Redis, { AbstractConnector } from 'ioredis';
import type { Connection } from '../../shared/dial/connection';
import { Fault } from '../../shared/fault';

/** What can be done with a server. */
export interface Session {
  /**
   * Sends a command.
   * @returns the reply: a text, a number or null.
   * @throws the server's error reply (its `name` is `ReplyError`), also one that came unasked; or what ended the connection.
   */
  call(command: string, ...args: readonly string[]): Promise<unknown>;
  /** Ends the connection; waits for nothing. */
  close(): void;
}

/** No reply to a command of ours is anywhere near as long. */
const longestReplies = 1_048_576;

/** Attaches the driver; nothing is sent yet. */
export async function openSession(connection: Connection): Promise<Session> {
  const { socket } = connection;
  class Dialled extends AbstractConnector {
    constructor() {
      super(0);
    }
    async connect(): Promise<typeof socket> {
      this.stream = socket;
      return socket;
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
  const fail = (error: Error): void => void client.emit('error', error);
  // The driver listens to the socket from this moment on; whoever listened before would take bytes away from it.
  client.once('connect', () => {
    hearUnasked(client, fail);
    let received = 0;
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (received <= longestReplies) return;
      fail(new Fault('protocol_error', `the server sent more than ${longestReplies} bytes`));
      connection.close();
    });
  });
  await client.connect();
  return {
    call: (command, ...args) => Promise.race([broken, client.call(command, ...args)]),
    close() {
      client.disconnect();
      connection.close();
    },
  };
}

/**
 * Lets a reply that nobody asked for, such as the refusal of one client too many, fail the session as it stands. The driver itself
 * wraps an error in a text of its own there, and on an empty reply throws where nothing can catch it, which would end the process.
 */
function hearUnasked(client: Redis, fail: (error: Error) => void): void {
  const { commandQueue } = client;
  const shift = commandQueue.shift.bind(commandQueue);
  let isOver = false;
  const nobody = {
    name: '',
    args: [],
    resolve: () => fail(new Fault('protocol_error', 'the server answered without being asked')),
    reject(error: Error) {
      // With any other error the driver empties its queue, until it holds nothing.
      if (error.name !== 'ReplyError') isOver = true;
      fail(error);
    },
  };
  commandQueue.shift = () => shift() ?? (isOver ? undefined : { command: nobody, stream: client.stream, select: 0 });
}
