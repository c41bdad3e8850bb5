/** Where one request goes and what it says: the first, and each one that a redirect asks for (RFC 9110, 15.4). */
import { validateHeaderValue } from 'node:http';
import type { TlsSettings } from '../dial/connection';
import { describe, Fault } from '../fault';
import { decodePart } from '../hosts';
import { version as productVersion } from '../version';
import { acceptedEncodings } from './encoding';

/** A request as it was configured, every text in its final form. */
export interface HttpRequest {
  /** http:, https:, or `unix:` with the path of a socket, a colon and the path of the request. */
  readonly url: string;
  /** Default: POST with a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string;
  readonly tls?: TlsSettings;
  /** How many redirects are followed. */
  readonly redirects: number;
  readonly version: 'auto' | '1.1' | '2';
  /** Bytes. */
  readonly maxBody: number;
}

/** One request on one connection. */
export interface Hop {
  readonly url: URL;
  /** The unix socket that is dialled in place of the URL's host. */
  readonly path?: string;
  readonly method: string;
  /** By name as it was written. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body?: string;
  /** Absent: plain. */
  readonly tls?: TlsSettings;
}

/** @returns the parts of `unix:/path/of/socket:/path?query`, or undefined; a colon that belongs to the socket's own path does not separate. */
export function unixParts(url: string): { readonly path: string; readonly target: string } | undefined {
  const [, path, target = '/'] = /^unix:(?:\/\/)?(\/.*?)(?::(\/.*))?$/.exec(url) ?? [];
  return path === undefined ? undefined : { path, target };
}

/** Over a socket there is no host to name; servers still want the field. */
const socketOrigin = 'http://localhost';

function parse(text: string): { url: URL; path?: string } {
  const unix = unixParts(text);
  const whole = unix ? socketOrigin + unix.target : text;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new Fault('config_invalid', 'the url is none of HTTP; it begins with http://, https:// or unix:/');
  return { url, path: unix?.path };
}

/** What the configuration shows was checked with it; what a secret holds is known only now. */
function checkHeader(name: string, value: string): void {
  try {
    validateHeaderValue(name, value);
  } catch (error) {
    throw new Fault('config_invalid', `the header ${name} can't be sent: its value is not one line of Latin-1`, {
      code: describe(error).code,
      cause: error,
    });
  }
}

/** @returns the fields that every request has, those of the configuration in their place. */
function headersOf({ headers = {}, json }: HttpRequest, url: URL): ReadonlyMap<string, string> {
  const usual: Record<string, string> = {
    'User-Agent': `vpc-synthetics/${productVersion}`,
    Accept: '*/*',
    'Accept-Encoding': acceptedEncodings,
  };
  if (json !== undefined) usual['Content-Type'] = 'application/json';
  // RFC 7617: what stands before the host is a user's name and password.
  if (url.username !== '' || url.password !== '')
    usual['Authorization'] = `Basic ${Buffer.from(`${decodePart(url.username)}:${decodePart(url.password)}`).toString('base64')}`;
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return new Map([...Object.entries(usual).filter(([name]) => !given.has(name.toLowerCase())), ...Object.entries(headers)]);
}

/**
 * @returns the first request.
 * @throws Fault `config_invalid` for a URL that is none of HTTP.
 */
export function firstHop(request: HttpRequest): Hop {
  const { url, path } = parse(request.url);
  const { tls } = request;
  if (url.protocol === 'https:' && tls?.mode === 'disable') throw new Fault('config_invalid', 'https in the url contradicts tls: disable');
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  return {
    url,
    path,
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: headersOf(request, url),
    body,
    tls: url.protocol === 'https:' ? { mode: 'verify-full', ...tls } : tls?.mode === 'disable' ? undefined : tls,
  };
}
