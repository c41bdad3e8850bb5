/** The faults that a server is in by itself, and what has to be told of each; pure data. */
import { failure, late, success, type Expected, type NetworkKind } from './cells';

/** A state, by its name among those of its kind. */
export interface State {
  readonly kind: NetworkKind;
  readonly state: string;
  readonly cell: Expected;
  /** The server's own code. */
  readonly code?: string;
  /** `real`, or why it is not. */
  readonly server: string;
}

const infra = 'infrastructure';
const scripted = 'scripted: a real one is not to be had in it for certain';

const postgres = (state: string, cell: Expected, code?: string, server = 'real'): State => ({
  kind: 'postgres',
  state,
  cell,
  code,
  server,
});
const redis = (state: string, cell: Expected, code?: string): State => ({ kind: 'redis', state, cell, code, server: 'real' });
const http = (state: string, cell: Expected, code?: string): State => ({ kind: 'http', state, cell, code, server: 'real' });
const websocket = (state: string, cell: Expected, code?: string): State => ({ kind: 'websocket', state, cell, code, server: 'real' });
const journey = (state: string, cell: Expected, code?: string): State => ({ kind: 'journey', state, cell, code, server: 'real' });
const tcp = (state: string, cell: Expected): State => ({ kind: 'tcp', state, cell, server: 'real' });

const command = 'command';
const transfer = (reason: Expected['reason'], owner: 'infrastructure' | 'application' | 'operator'): Expected =>
  failure(reason ?? 'internal', 'transfer', owner);

export const states: readonly State[] = [
  postgres('all connections taken', failure('too_many_connections', 'auth', infra), '53300'),
  postgres('read-only by default, writes expected', failure('read_only', 'query', infra)),
  postgres('in recovery, writes expected', failure('read_only', 'query', infra)),
  postgres('out of shared memory', failure('out_of_memory', 'query', infra), '53200'),
  postgres('out of memory for one more session', failure('out_of_memory', 'auth', infra), '53200', scripted),
  postgres('starting up', failure('starting_up', 'auth', infra), '57P03', scripted),
  postgres('failing over: nobody is promoted yet', failure('read_only', 'query', infra)),
  postgres('failed over: promoted', success),
  postgres('frozen', late('timeout', 'auth', infra)),
  postgres('the query takes too long', { ...late('timeout', 'query', infra) }, '57014'),
  postgres('the database was dropped', failure('database_missing', 'auth', infra), '3D000'),
  postgres('stopped in the middle of the query', failure('shutting_down', 'query', infra), '57P01'),
  postgres('shutting down, while others finish', failure('starting_up', 'auth', infra), '57P03'),
  postgres('restarting: not there', failure('connect_refused', 'connect', infra), 'ECONNREFUSED'),

  redis('loading its data', failure('starting_up', command, infra), 'LOADING'),
  redis('all clients taken', failure('too_many_connections', command, infra), 'ERR'),
  redis('out of memory on write', failure('out_of_memory', command, infra), 'OOM'),
  redis('a read-only replica', failure('read_only', command, infra), 'READONLY'),
  redis('a replica that lost its master', failure('replication_lagging', command, infra), 'MASTERDOWN'),
  redis('busy with a script', failure('overloaded', command, infra), 'BUSY'),
  redis('too few replicas to write', failure('read_only', command, infra), 'NOREPLICAS'),
  redis('frozen', late('timeout', command, infra)),
  redis('writes paused', late('timeout', command, infra)),
  redis('failing over: a replica, a master expected', failure('not_primary', command, infra)),
  redis('failed over: promoted', success),
  redis('restarted', success),
  redis('restarting: not there', failure('connect_refused', 'connect', infra), 'ECONNREFUSED'),

  http('500', transfer('unexpected_status', 'application'), '500'),
  http('502', transfer('bad_gateway', infra), '502'),
  http('503', transfer('unexpected_status', 'application'), '503'),
  http('503 with Retry-After', transfer('overloaded', infra), '503'),
  http("503 of Google's front end", transfer('overloaded', infra), '503'),
  http('504', transfer('bad_gateway', infra), '504'),
  http('429', transfer('overloaded', infra), '429'),
  http('401', transfer('credentials_rejected', 'operator'), '401'),
  http('403', transfer('permission_denied', 'operator'), '403'),
  http('404', transfer('unexpected_status', 'application'), '404'),
  http('redirects in a circle', failure('unexpected_status', 'request', 'application'), '302'),
  http('restarting: not there', failure('connect_refused', 'connect', infra), 'ECONNREFUSED'),

  websocket('restarting: closes with 1012', failure('unexpected_close', 'message', 'application'), '1012'),
  websocket('going away: closes with 1001', failure('unexpected_close', 'message', 'application'), '1001'),
  websocket('broken inside: closes with 1011', failure('unexpected_close', 'message', 'application'), '1011'),
  websocket('too busy: closes with 1013', failure('overloaded', 'message', infra), '1013'),
  websocket('closes as if all were said', failure('unexpected_close', 'message', 'application'), '1000'),
  websocket('upgrade 401', failure('credentials_rejected', 'upgrade', 'operator'), '401'),
  websocket('upgrade 403', failure('permission_denied', 'upgrade', 'operator'), '403'),
  websocket('upgrade 404', failure('upgrade_rejected', 'upgrade', 'application'), '404'),
  websocket('upgrade 429', failure('overloaded', 'upgrade', infra), '429'),
  websocket('upgrade 502', failure('bad_gateway', 'upgrade', infra), '502'),
  websocket('upgrade 503', failure('upgrade_rejected', 'upgrade', 'application'), '503'),
  websocket('upgrade 503 with Retry-After', failure('overloaded', 'upgrade', infra), '503'),
  websocket('upgrade 504', failure('bad_gateway', 'upgrade', infra), '504'),
  websocket('restarting: not there', failure('connect_refused', 'connect', infra), 'ECONNREFUSED'),

  tcp('full: closes before it greets', failure('connection_reset', 'exchange', infra)),
  tcp('says that it is too busy', late('timeout', 'exchange', infra)),
  tcp('restarting: not there', failure('connect_refused', 'connect', infra)),

  journey('the login answers 503', failure('unexpected_status', 'step', 'application'), '503'),
  journey('the login answers 429', failure('overloaded', 'step', infra), '429'),
  journey('the chat closes with 1012', failure('unexpected_close', 'step', 'application'), '1012'),
  journey('restarting: not there', failure('connect_refused', 'step', infra), 'ECONNREFUSED'),
];
