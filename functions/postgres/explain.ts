/** Names the reason of what PostgreSQL, a pooler in front of it, or the driver says (PostgreSQL manual, "PostgreSQL Error Codes"). */
import { DatabaseError } from 'pg';
import type { Reason } from '../../shared/reasons';

/** The first that the SQLSTATE begins with counts. */
const reasonsByState: readonly (readonly [string, Reason])[] = [
  ['28', 'credentials_rejected'],
  ['3D000', 'database_missing'],
  ['53300', 'too_many_connections'],
  ['53200', 'out_of_memory'],
  ['53', 'overloaded'],
  ['57014', 'timeout'],
  ['57P03', 'starting_up'],
  ['57P01', 'shutting_down'],
  ['57P02', 'shutting_down'],
  ['57P04', 'database_missing'],
  ['25006', 'read_only'],
  ['42501', 'permission_denied'],
  ['55P03', 'timeout'],
  ['08P01', 'protocol_error'],
  ['08', 'connection_reset'],
  ['XX', 'unexpected_status'],
  ['58', 'unexpected_status'],
  ['57', 'unexpected_status'],
  ['F0', 'unexpected_status'],
];

/** @returns what the driver's errors say; undefined for those of others. */
export function explain(error: unknown): { reason: Reason; code?: string; message?: string; hint?: string } | undefined {
  if (error instanceof DatabaseError) {
    const { code } = error;
    if (code === undefined) return { reason: 'protocol_error' };
    return { reason: reasonsByState.find(([state]) => code.startsWith(state))?.[1] ?? 'query_failed', code };
  }
  if (error instanceof Error && /^Connection terminated|^Client has encountered a connection error/.test(error.message))
    return { reason: 'connection_reset', message: 'the server closed the connection' };
  return undefined;
}
