/** Errors in the shape that Google's REST APIs give them (Google Cloud API design guide, "Errors"). */

const names: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Thrown inside a route; `code` is the HTTP status. */
export class RestError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'RestError';
  }
}

/** Reasons in the older form of errors, by HTTP status. */
const reasons: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  429: 'rateLimitExceeded',
};

/**
 * `{"error":{"code","message","status"}}`; Compute Engine and Cloud SQL keep to the older form, with `errors` in the place of a status.
 * @param path of the request.
 */
export function errorBody({ code, message }: RestError, path = ''): object {
  const isOlder = path.startsWith('/compute/') || path.startsWith('/sqladmin/');
  const errors = [{ message, domain: 'global', reason: reasons[code] ?? 'backendError' }];
  return { error: { code, message, ...(isOlder ? { errors } : { status: names[code] ?? 'UNKNOWN' }) } };
}
