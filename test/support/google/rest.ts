/** What the stand-ins of Google's REST APIs are made of: routes, calls, and errors in Google's shape. */

/** A JSON object. */
export type Document = Readonly<Record<string, unknown>>;

/** What a route's handler gets. */
export interface Call {
  /** The parts of the path that the route names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON body; an empty object where there is none. */
  readonly body: Document;
  /** The body as it came. */
  readonly raw: Buffer;
}

/** One method of an API. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly handle: (call: Call) => object | Promise<object>;
}

/** An API: the name that gcloud has for it, and what it answers. */
export interface Api {
  readonly name: string;
  readonly routes: readonly Route[];
}

/** An error as Google's APIs answer it (Google Cloud API design guide, "Errors"). */
export class ApiError extends Error {
  /** @param code is the HTTP status, `status` the canonical name that stands beside it. */
  constructor(
    readonly code: number,
    message: string,
    readonly status: string = statusOf(code),
    readonly details: readonly object[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

const names: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function statusOf(code: number): string {
  return names[code] ?? 'UNKNOWN';
}

export function invalid(message: string): ApiError {
  return new ApiError(400, message);
}

/** The resource changed since it was read: the caller has to read it again. */
export function aborted(message: string): ApiError {
  return new ApiError(409, message, 'ABORTED');
}

/**
 * @param path with `{name}` for a part without slash and colon, `{name+}` for all that follows, e.g. `/v1/projects/{project}/jobs/{job}:run`.
 * @returns the route.
 */
export function route(method: string, path: string, handle: Route['handle']): Route {
  const source = path
    .replace(/[.:]/g, '\\$&')
    .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/:]+)');
  return { method, path: new RegExp(`^${source}$`), handle };
}

/** @returns the named part of the call's path. */
export function part({ parameters }: Call, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw new Error(`The route has no part ${name}.`);
  return value;
}

/** @returns the value when it is a JSON object, else an empty one. */
export function objectOf(value: unknown): Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : {};
}

/** @returns the value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @returns the value when it is a text, else an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @throws 400 where the document has a field that the API does not know. */
export function refuseUnknown(document: Document, known: readonly string[], where = ''): void {
  for (const field of Object.keys(document)) {
    if (!known.includes(field)) {
      throw invalid(`Invalid JSON payload received. Unknown name "${field}"${where && ` at '${where}'`}: Cannot find field.`);
    }
  }
}
