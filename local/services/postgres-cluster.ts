/** Makes a PostgreSQL data directory and runs a postmaster on it: everything that touches its files and programs. */
import { execFile } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Guard } from './guard';
import { postgresEnvironment, postgresPrograms } from './postgres-binaries';
import { type ServerProcess, startServerProcess } from './server-process';
import type { SystemUser } from './temporary-folder';

const run = promisify(execFile);

/** The superuser's name. */
export const superuser = 'postgres';

/** What can change when a server starts anew. */
export interface PostgresSettings {
  /**
   * PEM. With `ca`, clients have to present a certificate that it vouches for, and plaintext is refused.
   * Without, plaintext stays possible unless `hba` says otherwise.
   */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Server parameters, e.g. `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf in place of ours (scram-sha-256 for everybody); the superuser's way in over the unix socket stays. */
  readonly hba?: readonly string[];
}

/** A data directory, the folders around it, and who owns them. */
export interface Cluster {
  readonly data: string;
  readonly sockets: string;
  /** Runs a postmaster until it answers. */
  start(settings: PostgresSettings, port: number, password: string): Promise<ServerProcess>;
  /** The next postmaster will stay in recovery. */
  makeStandby(): Promise<void>;
}

const startLimitMs = 60_000;

// Nothing here has to survive a crash, so PostgreSQL may leave out every wait for the disk.
const baseSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  listen_addresses: '127.0.0.1',
};

/**
 * Initialises a data directory below `folder`, which the guard removes later.
 * @param password of the superuser
 * @param owner who runs PostgreSQL, when it can't be us
 */
export async function createCluster(folder: string, guard: Guard, password: string, owner?: SystemUser): Promise<Cluster> {
  const data = join(folder, 'data');
  const sockets = join(folder, 's');
  const own = async (path: string): Promise<void> => {
    if (owner) await chown(path, owner.uid, owner.gid);
  };
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    await own(path);
    return path;
  };
  await own(folder);
  await mkdir(sockets, { mode: 0o700 });
  await own(sockets);
  const programs = join(await postgresPrograms(folder, owner), 'bin');

  const passwordFile = await write('password', `${password}\n`);
  const args = [
    '-D',
    data,
    '-U',
    superuser,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
  ];
  const initdb = run(join(programs, 'initdb'), args, { cwd: folder, env: postgresEnvironment, ...owner });
  if (initdb.child.pid !== undefined) guard.protect([initdb.child.pid]);
  await initdb;

  return {
    data,
    sockets,
    async start({ tls, settings, hba }, port, superuserPassword) {
      const parameters: Record<string, string> = { ...baseSettings, unix_socket_directories: sockets, port: String(port) };
      parameters['hba_file'] = await write(
        'hba.conf',
        `${[`local all ${superuser} scram-sha-256`, ...(hba ?? defaultHba(tls?.ca))].join('\n')}\n`,
      );
      if (tls) {
        parameters['ssl'] = 'on';
        parameters['ssl_cert_file'] = await write('server.crt', tls.cert);
        parameters['ssl_key_file'] = await write('server.key', tls.key);
        if (tls.ca) parameters['ssl_ca_file'] = await write('clients.crt', tls.ca);
      }
      const flags = Object.entries({ ...parameters, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const command = {
        command: join(programs, 'postgres'),
        args: ['-D', data, ...flags],
        cwd: folder,
        user: owner,
        env: postgresEnvironment,
      };
      const postmaster = await startServerProcess(command);
      guard.protect([postmaster.pid]);
      await postmaster.ready(async () => {
        await queryOnce({ host: sockets, port, password: superuserPassword }, 'SELECT 1');
      }, startLimitMs);
      return postmaster;
    },
    async makeStandby() {
      await write('data/standby.signal', '');
    },
  };
}

function defaultHba(clientAuthority: string | undefined): string[] {
  if (clientAuthority === undefined) return ['local all all scram-sha-256', 'host all all all scram-sha-256'];
  return ['local all all scram-sha-256', 'hostssl all all all scram-sha-256 clientcert=verify-ca'];
}

/** Where the superuser connects: a unix socket's directory, and the port that is part of the socket's name. */
export interface SuperuserAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** Runs one statement as the superuser on a connection of its own. */
export async function queryOnce(
  address: SuperuserAddress,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  // Every field is given, or pg would take it from the environment (PGUSER, PGSSLMODE…).
  const client = new Client({ ...address, user: superuser, database: superuser, ssl: false, connectionTimeoutMillis: 10_000 });
  // What ends the connection also rejects the call that is being awaited.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
