/** What a PostgreSQL server says of itself to an ordinary user, on PostgreSQL 12 and later. */
import { DatabaseError } from 'pg';
import type { Observed } from '../../shared/result';
import type { Rows, Session } from './session';

// The functions below the views pg_stat_activity and pg_stat_wal_receiver, since each view costs a new session most of a
// millisecond. Of others' sessions an ordinary user sees neither backend_type nor xact_start; processes of the server itself
// have no database or no user.
const aboutServer = `
SELECT split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(), current_setting('default_transaction_read_only'),
  current_setting('max_connections'), current_setting('superuser_reserved_connections'), current_setting('reserved_connections', true),
  count(*), pg_has_role('pg_read_all_stats', 'USAGE'),
  extract(epoch FROM clock_timestamp() - min(xact_start) FILTER (WHERE pid <> pg_backend_pid()))
FROM pg_stat_get_activity(NULL)
WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'`;

// An ordinary user sees that there is a WAL receiver, but not its status. Nothing is behind when all that was received is replayed;
// when nothing is received any more, only the age of what was replayed last tells.
const aboutReplication = `
SELECT CASE WHEN pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn()
    AND EXISTS (SELECT FROM pg_stat_get_wal_receiver() WHERE pid IS NOT NULL AND coalesce(status, 'streaming') = 'streaming') THEN 0
  ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END`;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function serverFacts([row = []]: Rows): Observed {
  const [version = null, inRecovery, readOnly, max, reservedForSuperusers, reserved, backends, seesAll, oldest] = row;
  const usable = Number(max) - Number(reservedForSuperusers) - Number(reserved ?? 0);
  const facts: Observed = {
    'postgres.version': version,
    'postgres.role': inRecovery === 't' ? 'standby' : 'primary',
    'postgres.writable': inRecovery === 'f' && readOnly === 'off',
  };
  // Superusers may use the reserved connections, too.
  if (usable > 0) facts['postgres.connectionUtilization'] = rounded(Math.min(1, Number(backends) / usable), 4);
  if (seesAll === 't') facts['postgres.oldestTransaction'] = rounded(Number(oldest ?? 0), 3);
  return facts;
}

/** What is missing on a server that only speaks PostgreSQL's protocol, or is withheld: feature, syntax, name, privilege. */
function isUnsupported(error: unknown): boolean {
  return error instanceof DatabaseError && /^(0A|42)/.test(error.code ?? '');
}

/**
 * Asks for the facts and ends the session's transaction, in one round trip; on a standby in one more.
 * @returns none of the facts where the server does not know them: conditions on them are then unmet.
 */
export async function askFacts(session: Session): Promise<Observed> {
  try {
    const [server = []] = await session.execute(`${aboutServer}; ROLLBACK`);
    const facts = serverFacts(server);
    if (facts['postgres.role'] === 'primary') return facts;
    const [replication] = await session.execute(aboutReplication);
    const lag = replication?.[0]?.[0] ?? null;
    // The clocks of the two servers may differ.
    return lag === null ? facts : { ...facts, 'postgres.replicationLag': rounded(Math.max(0, Number(lag)), 3) };
  } catch (error) {
    if (isUnsupported(error)) return {};
    throw error;
  }
}
