/** Starts real PostgreSQL servers on loopback, each with its own data, and breaks them on demand. */
import { escapeIdentifier, escapeLiteral } from 'pg';
import { freePort } from './free-port';
import { freezeProcesses, thawProcesses } from './frozen-processes';
import { type Guard, startGuard } from './guard';
import { unprivilegedUser } from './postgres-binaries';
import { type Cluster, createCluster, type PostgresSettings, queryOnce, superuser } from './postgres-cluster';
import type { ServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';

/** How a server is made. */
export interface PostgresOptions extends PostgresSettings {
  /** Default: a free one. */
  readonly port?: number;
  /** Of the ordinary user, and of the superuser `postgres`. */
  readonly password: string;
  /** The ordinary user, default `app`, who owns the database. */
  readonly user?: string;
  /** Default `app`. */
  readonly database?: string;
  /** Whether it stays in recovery, read-only, as a replica does (`pg_is_in_recovery()` is true). */
  readonly standby?: boolean;
}

/** A running server. */
export interface PostgresServer {
  /** 127.0.0.1 */
  readonly host: string;
  readonly port: number;
  /** Where the unix socket `.s.PGSQL.<port>` lies. */
  readonly socketDirectory: string;
  /** Of the postmaster; changes with `restart`. */
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  /** Runs a statement as the superuser over the unix socket, in the database `postgres`. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  setPassword(user: string, password: string): Promise<void>;
  /** Stops the postmaster and all its backends where they are: the kernel goes on accepting connections, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends all connections and starts on the same port and data, with other settings where given. */
  restart(changes?: PostgresSettings): Promise<void>;
  /** Ends the server and removes its files; a second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Makes a data directory and starts a server on it.
 * @throws when PostgreSQL's programs are missing or do not start; the message ends with what they said
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const owner = await unprivilegedUser();
  const folder = await temporaryFolder('vpc-synthetics-pg-', owner);
  const guard = await startGuard([folder], 'QUIT');
  try {
    const cluster = await createCluster(folder, guard, options.password, owner);
    return await serve(cluster, guard, options);
  } catch (error) {
    await guard.enforce();
    throw error;
  }
}

async function serve(cluster: Cluster, guard: Guard, options: PostgresOptions): Promise<PostgresServer> {
  const { password, user = 'app', database = 'app', standby } = options;
  let superuserPassword = password;
  let settings: PostgresSettings = options;
  let frozen: number[] = [];
  let stopped = false;

  const started = await startOnPort(cluster, options);
  const { port } = started;
  let { postmaster } = started;

  const query: PostgresServer['query'] = (sql, values) =>
    queryOnce({ host: cluster.sockets, port, password: superuserPassword }, sql, values);
  const thaw = (): void => {
    thawProcesses(frozen);
    frozen = [];
    guard.protect([postmaster.pid]);
  };
  const end = async (): Promise<void> => {
    if (frozen.length > 0) thaw();
    await postmaster.end('SIGINT', 10_000);
  };
  const start = async (): Promise<void> => {
    postmaster = await cluster.start(settings, port, superuserPassword);
  };

  if (user !== superuser) await query(`CREATE ROLE ${escapeIdentifier(user)} LOGIN PASSWORD ${escapeLiteral(password)}`);
  if (database !== 'postgres') await query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(user)}`);
  if (standby) {
    await end();
    await cluster.makeStandby();
    await start();
  }

  return {
    host: '127.0.0.1',
    port,
    socketDirectory: cluster.sockets,
    get pid() {
      return postmaster.pid;
    },
    user,
    database,
    query,
    async setPassword(role, newPassword) {
      await query(`ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(newPassword)}`);
      if (role === superuser) superuserPassword = newPassword;
    },
    async freeze() {
      if (frozen.length > 0) return;
      frozen = await freezeProcesses(postmaster.pid);
      guard.protect(frozen);
    },
    thaw,
    async restart(changes = {}) {
      await end();
      settings = { ...settings, ...changes };
      await start();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await end();
      await guard.release();
    },
  };
}

async function startOnPort(cluster: Cluster, options: PostgresOptions): Promise<{ postmaster: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { postmaster: await cluster.start(options, port, options.password), port };
    } catch (error) {
      // Somebody may have taken the free port in between.
      const taken = String(error).includes('Address already in use');
      if (!taken || options.port !== undefined || attempt === 5) throw error;
    }
  }
}
