/** Starts a PostgreSQL standby that streams from a primary: a copy of its data, taken while it runs (PostgreSQL manual, "Making a Base Backup Using the Low Level API"). */
import { execFile } from 'node:child_process';
import { chown, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../local/services/free-port';
import { startGuard } from '../../local/services/guard';
import type { PostgresServer } from '../../local/services/postgres';
import { unprivilegedUser } from '../../local/services/postgres-binaries';
import { createCluster, queryOnce } from '../../local/services/postgres-cluster';
import { temporaryFolder } from '../../local/services/temporary-folder';

const run = promisify(execFile);

/** A running standby. */
export interface StreamingStandby {
  readonly host: string;
  readonly port: number;
  /** Runs a statement as the superuser. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** @param password of the primary's superuser; its pg_hba.conf has to let replication in over TCP. */
export async function startStreamingStandby(primary: PostgresServer, password: string): Promise<StreamingStandby> {
  const owner = await unprivilegedUser();
  const folder = await temporaryFolder('vpc-synthetics-pg-', owner);
  const guard = await startGuard([folder], 'QUIT');
  const cluster = await createCluster(folder, guard, password, owner);
  await rm(cluster.data, { recursive: true });
  await backUp(primary, password, cluster.data, owner);
  await cluster.makeStandby();
  const port = await freePort();
  const source = `host=${primary.host} port=${primary.port} user=postgres password=${password} sslmode=disable`;
  const settings = { primary_conninfo: source, wal_retrieve_retry_interval: '100ms' };
  const postmaster = await cluster.start({ settings }, port, password);
  return {
    host: '127.0.0.1',
    port,
    query: (sql) => queryOnce({ host: cluster.sockets, port, password }, sql),
    async stop() {
      await postmaster.end('SIGINT', 10_000);
      await guard.release();
    },
  };
}

async function backUp(primary: PostgresServer, password: string, to: string, owner?: { uid: number; gid: number }): Promise<void> {
  const { host, port, socketDirectory } = primary;
  const client = new Client({ host, port, user: 'postgres', database: 'postgres', password, ssl: false });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', true)");
    await run('cp', ['-a', join(dirname(socketDirectory), 'data'), to]);
    await rm(join(to, 'postmaster.pid'), { force: true });
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    const label = join(to, 'backup_label');
    await writeFile(label, rows[0]?.labelfile ?? '');
    if (owner) await chown(label, owner.uid, owner.gid);
  } finally {
    await client.end();
  }
}
