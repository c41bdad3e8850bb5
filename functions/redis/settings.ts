/** Where a Redis target leads and as whom: from its URL, or from its fields. */
import type { Destination, TlsSettings } from '../../shared/dial/connection';
import { Fault } from '../../shared/fault';

/** The fields of a target, every reference replaced by its value. */
export interface Spec {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly database?: number;
  readonly tls?: TlsSettings;
}

/** A target as it is dialled and logged in to. */
export interface Settings {
  readonly destination: Destination;
  readonly username?: string;
  readonly password?: string;
  /** Absent where the one that every connection begins with, 0, is meant. */
  readonly database?: number;
}

const usualPort = 6379;
/** SELECT takes a number of 32 bits with a sign (redis.io, "SELECT"; `databases` in redis.conf). */
export const highestDatabase = 2_147_483_647;

/**
 * Reads a target's fields; a URL as the provisional registration of the scheme says (IANA, "redis" and "rediss"): the user's name
 * and password in front of the host, the number of the database behind it, or both as `password` and `db` in the query.
 * @throws Fault `config_invalid`; its message shows nothing of the URL, which may be secret.
 */
export function settingsOf(target: Spec): Settings {
  const { url, host, port, username, password, database, tls } = target;
  if (url !== undefined) return settingsOfUrl(url, tls);
  if (host === undefined || host === '') throw new Fault('config_invalid', 'the target names no host');
  return { destination: destinationOf(host, port, tls), username, password, database: database || undefined };
}

function settingsOfUrl(text: string, tls: TlsSettings | undefined): Settings {
  const url = parse(text);
  const isSecure = url.protocol === 'rediss:';
  if (!isSecure && url.protocol !== 'redis:') throw new Fault('config_invalid', 'the url is none of redis://… and rediss://…');
  if (isSecure && tls?.mode === 'disable') throw new Fault('config_invalid', 'the url is one of rediss, but tls.mode is "disable"');
  const host = decode(url.hostname);
  if (host === '') throw new Fault('config_invalid', 'the url names no host');
  const database = databaseIn(url);
  if (database === undefined) throw new Fault('config_invalid', 'the url names what is not the number of a database');
  return {
    destination: destinationOf(
      host,
      url.port === '' ? undefined : Number(url.port),
      tls ?? (isSecure ? { mode: 'verify-full' } : undefined),
    ),
    username: decode(url.username) || undefined,
    password: decode(url.password) || url.searchParams.get('password') || undefined,
    database: database || undefined,
  };
}

/** @returns the number of the database that a URL names, 0 where it names none, undefined where what it names is no such number. */
export function databaseIn(url: URL): number | undefined {
  const text = url.pathname.replace(/^\//, '') || url.searchParams.get('db') || '0';
  return /^\d+$/.test(text) && Number(text) <= highestDatabase ? Number(text) : undefined;
}

function destinationOf(host: string, port: number | undefined, tls: TlsSettings | undefined): Destination {
  return { to: host.startsWith('/') ? { path: host } : { host, port: port ?? usualPort }, tls };
}

const unreadable = 'the url can not be read; characters such as / # @ % in a name or password have to be percent-encoded';

function parse(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new Fault('config_invalid', unreadable);
  return url;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Fault('config_invalid', unreadable);
  }
}
