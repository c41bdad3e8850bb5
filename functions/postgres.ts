/** PostgreSQL and Cloud SQL: a login, a query in a read-only transaction, and what the server says of itself. */
import * as z from 'zod';
import { equals, secondsBelow, shareBelow } from '../shared/conditions';
import { host, port, secretReference, secretValue, tls, tlsModes, tlsProblems, urlValue, type Tls } from '../shared/config/fields';
import { decodePart, parseUrl } from '../shared/hosts';
import { defineKind, type Condition, type Endpoint, type Problem, type ProbeOf, type Resolved } from '../shared/probe';
import { explain } from './postgres/explain';
import { factsOf, factsQuery } from './postgres/facts';
import { login } from './postgres/session';
import { requestTls } from './postgres/tls-request';
import { Fault } from '../shared/fault';

/** What the conditions judge besides the facts: the query's rows, and the first column of the first of them as text. */
export interface Evidence {
  readonly rows: number;
  readonly value: string | null;
}

const fields = {
  url: urlValue(['postgres', 'postgresql', 'postgresql+asyncpg']).optional(),
  host: host.optional(),
  port: port.optional().describe('Default: 5432'),
  database: secretValue.optional(),
  user: secretValue.optional(),
  password: z.union([z.string(), secretReference, z.strictObject({ iam: z.literal(true) })]).optional(),
  tls: tls.optional(),
  query: z.string().min(1).default('SELECT 1').describe('Runs in a read-only transaction with a statement timeout'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

/** A bigger whole number would be compared after it was rounded. */
const exactNumber = z.number().refine((number) => !Number.isInteger(number) || Number.isSafeInteger(number), {
  error: 'is too big to be exact; allowed: the same in quotes',
});

const value: Condition<Evidence> = {
  schema: z.union([z.string(), exactNumber, z.boolean()], { error: 'is not a value; allowed: a text, a number, true or false' }),
  reason: 'assertion_failed',
  judge: (expected: string | number | boolean, evidence) => {
    // PostgreSQL writes booleans as t and f.
    const texts = typeof expected === 'boolean' ? [String(expected), String(expected).charAt(0)] : [String(expected)];
    if (evidence.value !== null && texts.includes(evidence.value)) return null;
    return `the query's value is ${JSON.stringify(evidence.value)}, expected ${JSON.stringify(String(expected))}`;
  },
};

const rows: Condition<Evidence> = {
  schema: z.int().min(0),
  reason: 'assertion_failed',
  judge: (expected: number, evidence) => (evidence.rows === expected ? null : `the query gave ${evidence.rows} rows, expected ${expected}`),
};

/** Where a target leads and as whom; from its URL, or from its fields. */
export interface Settings {
  readonly to?: Endpoint;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string | { readonly iam: true };
  /** Absent over unix sockets; there PostgreSQL speaks no TLS. */
  readonly tls?: Resolved<Tls>;
}

const socketOf = (path: string, at: number): Endpoint => ({ path: path.includes('/.s.PGSQL.') ? path : `${path}/.s.PGSQL.${at}` });

const text = (part: string): string | undefined => (part === '' ? undefined : decodePart(part));

/**
 * Reads the URL as PostgreSQL's own clients do (libpq, "Connection URIs"): a host that starts with a slash is a unix socket's folder.
 * `to` is absent where a template or a secret decides it. TLS is verify-full unless `tls`, or else `sslmode`, says otherwise.
 */
export function settingsOf(target: Resolved<Target>): Settings {
  const parsed = typeof target.url === 'string' ? parseUrl(target.url) : undefined;
  const query = parsed?.url.searchParams;
  const named = parsed ? (query?.get('host') ?? parsed.host) : target.host;
  const at = (parsed ? parsed.port : target.port) ?? 5432;
  const known = typeof named === 'string' && !named.includes('${');
  const to = known ? (named.startsWith('/') ? socketOf(named, at) : { host: named, port: at }) : undefined;
  const mode = tlsModes.find((name) => name === query?.get('sslmode')) ?? 'verify-full';
  const secure = to && 'path' in to ? undefined : (target.tls ?? { mode });
  if (!parsed) return { to, database: target.database, user: target.user, password: target.password, tls: secure };
  const { username, password, pathname } = parsed.url;
  return { to, database: text(pathname.slice(1)), user: text(username), password: text(password), tls: secure };
}

const withUrl = ['host', 'port', 'database', 'user', 'password'] as const;

function check(target: Target): readonly Problem[] {
  const problems: Problem[] = [...tlsProblems(target.tls, ['tls'])];
  if (target.url === undefined && target.host === undefined)
    problems.push({ path: [], message: 'has neither url nor host; allowed: url, or host, port, database, user, password' });
  if (target.url !== undefined)
    for (const key of withUrl)
      if (target[key] !== undefined) problems.push({ path: [key], message: 'stands together with url; allowed: one of the two' });
  const sslmode = typeof target.url === 'string' ? parseUrl(target.url)?.url.searchParams.get('sslmode') : undefined;
  if (target.tls === undefined && typeof sslmode === 'string' && !tlsModes.some((mode) => mode === sslmode))
    problems.push({ path: ['url'], message: `holds sslmode=${sslmode}; allowed: ${tlsModes.join(', ')}` });
  return problems;
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, Evidence>({
  name: 'postgres',
  title: 'PostgreSQL',
  fields,
  conditions: {
    rows,
    value,
    writable: equals('postgres.writable', z.boolean(), 'read_only'),
    connectionUtilizationBelow: shareBelow('postgres.connectionUtilization', 'too_many_connections'),
    replicationLagBelow: secondsBelow(
      'postgres.replicationLag',
      'replication_lagging',
      (observed) => observed['postgres.role'] === 'primary',
    ),
    oldestTransactionBelow: secondsBelow('postgres.oldestTransaction', 'assertion_failed'),
  },
  defaults: {},
  tls: true,
  endpoints(target) {
    const { to } = settingsOf(target);
    return to ? [to] : [];
  },
  plain(target) {
    if (typeof target.url === 'object') return target.tls?.mode === 'disable';
    const { to, tls: secure } = settingsOf(target as Resolved<Target>);
    return to !== undefined && 'path' in to ? true : secure?.mode === 'disable';
  },
  check,
});

const maxResultBytes = 1024 * 1024;
const iamScope = 'https://www.googleapis.com/auth/sqlservice.login';

/** The code of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    const { to, tls: secure, user = 'postgres', database = user, password = '' } = settingsOf(target);
    if (!to) throw new Fault('config_invalid', 'the URL names no host');
    const token = typeof password === 'string' ? password : await context.cloud.accessToken(iamScope, context.signal);
    const { socket } = await context.dial({ to, tls: secure, startTls: requestTls });
    const session = await context.phase('auth', () => login(socket, { user, database, password: token }));
    try {
      return await context.phase('query', async () => {
        await session.execute(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.max(1, Math.floor(context.remaining()))}`);
        const answer = await session.query(target.query, maxResultBytes);
        const [facts = []] = await session.execute(`${factsQuery}; ROLLBACK`);
        context.observe(factsOf(facts));
        return { rows: answer.length, value: answer[0]?.[0] ?? null };
      });
    } finally {
      session.end();
    }
  },
  explain,
};
