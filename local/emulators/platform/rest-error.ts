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

/** `{"error":{"code","message","status"}}`. */
export function errorBody({ code, message }: RestError): object {
  return { error: { code, message, status: names[code] ?? 'UNKNOWN' } };
}
