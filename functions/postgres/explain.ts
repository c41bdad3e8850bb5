/** Names the reason of what PostgreSQL, a pooler in front of it, or the driver says. */
import { DatabaseError } from 'pg';
import { Fault } from '../../shared/fault';
import type { Reason } from '../../shared/reasons';

/** By what the SQLSTATE begins with, the first that fits (PostgreSQL manual, "PostgreSQL Error Codes"); all others are the query's. */
const reasonsByState: readonly (readonly [string, Reason])[] = [
  ['28', 'credentials_rejected'],
  ['3D000', 'database_missing'],
  ['53300', 'too_many_connections'],
  ['53200', 'out_of_memory'],
  ['53', 'overloaded'],
  ['57P03', 'starting_up'],
  ['57P01', 'shutting_down'],
  ['57P02', 'shutting_down'],
  ['57P04', 'database_missing'],
  ['57014', 'timeout'],
  ['55P03', 'timeout'],
  ['25P03', 'timeout'],
  ['25006', 'read_only'],
  ['42501', 'permission_denied'],
  ['08P01', 'protocol_error'],
  ['08', 'connection_reset'],
  ['57', 'unexpected_status'],
  ['58', 'unexpected_status'],
  ['F0', 'unexpected_status'],
  ['XX', 'unexpected_status'],
];

/**
 * What poolers say under 08P01 whatever it is (PgBouncer, client.c and objects.c), what PostgreSQL says of a query's parameters
 * under the same code, and what a server says that can't even start a process.
 */
const reasonsByText: readonly (readonly [RegExp, Reason])[] = [
  [/bind message supplies/, 'query_failed'],
  [/no such database|database "?[^"]*"? does not exist/i, 'database_missing'],
  [/no such user|auth(entication)? failed|SSL required|(client )?certificate required/i, 'credentials_rejected'],
  [/no more connections allowed|too many (clients|connections)|max_client_conn|query_wait_timeout/i, 'too_many_connections'],
  [/could not fork/i, 'overloaded'],
  [/server login has been failing|server_login_retry|cannot connect to server|server conn crashed|connect failed/i, 'bad_gateway'],
  [/shutting down|database removed|database is disabled/i, 'shutting_down'],
  [/starting up|in recovery mode/i, 'starting_up'],
];

/** What the driver says in words only. */
const driverSays: readonly (readonly [RegExp, Reason, string])[] = [
  [/^Connection terminated|^Client has encountered a connection error/, 'connection_reset', 'the server closed the connection'],
  [/client password must be a non-empty string/, 'credentials_rejected', 'the server asks for a password, and there is none'],
  [
    /^Unknown authenticationOk message type/,
    'credentials_rejected',
    'the server asks for a way to log in that is not supported (GSSAPI, SSPI…)',
  ],
];

const cloudSqlHint =
  "Cloud SQL's usual certificate names the instance (project:instance), not its address, and is issued by the instance's own authority: " +
  'use `tls: {mode: verify-ca, ca: …}` with the server CA certificate of the instance.';

/** @returns whether the engine's message shows a certificate of Cloud SQL. */
function isCloudSql(message: string): boolean {
  return /Google Cloud SQL Server CA/.test(message) || /\bCN=([a-z][a-z0-9.-]*:)+[a-z][a-z0-9-]*(,|$)/.test(message);
}

/** @returns the reason of an error in any phase of the probe; undefined where others know better. */
export function explain(error: unknown): { reason: Reason; code?: string; message?: string; hint?: string } | undefined {
  if (error instanceof Fault) {
    const isHinted = error.reason === 'certificate_name_mismatch' || error.reason === 'certificate_untrusted';
    return isHinted && isCloudSql(error.message) ? { reason: error.reason, hint: cloudSqlHint } : undefined;
  }
  if (error instanceof DatabaseError) {
    const { message } = error;
    const code = /^[0-9A-Z]{5}$/.test(error.code ?? '') ? error.code : undefined;
    const said = code === undefined || code === '08P01' ? reasonsByText.find(([text]) => text.test(message)) : undefined;
    const byState = code === undefined ? undefined : (reasonsByState.find(([state]) => code.startsWith(state))?.[1] ?? 'query_failed');
    return { reason: said?.[1] ?? byState ?? 'protocol_error', code };
  }
  const text = error instanceof Error ? error.message : '';
  const known = driverSays.find(([pattern]) => pattern.test(text));
  return known && { reason: known[1], message: known[2] };
}
