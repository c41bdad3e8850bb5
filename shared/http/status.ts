/** What the status of an answer says (RFC 9110, 15): whether it is an expected one, and the reason where it is not. */
import type { Reason } from '../reasons';

/** A status, or a class of them: `2xx`. */
export type ExpectedStatus = number | string;

/** What counts as good where nothing else is said. */
export const anySuccess: readonly ExpectedStatus[] = ['2xx'];

/** @returns whether one of the codes or classes is that of the status. */
export function isExpected(status: number, expected: readonly ExpectedStatus[]): boolean {
  return expected.some((wanted) => wanted === status || wanted === `${Math.floor(status / 100)}xx`);
}

const reasons: Readonly<Record<number, Reason>> = {
  401: 'credentials_rejected',
  403: 'permission_denied',
  429: 'overloaded',
  502: 'bad_gateway',
  504: 'bad_gateway',
};

/**
 * @param header gives a header field of the answer, by its lower-case name.
 * @param otherwise the reason of a status that says nothing in particular.
 */
export function reasonOfStatus(status: number, header: (name: string) => string | undefined, otherwise: Reason): Reason {
  // Google's front end answers 503 by itself when no instance is free.
  const isOverloaded = status === 503 && (header('retry-after') !== undefined || /^google frontend$/i.test(header('server') ?? ''));
  return isOverloaded ? 'overloaded' : (reasons[status] ?? otherwise);
}
