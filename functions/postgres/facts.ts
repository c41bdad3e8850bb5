/** What a PostgreSQL server says of itself, asked in one statement that an ordinary user may run, on PostgreSQL 12 and later. */
import type { Observed } from '../../shared/result';
import type { Rows } from './session';

/** One row with one column a fact; null where it can't be told. */
export const factsQuery = `
WITH backend AS (
  SELECT pid, xact_start FROM pg_catalog.pg_stat_activity
  WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
)
SELECT
  split_part(current_setting('server_version'), ' ', 1),
  pg_is_in_recovery(),
  current_setting('default_transaction_read_only') = 'off',
  (SELECT count(*) FROM backend) / nullif(current_setting('max_connections')::float
    - coalesce(current_setting('superuser_reserved_connections', true)::int, 0)
    - coalesce(current_setting('reserved_connections', true)::int, 0), 0),
  CASE WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver WHERE coalesce(status, 'streaming') = 'streaming')
      AND pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn() THEN 0
    ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())) END,
  CASE WHEN pg_has_role('pg_read_all_stats', 'USAGE') THEN
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(xact_start)), 0) FROM backend WHERE pid <> pg_backend_pid()) END`;

function rounded(text: string | null | undefined, digits: number): number | undefined {
  return text === null || text === undefined ? undefined : Number(Number(text).toFixed(digits));
}

/** @returns the facts that the row of `factsQuery` tells. */
export function factsOf(rows: Rows): Observed {
  const [version = null, inRecovery, writable, utilization, lag, oldest] = rows[0] ?? [];
  const facts = {
    'postgres.version': version,
    'postgres.role': inRecovery === 't' ? 'standby' : 'primary',
    'postgres.writable': inRecovery === 'f' && writable === 't',
    'postgres.connectionUtilization': rounded(utilization, 4),
    'postgres.replicationLag': rounded(lag, 3),
    'postgres.oldestTransaction': rounded(oldest, 3),
  };
  return Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined));
}
