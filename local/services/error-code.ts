/** Reads the code of an error. */

/**
 * `ENOENT`, `ESRCH`, `28P01`…, or undefined.
 * It does not ask `instanceof Error`: inside Jest's sandbox, errors of Node's own modules are of another realm.
 */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
