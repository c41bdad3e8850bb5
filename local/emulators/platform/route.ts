/** A method and path of the stand-in for Google's REST APIs, and what answers it. */

/** What a route's handler gets. */
export interface RouteCall {
  /** The named groups of the route's path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON body, if there is one. */
  readonly body?: unknown;
}

/** One route; `path` needs at least one named group and matches the whole path. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  /** Gives the answer's JSON, or throws a `RestError`. */
  readonly handle: (call: RouteCall) => object | Promise<object>;
}
