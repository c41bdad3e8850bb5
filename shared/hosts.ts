/** Hosts as the configuration and URLs spell them: one canonical form, patterns, and the addresses that nobody should probe. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Stands for a template while a URL is parsed; never part of a real URL. */
const marker = '\u{E000}';

/**
 * @returns the host as the URL parser spells it: lower case, punycode, no trailing dot, no brackets, no zone, and an IPv4 address
 * written in decimal, hexadecimal or octal numbers (WHATWG URL, host parsing) as four numbers.
 */
export function canonicalHost(host: string): string {
  const text = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  if (/[/?#@\\\s]/.test(text)) return text;
  try {
    const { hostname } = new URL(`http://${text.includes(':') ? `[${text}]` : text}/`);
    return hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
  } catch {
    return text.replace(/\.+$/, '');
  }
}

/** @returns whether the host is the one of the pattern, or lies, at any depth, below one written `*.example.com`. */
export function matchesHost(pattern: string, host: string): boolean {
  return forbiddenAmong([pattern], [host]) !== undefined;
}

/** @returns the first pattern that the host matches. */
export function forbiddenBy(patterns: readonly string[], host: string): string | undefined {
  return forbiddenAmong(patterns, [host]);
}

/** @returns the first pattern that one of the hosts, which may be many, matches. */
export function forbiddenAmong(patterns: readonly string[], hosts: readonly string[]): string | undefined {
  if (patterns.length === 0) return undefined;
  const names = hosts.map(canonicalHost);
  return patterns.find((pattern) => {
    const below = pattern.startsWith('*.');
    const wanted = canonicalHost(below ? pattern.slice(2) : pattern);
    return below ? names.some((name) => name.endsWith(`.${wanted}`)) : names.includes(wanted);
  });
}

/** Names under which Compute Engine serves the metadata of an instance. */
const metadataNames = new Set(['metadata', 'metadata.google.internal', 'metadata.goog']);

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
// The metadata servers' IPv6 addresses: of Amazon EC2 and of Compute Engine.
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
linkLocal.addAddress('fd20:ce::254', 'ipv6');
// 169.254.0.0/16 behind NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), a stateless translator (RFC 2765) and as an IPv4-compatible
// address (RFC 4291).
linkLocal.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
linkLocal.addSubnet('64:ff9b:1::a9fe:0', 112, 'ipv6');
linkLocal.addSubnet('64:ff9b:1:a9fe::', 64, 'ipv6');
linkLocal.addSubnet('::ffff:0:a9fe:0', 112, 'ipv6');
linkLocal.addSubnet('2002:a9fe::', 32, 'ipv6');
linkLocal.addSubnet('::a9fe:0', 112, 'ipv6');

/** @returns whether a host or address is link-local or a metadata server: what answers there speaks for the machine, not for a service. */
export function isLinkLocal(host: string): boolean {
  // What is dialled mostly is such an address, which is spelled in one way only.
  if (isIPv4(host)) return host.startsWith('169.254.');
  const name = canonicalHost(host);
  if (isIP(name) === 0) return metadataNames.has(name);
  return linkLocal.check(name, isIPv6(name) ? 'ipv6' : 'ipv4');
}

/** @returns whether the host stands in the list, however either is spelled. */
export function isListed(host: string, list: readonly string[]): boolean {
  return list.some((listed) => canonicalHost(listed) === canonicalHost(host));
}

/** @returns whether dialling a host or address has to be refused: it is link-local, and the configuration's `allowLinkLocal` does not list it. */
export function isRefused(host: string, allowLinkLocal: readonly string[]): boolean {
  return isLinkLocal(host) && !isListed(host, allowLinkLocal);
}

/** The longest path of a unix socket that every system takes (unix(7), macOS: 104 bytes with the final zero). */
const longestPath = 103;

/** @returns what is wrong with where a target leads, whatever is there; undefined where nothing is. */
export function endpointProblem(to: { readonly host: string; readonly port: number } | { readonly path: string }): string | undefined {
  if ('path' in to) {
    const isWrong = Buffer.byteLength(to.path) > longestPath || to.path.includes('\0');
    return isWrong ? `names a socket that no system can open; allowed: a path of at most ${longestPath} bytes` : undefined;
  }
  if (!Number.isInteger(to.port) || to.port < 1 || to.port > 65_535) return 'names a port that does not exist; allowed: 1 to 65535';
  // RFC 1035, 2.3.4: 255 octets with the lengths between the labels.
  const isName = /^[^\s\p{Cc},;/?#@\\]+$/u.test(to.host) && to.host.length <= 253;
  return isName ? undefined : 'names a host that is none; allowed: one name or address';
}

/** A URL that may hold templates, taken apart; `host` is absent where a template decides it, or where there is none. */
export interface ParsedUrl {
  /** Without the colon. */
  readonly scheme: string;
  readonly host?: string;
  /** Absent where the URL names none (or the scheme's usual one), or where a template decides it. */
  readonly port?: number;
  /** With `1` in the place of each template. */
  readonly url: URL;
}

/** Puts the marker in the place of each template. */
const mark = (text: string): string => text.replaceAll('$${', marker).replace(/\$\{(?:[^{}]|\$\{[^{}]*\})*\}/g, marker);

/** @returns what stands in a URL between the login and the path. */
function addressIn(marked: string): string {
  const [, authority = ''] = /^[^:/?#]+:[/\\]*([^/?#\\]*)/.exec(marked) ?? [];
  return authority.slice(authority.lastIndexOf('@') + 1);
}

/** @returns whether a URL names several hosts, as some clients' do (libpq, "Connection URIs"), also where it is none for the URL standard. */
export const namesSeveralHosts = (url: string): boolean => decodePart(addressIn(mark(url))).includes(',');

/** @returns the URL taken apart, or undefined where it is none, or where a template decides even its scheme. */
export function parseUrl(text: string): ParsedUrl | undefined {
  const marked = mark(text);
  // A URL with credentials and no host is none for the URL standard; PostgreSQL's clients write it where a socket is meant.
  const hostless = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@\//i.test(marked);
  const whole = hostless ? marked.replace('@/', '@socket.invalid/') : marked;
  const [, hostText = '', portText = ''] = /^(.*?)(?::([^:\]]*))?$/.exec(addressIn(whole)) ?? [];
  try {
    const url = new URL(whole.replaceAll(marker, '1'));
    if (whole.slice(0, url.protocol.length).includes(marker)) return undefined;
    return {
      scheme: url.protocol.slice(0, -1),
      host: hostless || hostText.includes(marker) || url.hostname === '' ? undefined : hostIn(decodePart(url.hostname)),
      port: portText.includes(marker) || url.port === '' ? undefined : Number(url.port),
      url,
    };
  } catch {
    return undefined;
  }
}

/** A unix socket's folder stands percent-encoded in a URL, and its case counts. */
const hostIn = (decoded: string): string => (decoded.startsWith('/') ? decoded : canonicalHost(decoded));

/** @returns the part of a URL with its percent-encoding undone; a percent sign that encodes nothing stays, as Python's clients have it. */
export function decodePart(part: string): string {
  return part.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
