/** What a PostgreSQL server says of itself to an ordinary user, on PostgreSQL 12 and later. */
import { DatabaseError } from 'pg';
import { Fault } from '../../shared/fault';
import type { Observed } from '../../shared/result';
import type { Rows, Session } from './session';

/**
 * All that is asked of a primary. The functions below the views pg_stat_activity and pg_stat_wal_receiver, since each view costs a new
 * session most of a millisecond. Of others' sessions an ordinary user sees neither backend_type nor xact_start; processes of the server
 * itself have no database or no user.
 */
export const aboutServer = `
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

type Value = string | null;

const unexpected = (what: string): Fault => new Fault('protocol_error', `asked for its state, the server gave ${what}`);

/** @returns the only row. @throws Fault where there is none, or another: what the server did not say must not be made up. */
function rowOf(rows: Rows | undefined, columns: number): readonly Value[] {
  const [row] = rows ?? [];
  if (!row || rows?.length !== 1 || row.length !== columns) throw unexpected('another number of rows or columns than was asked for');
  return row;
}

/** PostgreSQL writes a double precision number with an exponent where it is small. */
function numberOf(value: Value | undefined): number {
  const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value ?? '') ? Number(value) : NaN;
  if (!Number.isFinite(number)) throw unexpected('no number where one was asked for');
  return number;
}

function isOne(value: Value | undefined, yes: string, no: string): boolean {
  if (value !== yes && value !== no) throw unexpected(`neither ${yes} nor ${no} where one of them was asked for`);
  return value === yes;
}

function serverFacts(rows: Rows | undefined): Observed {
  const [version, inRecovery, readOnly, max, reservedForSuperusers, reserved, backends, seesAll, oldest] = rowOf(rows, 9);
  if (!version) throw unexpected('no version');
  const isStandby = isOne(inRecovery, 't', 'f');
  const isReadOnly = isOne(readOnly, 'on', 'off');
  // Before PostgreSQL 16 there are none reserved for roles.
  const usable = numberOf(max) - numberOf(reservedForSuperusers) - numberOf(reserved ?? '0');
  const share = numberOf(backends) / usable;
  const seconds = numberOf(oldest ?? '0');
  const facts: Observed = {
    'postgres.version': version,
    'postgres.role': isStandby ? 'standby' : 'primary',
    'postgres.writable': !isStandby && !isReadOnly,
  };
  // Superusers may use the reserved connections, too.
  if (usable > 0) facts['postgres.connectionUtilization'] = rounded(Math.min(1, share), 4);
  if (isOne(seesAll, 't', 'f')) facts['postgres.oldestTransaction'] = rounded(seconds, 3);
  return facts;
}

/** What is missing on a server that only speaks PostgreSQL's protocol, or is withheld: feature, syntax, name, privilege. */
function isUnsupported(error: unknown): boolean {
  return error instanceof DatabaseError && /^(0A|42)/.test(error.code ?? '');
}

/**
 * Asks for the facts and ends the session's transaction, in one round trip; on a standby in one more.
 * @returns none of the facts where the server does not know them: conditions on them are then unmet.
 * @throws Fault `protocol_error` for an answer that says something else than what was asked.
 */
export async function askFacts(session: Session): Promise<Observed> {
  try {
    const [server] = await session.execute(`${aboutServer}; ROLLBACK`);
    const facts = serverFacts(server);
    if (facts['postgres.role'] === 'primary') return facts;
    const [replication] = await session.execute(aboutReplication);
    const [lag] = rowOf(replication, 1);
    // The clocks of the two servers may differ.
    return lag === null ? facts : { ...facts, 'postgres.replicationLag': rounded(Math.max(0, numberOf(lag)), 3) };
  } catch (error) {
    if (isUnsupported(error)) return {};
    throw error;
  }
}
