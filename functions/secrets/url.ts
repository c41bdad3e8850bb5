/** Judges URLs as the clients of databases read them: also with several hosts, or a socket in place of one. */

/** Schemes that may be named in a message; any other text before a colon might be a part of the value. */
const known: ReadonlySet<string> = new Set(
  'http https ws wss postgres postgresql mysql mariadb mssql sqlserver redis rediss valkey mongodb mongodb+srv amqp amqps mqtt nats kafka clickhouse ldap ldaps smtp smtps ftp sftp ssh s3 gs'.split(
    ' ',
  ),
);

/** In these an @ in the path is nothing unusual. */
const web: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss']);

/** @returns what is wrong with a URL, or undefined. */
export function urlProblem(text: string, schemes: readonly string[] | undefined): string | undefined {
  const [, spelled, authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(text) ?? [];
  if (spelled === undefined) return 'the value is no URL';
  const scheme = spelled.toLowerCase();
  if (schemes && !schemes.includes(scheme)) {
    const actual = known.has(scheme) ? `${scheme}, not` : 'none of';
    return `the value is a URL whose scheme is ${actual} ${schemes.join(', ')}`;
  }
  if (/\$\{[^{}]*\}|\{\{[^{}]*\}\}/.test(text)) return 'the value is a URL that holds a template which nobody expanded';
  if (/[\s\p{Cc}]/u.test(text)) return 'the value is a URL that holds white space or control characters';
  const at = authority.lastIndexOf('@');
  const login = authority.slice(0, Math.max(at, 0));
  const encoding = 'the user or password in the URL is not percent-encoded';
  if (login.includes('@') || !isDecodable(login)) return encoding;
  if (at < 0 && rest.includes('@') && !web.has(scheme)) return encoding;
  return isHostList(authority.slice(at + 1), scheme, rest) ? undefined : 'the value is a URL without a valid host';
}

function isDecodable(login: string): boolean {
  try {
    decodeURIComponent(login);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL takes its host from a parameter, too (libpq, "Connection URIs"); MongoDB and PostgreSQL take lists. */
function isHostList(hosts: string, scheme: string, rest: string): boolean {
  if (hosts === '') return /^postgres(ql)?$/.test(scheme) && /[?&]host=[^&#]/.test(rest);
  return hosts.split(',').every((host) => {
    if (!/^(\[[0-9a-f:.%]+\]|[\p{L}\p{N}\p{M}_.~%-]+)(:\d*)?$/iu.test(host)) return false;
    return URL.canParse(`${scheme}://${host}`) && isDecodable(host);
  });
}
