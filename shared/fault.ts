/** The one error that carries a reason: thrown by the engine and by probes, turned into a result by the run. */
import { types } from 'node:util';
import type { Reason } from './reasons';

/** What a fault may say besides its reason and message. */
export interface FaultDetails {
  /** The peer's or the system's own code: an SQLSTATE, an errno name, a status, a close code. */
  readonly code?: string;
  /** Replaces the hint of the catalogue where more is known. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A known reason why a probe ended without success. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code?: string;
  readonly hint?: string;

  constructor(
    readonly reason: Reason,
    message: string,
    details: FaultDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.hint = details.hint;
  }
}

/** @returns whether it is an error, also one of another realm, as Node's own are inside a sandbox (`node:vm`). */
export function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

/** @returns what the error says in words: OpenSSL's whole message holds a thread, a file and a line, too. */
function wordsOf(error: Error): string {
  const isOpenSsl = 'library' in error && 'reason' in error && typeof error.reason === 'string';
  return isOpenSsl ? String(error.reason) : error.message || error.name;
}

/** @returns what an unknown thrown thing says of itself; `code` where it is a string or number. */
export function describe(error: unknown): { message: string; code?: string } {
  if (!isError(error)) return { message: String(error) };
  // Node joins the failures of several addresses in an AggregateError without a message of its own.
  const inner: unknown = 'errors' in error && Array.isArray(error.errors) && !error.message ? error.errors[0] : undefined;
  if (inner !== undefined) return describe(inner);
  const code: unknown = 'code' in error ? error.code : undefined;
  return { message: wordsOf(error), code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined };
}
