/** Redis, Valkey and Memorystore: a login, a round trip, and what the server says of itself. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { equals, shareBelow } from '../shared/conditions';
import { addressProblems, host, port, secretValue, tls, tlsProblems, urlValue } from '../shared/config/fields';
import { tell } from '../shared/config/partly';
import { Fault } from '../shared/fault';
import { parseUrl } from '../shared/hosts';
import { defineKind, type ProbeOf, type Problem, type ProbeContext } from '../shared/probe';
import { factsOf, parseInfo } from './redis/facts';
import { explainReply } from './redis/replies';
import { openSession, type Session } from './redis/session';
import { databaseIn, highestDatabase, settingsOf, type Settings } from './redis/settings';

const databaseError = `is not the number of a database; allowed: 0 to ${highestDatabase}`;
const fields = {
  url: urlValue(['redis', 'rediss']).optional(),
  host: host.optional(),
  port: port.optional().describe('Default: 6379'),
  username: secretValue.optional(),
  password: secretValue.optional(),
  database: z.int({ error: databaseError }).min(0, { error: databaseError }).max(highestDatabase, { error: databaseError }).optional(),
  tls: tls.optional(),
  roundTrip: z.boolean().default(true).describe('Writes, reads and deletes a key of its own; false: nothing is written'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

const addressParts = ['host', 'port', 'username', 'password', 'database'] as const;

/** A URL whose authority ends before a host begins (RFC 3986, section 3.2). */
const hostless = /^[^:/?#]+:\/\/(?:[^/?#]*@)?(?:[/?#]|$)/;

function check(target: Target): readonly Problem[] {
  return [
    ...tell(() => tlsProblems(target.tls, ['tls'])),
    ...addressProblems(target, addressParts),
    ...tell(() => urlProblems(target)),
    ...('username' in target && !('password' in target)
      ? [{ path: ['username'], message: 'has no password beside it; allowed: username and password together, or password alone' }]
      : []),
  ];
}

function urlProblems(target: Target): readonly Problem[] {
  const { url } = target;
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined;
  if (typeof url !== 'string' || !parsed) return [];
  const says = (path: Problem['path'], message: string) => [{ path, message }];
  return [
    ...(hostless.test(url) ? says(['url'], 'names no host; allowed: e.g. redis://host:6379/0') : []),
    ...(databaseIn(parsed.url) === undefined
      ? says(['url'], 'names what is not the number of a database; allowed: e.g. redis://host:6379/0')
      : []),
    ...tell(() =>
      parsed.scheme === 'rediss' && target.tls?.mode === 'disable'
        ? says(['tls', 'mode'], '"disable" contradicts rediss in the url; allowed: redis, or another mode')
        : [],
    ),
  ];
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'redis',
  serviceOwner: 'infrastructure',
  title: 'Redis',
  fields,
  conditions: {
    role: equals('redis.role', z.enum(['master', 'slave']), 'not_primary'),
    memoryUtilizationBelow: shareBelow('redis.memoryUtilization', 'out_of_memory'),
    clientUtilizationBelow: shareBelow('redis.clientUtilization', 'too_many_connections'),
  },
  defaults: { timeoutMs: 3_000 },
  tls: true,
  endpoints(target) {
    const parsed = typeof target.url === 'string' ? parseUrl(target.url) : undefined;
    const named = parsed ? parsed.host : target.host;
    if (typeof named !== 'string' || named.includes('${')) return [];
    if (named.startsWith('/')) return [{ path: named }];
    return [{ host: named, port: (parsed ? parsed.port : target.port) ?? 6379 }];
  },
  plain(target) {
    if (target.tls !== undefined) return target.tls.mode === 'disable';
    return typeof target.url === 'string' ? parseUrl(target.url)?.scheme === 'redis' : target.url === undefined;
  },
  check,
});

/** A key that an interrupted probe leaves behind is gone soon. */
const keyLifetimeMs = 60_000;
/** More of a wrong value tells no more. */
const longestShown = 80;

/** The probe of the kind. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    const settings = settingsOf(target);
    const connection = await context.dial(settings.destination);
    const session = await context.phase('auth', async () => login(await openSession(connection), settings));
    await context.phase('command', async () => {
      await expectAnswer(session, 'PONG', 'PING');
      await observeServer(session, context);
      if (target.roundTrip) await roundTrip(session, context);
    });
    session.close();
    return undefined;
  },
  explain: explainReply,
};

async function login(session: Session, { username, password, database }: Settings): Promise<Session> {
  // A user whom the server lets in without a password is still another one than who comes without a name.
  if (username !== undefined) await expectAnswer(session, 'OK', 'AUTH', username, password ?? '');
  else if (password !== undefined) await expectAnswer(session, 'OK', 'AUTH', password);
  if (database !== undefined) await expectAnswer(session, 'OK', 'SELECT', String(database));
  return session;
}

async function expectAnswer(session: Session, expected: string, command: string, ...args: readonly string[]): Promise<void> {
  const answer = await session.call(command, ...args);
  if (answer !== expected) throw new Fault('protocol_error', `the answer to ${command} is not ${expected}`);
}

/** Looked at before anything is written, so that a server which refuses writes still shows its memory and its role. */
async function observeServer(session: Session, context: ProbeContext): Promise<void> {
  const [answer] = await Promise.allSettled([session.call('INFO')]);
  if (answer.status === 'rejected') {
    const refused = explainReply(answer.reason);
    if (refused?.reason !== 'permission_denied') throw answer.reason;
    // The server works, but shows nothing of itself: conditions on what it would show are unmet then.
    context.warn({ subject: 'INFO', reason: refused.reason, message: refused.message, durationMs: null });
    return;
  }
  if (typeof answer.value !== 'string') throw new Fault('protocol_error', 'the answer to INFO is not a text');
  const info = parseInfo(answer.value);
  if (!info) throw new Fault('protocol_error', 'the answer to INFO tells no version or no role');
  context.observe(factsOf(info, context.redact));
  if (info.get('loading') === '1') throw new Fault('starting_up', 'the server is loading its data', { code: 'LOADING' });
}

/** Writes, reads and deletes a key that holds no user's data. */
async function roundTrip(session: Session, { run, target, redact }: ProbeContext): Promise<void> {
  const key = `vpc-synthetics:${run.runId}:${target}`;
  const written = randomUUID();
  await expectAnswer(session, 'OK', 'SET', key, written, 'PX', String(keyLifetimeMs));
  const [read] = await Promise.allSettled([session.call('GET', key)]);
  const [deleted] = await Promise.allSettled([session.call('DEL', key)]);
  if (read.status === 'rejected') throw read.reason;
  if (read.value !== written) {
    const shown = redact(JSON.stringify(read.value)).slice(0, longestShown);
    throw new Fault('assertion_failed', `wrote ${JSON.stringify(written)}, read back ${shown}`);
  }
  if (deleted.status === 'rejected') throw deleted.reason;
}
