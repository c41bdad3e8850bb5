/** Tells requests that people and programs of this machine make from those that some page in a browser makes behind their backs. */
import type { IncomingHttpHeaders } from 'node:http';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** @returns whether a request was meant for this machine: a name that merely leads here may be anybody's. */
export function isForLoopback({ host = '' }: Pick<IncomingHttpHeaders, 'host'>): boolean {
  return loopback.includes(host.replace(/:\d+$/, '').toLowerCase());
}

/**
 * What browsers say by themselves counts (Fetch Metadata Request Headers; RFC 6454); who says nothing of it is no browser.
 * @returns why a request that changes something is not carried out, a sentence; undefined where it is
 */
export function crossSite(headers: IncomingHttpHeaders): string | undefined {
  const { host, origin } = headers;
  if (host !== undefined && !isForLoopback(headers)) return `the request is for ${host}; allowed: ${loopback.join(', ')}`;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'the request comes from a page of another origin';
  if (origin !== undefined && origin !== `http://${host}`) return `the request comes from a page of ${origin}`;
  return undefined;
}
