/** Keeps other sites from acting in the name of whoever looks at the page. */
import type { IncomingMessage } from 'node:http';

/** What an operator may do. */
export type Action = 'run' | 'verify';

/** A page of another site can't send it unless we allow that beforehand, which we never do (Fetch Standard, "CORS-preflight fetch"). */
const actionHeader = 'x-synthetics-action';

const isLoopback = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** The page itself, by whatever name; `gcloud run services proxy` gives us our own name, and the browser that of the machine itself. */
function isOurs(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: from, hostname } = new URL(origin);
  return from === host?.toLowerCase() || isLoopback(hostname);
}

/**
 * @returns why the request may come from another site, a sentence; undefined where it can't. `Sec-Fetch-Site` (Fetch Metadata Request
 * Headers) and `Origin` say where the page comes from; the latter also where a foreign name leads to a proxy on the machine itself.
 */
export function crossSiteProblem({ headers }: Pick<IncomingMessage, 'headers'>, action: Action): string | undefined {
  if (headers[actionHeader] !== action) return `the header X-Synthetics-Action: ${action} is missing`;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'another site asks for it (Sec-Fetch-Site)';
  const { origin } = headers;
  return origin === undefined || isOurs(origin, headers.host) ? undefined : 'another site asks for it (Origin)';
}
