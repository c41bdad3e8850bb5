/** The postgres kind against a standby: its role, and how far it is behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { kind, probe } from '../../functions/postgres';
import { startPostgres, type PostgresServer } from '../../local/services/postgres';
import type { Result } from '../../shared/result';
import { probeOne } from '../support/probing';
import { startStreamingStandby, type StreamingStandby } from '../support/streaming-standby';

const password = 'correct-password';

jest.setTimeout(60_000);

describe('a PostgreSQL standby', () => {
  let primary: PostgresServer;
  let standby: StreamingStandby;
  beforeAll(async () => {
    primary = await startPostgres({ password, hba: ['host replication all all scram-sha-256', 'host all all all scram-sha-256'] });
    standby = await startStreamingStandby(primary, password);
    await primary.query('CREATE TABLE written (at timestamptz)');
    await caughtUp();
  });
  afterAll(async () => {
    await standby.stop();
    await primary.stop();
  });

  async function caughtUp(): Promise<void> {
    const [row] = await primary.query('SELECT pg_current_wal_lsn() AS lsn');
    const reached = `SELECT coalesce(pg_last_wal_replay_lsn() >= '${String(row?.['lsn'])}', false) AS reached`;
    while ((await standby.query(reached))[0]?.['reached'] !== true) await delay(20);
  }
  const ask = (more: Record<string, unknown> = {}, { host, port }: { host: string; port: number } = standby): Promise<Result> =>
    probeOne({ kind, probe }, { host, port, user: 'app', database: 'app', password, tls: { mode: 'disable' }, ...more });

  test('is no lag behind while it streams, seen by an ordinary user', async () => {
    // Nothing was written for a while, which is no lag.
    await delay(1200);
    const result = await ask({ expect: { writable: false, replicationLagBelow: '1s' } });
    expect(result).toMatchObject({
      outcome: 'success',
      observed: { 'postgres.role': 'standby', 'postgres.writable': false, 'postgres.replicationLag': 0 },
    });
  });

  test('is not writable', async () => {
    const result = await ask({ expect: { writable: true } });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'read_only', phase: 'query', owner: 'infrastructure' });
    expect(await ask({ query: 'CREATE TABLE more ()' })).toMatchObject({ reason: 'read_only', code: '25006' });
  });

  test('lags while what it receives is not replayed', async () => {
    await primary.query('INSERT INTO written VALUES (now())');
    await caughtUp();
    await standby.query('SELECT pg_wal_replay_pause()');
    await primary.query('INSERT INTO written VALUES (now())');
    await delay(1200);
    const lagging = await ask({ expect: { replicationLagBelow: '1s' } });
    const warned = await ask({ warn: { replicationLagBelow: '1s' } });
    await standby.query('SELECT pg_wal_replay_resume()');
    await caughtUp();
    const later = await ask({ expect: { replicationLagBelow: '1s' } });
    expect(lagging).toMatchObject({ outcome: 'failure', reason: 'replication_lagging', domain: 'state', phase: 'query' });
    expect(lagging.observed['postgres.replicationLag']).toBeGreaterThanOrEqual(1.2);
    expect(warned).toMatchObject({ outcome: 'degraded', reason: 'replication_lagging' });
    expect(later).toMatchObject({ outcome: 'success', observed: { 'postgres.replicationLag': 0 } });
  });

  test('lags when it is cut off, although it replayed everything that it had', async () => {
    await primary.query('INSERT INTO written VALUES (now())');
    await caughtUp();
    await primary.restart({ hba: ['host replication all all reject', 'host all all all scram-sha-256'] });
    await delay(1200);
    const result = await ask({ expect: { replicationLagBelow: '1s' } });
    expect(result).toMatchObject({ outcome: 'failure', reason: 'replication_lagging' });
    expect(result.observed['postgres.replicationLag']).toBeGreaterThanOrEqual(1.2);
  });

  test('is told from its primary, of which no lag is known and none is asked', async () => {
    const result = await ask({ expect: { replicationLagBelow: '1s', writable: true } }, primary);
    expect(result).toMatchObject({ outcome: 'success', observed: { 'postgres.role': 'primary' } });
    expect(result.observed).not.toHaveProperty(['postgres.replicationLag']);
  });
});

describe('a server in recovery that never received anything', () => {
  test('has a lag that nobody can tell: the condition is unmet', async () => {
    const server = await startPostgres({ password, standby: true });
    try {
      const { host, port } = server;
      const login = { host, port, user: 'app', database: 'app', password, tls: { mode: 'disable' } };
      const result = await probeOne({ kind, probe }, { ...login, expect: { replicationLagBelow: '36500d' } });
      expect(result).toMatchObject({ outcome: 'failure', reason: 'replication_lagging', observed: { 'postgres.role': 'standby' } });
      expect(result.observed).not.toHaveProperty(['postgres.replicationLag']);
    } finally {
      await server.stop();
    }
  });
});
