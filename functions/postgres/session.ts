/** A PostgreSQL session over a socket that is already connected: login, queries and a polite end, by the driver. */
import type { Socket } from 'node:net';
import { Client, Connection, type ClientConfig, type QueryArrayResult } from 'pg';
import { Fault } from '../../shared/fault';
import { createGate, type Gate } from './messages';

/** As whom, and where to. */
export interface Login {
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** Rows with each column as PostgreSQL writes it in text format, or null. */
export type Rows = readonly (readonly (string | null)[])[];

/** A connection that is logged in. Everything throws the server's errors as DatabaseError, and the driver's own. */
export interface Session {
  /** Runs statements of our own by the simple protocol, in one round trip; returns the rows of each. */
  execute(statements: string): Promise<readonly Rows[]>;
  /** Runs one statement by the extended protocol, which refuses several in one. @throws Fault `body_too_large` */
  query(statement: string, maxBytes: number): Promise<Rows>;
  /** Says good-bye; what the server makes of it is not waited for. */
  end(): void;
}

/** What a login, or an answer to a statement of our own, may come to. */
const ownBytes = 65_536;

/** Makes the driver believe that it connects the socket, and read from it through the gate. */
function connectionOver(socket: Socket, gate: Gate): Connection {
  const connect = (): Socket => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  const connection = new Connection({ stream: () => Object.assign(socket, { connect }), ssl: false });
  const driver = connection as unknown as { attachListeners: (this: Connection, stream: object) => void };
  const { attachListeners } = driver;
  const through = (read: (messages: Buffer) => void) => (chunk: Buffer) => {
    try {
      read(gate.pass(chunk));
    } catch (error) {
      socket.destroy(error as Error);
    }
  };
  driver.attachListeners = () =>
    attachListeners.call(connection, {
      on: (event: string, listener: (messages: Buffer) => void) => socket.on(event, event === 'data' ? through(listener) : listener),
    });
  return connection;
}

function clientOver(socket: Socket, gate: Gate, { user, database, password }: Login): Client {
  // What is left empty here, the driver would take from the environment (PGHOST, PGSSLMODE…) or from ~/.pgpass.
  const config: ClientConfig & { connection: Connection } = {
    connection: connectionOver(socket, gate),
    host: 'dialled',
    port: 5432,
    user,
    database,
    password: () => password,
    ssl: false,
    sslnegotiation: 'postgres',
    client_encoding: 'UTF8',
    types: { getTypeParser: () => (text: string) => text },
  };
  // The startup message would hold more of it (PGOPTIONS, PGAPPNAME…).
  return Object.assign(new Client(config), { getStartupConf: () => ({ user, database, application_name: 'vpc-synthetics' }) });
}

/**
 * Logs in over a connected socket.
 * @throws the server's errors as the driver's DatabaseError, the driver's own errors, and Fault `protocol_error`.
 */
export async function login(socket: Socket, as: Login): Promise<Session> {
  const gate = createGate();
  const client = clientOver(socket, gate, as);
  let lost: Error | undefined;
  client.on('error', (error) => (lost ??= error));
  const ask = async <Row>(text: string, queryMode: 'simple' | 'extended'): Promise<Row> => {
    const config = { text, queryMode, rowMode: 'array' as const };
    try {
      return (await client.query(config)) as Row;
    } catch (error) {
      // What the server said before it went away is more than what the driver says of a connection that is gone.
      throw lost ?? error;
    }
  };
  const allowOwn = (): void =>
    gate.allow(ownBytes, () => new Fault('protocol_error', `the server sent more than ${ownBytes} bytes unasked`));
  type Result = QueryArrayResult<(string | null)[]>;

  allowOwn();
  await client.connect();
  return {
    async execute(statements) {
      allowOwn();
      const results = await ask<Result | Result[]>(statements, 'simple');
      return (Array.isArray(results) ? results : [results]).map(({ rows }) => rows);
    },
    async query(statement, maxBytes) {
      gate.allow(maxBytes, () => new Fault('body_too_large', `the query's result is larger than ${maxBytes} bytes`));
      return (await ask<Result>(statement, 'extended')).rows;
    },
    end: () => void client.end(),
  };
}
