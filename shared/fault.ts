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

/** @returns whether it is an error, also one of another realm, as Node's own are inside a sandbox (`node:vm`). Never throws. */
export function isError(thrown: unknown): thrown is Error {
  return types.isNativeError(thrown) || isInstance(thrown, Error);
}

/** @returns whether it is a fault. Never throws. */
export function isFault(thrown: unknown): thrown is Fault {
  return isInstance(thrown, Fault);
}

/** A proxy may throw when it is asked for its prototype, and one that was revoked always does. */
function isInstance<Type>(thrown: unknown, type: abstract new (...args: never) => Type): thrown is Type {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}

/** @returns what the error says in words: OpenSSL's whole message holds a thread, a file and a line, too. */
function wordsOf(error: Error): string {
  const isOpenSsl = 'library' in error && 'reason' in error && typeof error.reason === 'string';
  // Whatever the types say, anything may stand there.
  const words: unknown = isOpenSsl ? error.reason : error.message || error.name;
  return String(words);
}

/** Errors hold others, and may hold themselves. */
const deepest = 20;

/** @returns the error and its causes, the outermost first. Never throws. */
export function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  try {
    for (let next = error; isError(next) && causes.length < deepest; next = next.cause) causes.push(next);
  } catch {
    // What its cause is, such an error does not say.
  }
  return causes;
}

/** Node joins the failures of several addresses in an AggregateError without a message of its own. */
function firstOf(error: unknown): unknown {
  let first = error;
  for (let depth = 0; depth < deepest && isError(first); depth += 1) {
    const inner: unknown = 'errors' in first && Array.isArray(first.errors) && !first.message ? first.errors[0] : undefined;
    if (inner === undefined) break;
    first = inner;
  }
  return first;
}

/** @returns what an unknown thrown thing says of itself; `code` where it is a string or number. Never throws, even where its fields do. */
export function describe(error: unknown): { message: string; code?: string } {
  try {
    const told = firstOf(error);
    if (!isError(told)) return { message: String(told) };
    const code: unknown = 'code' in told ? told.code : undefined;
    return { message: wordsOf(told), code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined };
  } catch {
    return { message: "something was thrown that can't be read" };
  }
}
