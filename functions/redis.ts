/** Redis, Valkey and Memorystore: a login, a round trip, and what the server says of itself. */
import { z } from 'zod';
import { equals, shareBelow } from '../shared/conditions';
import { host, port, secretValue, tls, tlsProblems, urlValue } from '../shared/config/fields';
import { parseUrl } from '../shared/hosts';
import { defineKind, type Problem } from '../shared/probe';

const fields = {
  url: urlValue(['redis', 'rediss']).optional(),
  host: host.optional(),
  port: port.optional().describe('Default: 6379'),
  username: secretValue.optional(),
  password: secretValue.optional(),
  database: z.int().min(0).optional(),
  tls: tls.optional(),
  roundTrip: z.boolean().default(true).describe('Writes, reads and deletes a key of its own; false: PING only'),
};
type Target = z.output<z.ZodObject<typeof fields>>;

const withUrl = ['host', 'port', 'username', 'password', 'database'] as const;

function check(target: Target): readonly Problem[] {
  const problems: Problem[] = [...tlsProblems(target.tls, ['tls'])];
  if (target.url === undefined && target.host === undefined)
    problems.push({ path: [], message: 'has neither url nor host; allowed: url, or host, port, username, password, database' });
  if (target.url !== undefined)
    for (const key of withUrl)
      if (target[key] !== undefined) problems.push({ path: [key], message: 'stands together with url; allowed: one of the two' });
  const parsed = typeof target.url === 'string' ? parseUrl(target.url) : undefined;
  if (parsed && !/^\/?\d*$/.test(parsed.url.pathname))
    problems.push({ path: ['url'], message: 'has a path that is not the number of a database; allowed: e.g. redis://host:6379/0' });
  if (parsed?.scheme === 'rediss' && target.tls?.mode === 'disable')
    problems.push({ path: ['tls', 'mode'], message: '"disable" contradicts rediss in the url; allowed: redis, or another mode' });
  if (target.username !== undefined && target.password === undefined)
    problems.push({ path: ['username'], message: 'has no password beside it; allowed: username and password together, or password alone' });
  return problems;
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'redis',
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
