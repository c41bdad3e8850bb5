/** A PostgreSQL session over a socket that is already connected: login, queries and a polite end, by the driver. */
import type { Socket } from 'node:net';
import { Client, Connection, type ClientConfig, type QueryArrayResult } from 'pg';
import { Fault } from '../../shared/fault';
import { createGate } from './messages';

/** As whom, and where to. */
export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** Rows as PostgreSQL writes them, each column as text or null. */
export type Rows = readonly (readonly (string | null)[])[];

/** A connection that is logged in. */
export interface Session {
  /** Runs one or more statements of our own by the simple protocol; returns the rows of each. */
  execute(statements: string): Promise<readonly Rows[]>;
  /** Runs one statement by the extended protocol, which refuses several in one. @throws Fault `body_too_large` */
  query(statement: string, maxBytes: number): Promise<Rows>;
  /** Says good-bye without waiting for an answer. */
  end(): void;
}

const ownBytes = 65_536;
const asText = { getTypeParser: () => (text: string) => text };

/** Hands the socket to the driver, which believes that it connects it and reads through a gate. */
function createClient(
  socket: Socket,
  { user, database, password }: Login,
): { client: Client; allow: ReturnType<typeof createGate>['allow'] } {
  const gate = createGate();
  const guarded = (read: (chunk: Buffer) => void) => (chunk: Buffer) => {
    try {
      read(gate.pass(chunk));
    } catch (error) {
      socket.destroy(error as Error);
    }
  };
  Object.assign(socket, {
    connect() {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
  const connection = new Connection({ stream: () => socket, ssl: false });
  const { attachListeners } = connection as unknown as { readonly attachListeners: (this: Connection, stream: object) => void };
  Object.assign(connection, {
    attachListeners: () =>
      attachListeners.call(connection, {
        on: (event: string, listener: (chunk: Buffer) => void) => socket.on(event, event === 'data' ? guarded(listener) : listener),
      }),
  });
  // Every field that is empty here would be taken from the environment (PGHOST, PGSSLMODE…).
  const config: ClientConfig & { connection: Connection } = {
    connection,
    host: 'dialled',
    port: 5432,
    user,
    database,
    password: () => password,
    ssl: false,
    sslnegotiation: 'postgres',
    client_encoding: 'UTF8',
    types: asText,
  };
  const client = Object.assign(new Client(config), {
    getStartupConf: () => ({ user, database, application_name: 'vpc-synthetics' }),
  });
  // What is wrong also rejects the call that is awaited.
  client.on('error', () => {});
  return { client, allow: gate.allow };
}

/**
 * Logs in over a connected socket.
 * @throws the server's errors as the driver's DatabaseError, the driver's own errors, and Fault `protocol_error`.
 */
export async function login(socket: Socket, as: Login): Promise<Session> {
  const { client, allow } = createClient(socket, as);
  const allowOwn = (): void => allow(ownBytes, () => new Fault('protocol_error', 'the server sends without end'));
  allowOwn();
  await client.connect();
  return {
    async execute(statements) {
      allowOwn();
      const config = { text: statements, rowMode: 'array' as const };
      const results = (await client.query(config)) as QueryArrayResult<(string | null)[]> | QueryArrayResult<(string | null)[]>[];
      return (Array.isArray(results) ? results : [results]).map(({ rows }) => rows);
    },
    async query(statement, maxBytes) {
      allow(maxBytes, () => new Fault('body_too_large', `the query's result is larger than ${maxBytes} bytes`));
      const config = { text: statement, rowMode: 'array' as const, queryMode: 'extended' };
      return (await client.query<(string | null)[]>(config)).rows;
    },
    end: () => void client.end(),
  };
}
