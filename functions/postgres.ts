/** PostgreSQL and Cloud SQL: a login, a query in a read-only transaction, and what the server says of itself. */
import * as z from 'zod';
import { equals, secondsBelow, shareBelow } from '../shared/conditions';
import {
  addressProblems,
  host,
  port,
  secretReference,
  secretValue,
  tls,
  tlsModes,
  tlsProblems,
  urlValue,
  type Tls,
} from '../shared/config/fields';
import { tell } from '../shared/config/partly';
import { Fault } from '../shared/fault';
import { decodePart, namesSeveralHosts, parseUrl } from '../shared/hosts';
import { defineKind, type Condition, type Endpoint, type Problem, type ProbeOf, type Resolved } from '../shared/probe';
import { explain } from './postgres/explain';
import { askFacts } from './postgres/facts';
import { login } from './postgres/session';
import { requestTls } from './postgres/tls-request';

/** What the conditions judge besides the facts: the query's rows, and the first column of the first of them as text. */
export interface Evidence {
  readonly rows: number;
  readonly value: string | null;
}

const schemes = ['postgres', 'postgresql', 'postgresql+asyncpg'];

const fields = {
  url: urlValue(schemes).optional(),
  host: host.optional(),
  port: port.optional().describe('Default: 5432'),
  database: secretValue.optional().describe('Default: the name of the user'),
  user: secretValue.optional().describe('Default: postgres'),
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

const oldestTransaction = secondsBelow('postgres.oldestTransaction', 'assertion_failed');
const oldestTransactionBelow: Condition<Evidence> = {
  ...oldestTransaction,
  judge: (expected: never, evidence, observed) =>
    'postgres.oldestTransaction' in observed
      ? oldestTransaction.judge(expected, evidence, observed)
      : "postgres.oldestTransaction can't be told: grant pg_read_all_stats (or pg_monitor) to the user of the probe",
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
  const at = (parsed ? Number(query?.get('port')) || parsed.port : target.port) ?? 5432;
  const known = typeof named === 'string' && !named.includes('${');
  const to = known ? (named.startsWith('/') ? socketOf(named, at) : { host: named, port: at }) : undefined;
  const mode = tlsModes.find((name) => name === query?.get('sslmode')) ?? 'verify-full';
  const secure = to && 'path' in to ? undefined : (target.tls ?? { mode });
  if (!parsed) return { to, database: target.database, user: target.user, password: target.password, tls: secure };
  const { username, password, pathname } = parsed.url;
  return { to, database: text(pathname.slice(1)), user: text(username), password: text(password), tls: secure };
}

/** @returns what is wrong with the `sslmode` of a URL; `tls` beside it makes it of no account. */
function sslmodeProblem(url: string, settings: Tls | Resolved<Tls> | undefined): string | undefined {
  const sslmode = settings ? null : parseUrl(url)?.url.searchParams.get('sslmode');
  if (typeof sslmode !== 'string' || tlsModes.some((mode) => mode === sslmode)) return undefined;
  return `holds sslmode=${sslmode}; allowed: ${tlsModes.join(', ')}`;
}

const addressParts = ['host', 'port', 'database', 'user', 'password'] as const;

function check(target: Target): readonly Problem[] {
  return [
    ...tell(() => tlsProblems(target.tls, ['tls'])),
    ...addressProblems(target, addressParts),
    ...tell(() => {
      const problem = typeof target.url === 'string' ? sslmodeProblem(target.url, target.tls) : undefined;
      return problem === undefined ? [] : [{ path: ['url'], message: problem }];
    }),
  ];
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, Evidence>({
  name: 'postgres',
  serviceOwner: 'infrastructure',
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
    oldestTransactionBelow,
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

/** @returns where a target leads whose secrets are in place. @throws Fault `config_invalid` for what only shows then. */
function resolvedSettings(target: Resolved<Target>): Settings & { readonly to: Endpoint } {
  // A password may hold what looks like a template.
  const url = target.url?.replaceAll('${', '%24{');
  if (namesSeveralHosts(url ?? '')) throw new Fault('config_invalid', 'the URL names several hosts; allowed: one host');
  if (url !== undefined && !schemes.includes(parseUrl(url)?.scheme ?? ''))
    throw new Fault('config_invalid', `the URL is none of PostgreSQL's; allowed: ${schemes.map((scheme) => `${scheme}://…`).join(', ')}`);
  const problem = url === undefined ? undefined : sslmodeProblem(url, target.tls);
  if (problem !== undefined) throw new Fault('config_invalid', `the URL ${problem}`);
  const settings = settingsOf({ ...target, url });
  if (!settings.to) throw new Fault('config_invalid', 'the URL names no host');
  if ('host' in settings.to && settings.to.host.includes(','))
    throw new Fault('config_invalid', 'several hosts are named; allowed: one host');
  return { ...settings, to: settings.to };
}

/** @returns a limit that the server keeps a moment before ours is over, so that it ends the query and not only the connection. */
function statementTimeout(remainingMs: number): number {
  return Math.max(1, Math.floor(remainingMs - Math.min(100, remainingMs / 10)));
}

/** The code of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    const { to, tls: secure, user = 'postgres', database = user, password = '' } = resolvedSettings(target);
    const secret = typeof password === 'string' ? password : await context.cloud.accessToken(iamScope, context.signal);
    if (secret !== password) context.capture(secret);
    const { socket } = await context.dial({ to, tls: secure, startTls: requestTls });
    const session = await context.phase('auth', () => login(socket, { user, database, password: secret }));
    try {
      return await context.phase('query', async () => {
        await session.execute(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${statementTimeout(context.remaining())}`);
        const answer = await session.query(target.query, maxResultBytes);
        context.observe(await askFacts(session));
        return { rows: answer.length, value: answer[0]?.[0] ?? null };
      });
    } finally {
      session.end();
    }
  },
  explain,
};
