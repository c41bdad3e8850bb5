/** Where a redirect leads, and what may be said there (RFC 9110, 15.4). */
import type { TlsSettings } from '../dial/connection';
import type { Hop } from './hop';

const redirecting = new Set([301, 302, 303, 307, 308]);

/** What may be told to whoever a redirect names; anything else may be a credential. */
const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'cache-control', 'content-type', 'pragma', 'user-agent']);
/** What speaks of a body that is no longer sent. */
const ofBody = /^(content-.*|digest|last-modified)$/i;

/** @returns the URL that an answer leads to, or why it leads nowhere; undefined where it is no redirect. */
export function locationOf(status: number, location: string | undefined, { url }: Hop): URL | string | undefined {
  if (!redirecting.has(status) || location === undefined) return undefined;
  const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  if (!next) return 'to what is no URL';
  if (next.protocol !== 'http:' && next.protocol !== 'https:') return `to ${next.protocol}, which is not HTTP`;
  return next;
}

/** The usual step from http to https on the same host is no other place. */
function isSamePlace(from: URL, to: URL): boolean {
  return (
    from.origin === to.origin ||
    (from.hostname === to.hostname && from.protocol === 'http:' && from.port === '' && to.port === '' && to.protocol === 'https:')
  );
}

function tlsOf({ tls, url: from }: Hop, to: URL, isSame: boolean): TlsSettings | undefined {
  if (to.protocol === 'http:') return to.origin === from.origin ? tls : undefined;
  if (isSame || !tls) return { mode: 'verify-full', ...tls };
  // Name and client certificate are meant for the first host alone.
  const { serverName: _name, cert: _cert, key: _key, ...rest } = tls;
  return rest;
}

/** 303 asks for GET; for 301 and 302 every client has always turned POST into GET (RFC 9110, 15.4.2 to 15.4.4). */
function methodOf(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET';
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method;
}

/** @returns the next request, or why it is not sent: a body may hold a password, and is not told to another host. */
export function redirected(hop: Hop, status: number, to: URL): Hop | string {
  const isSame = isSamePlace(hop.url, to);
  const method = methodOf(status, hop.method);
  const body = method === hop.method ? hop.body : undefined;
  if (body !== undefined && !isSame) return `to ${to.origin}, which is another host than the request's body is for`;
  const headers = [...hop.headers].filter(
    ([name]) => (isSame || harmless.has(name.toLowerCase())) && (body !== undefined || hop.body === undefined || !ofBody.test(name)),
  );
  return {
    url: to,
    path: to.origin === hop.url.origin ? hop.path : undefined,
    method,
    headers: new Map(headers),
    body,
    tls: tlsOf(hop, to, isSame),
  };
}
