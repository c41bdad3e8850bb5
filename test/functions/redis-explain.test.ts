/** The reason of every error reply of Redis, Valkey and the proxies in front of them, as servers of all ages write them. */
import { explainReply } from '../../functions/redis/replies';
import type { Reason } from '../../shared/reasons';

function said(message: string, name = 'ReplyError'): ReturnType<typeof explainReply> {
  return explainReply(Object.assign(new Error(message), { name }));
}

/** @returns what equals a text like that, or nothing where there is to be none. */
const like = (pattern: RegExp | undefined): unknown => pattern && expect.stringMatching(pattern);

test.each<[Reason, string]>([
  ['credentials_rejected', 'WRONGPASS NOAUTH'],
  ['permission_denied', 'NOPERM DENIED'],
  ['starting_up', 'LOADING'],
  ['read_only', 'READONLY MISCONF NOREPLICAS'],
  ['out_of_memory', 'OOM'],
  ['replication_lagging', 'MASTERDOWN'],
  ['not_primary', 'MOVED ASK TRYAGAIN CLUSTERDOWN REDIRECT UNBLOCKED'],
  ['overloaded', 'BUSY'],
])('%s is what %s mean', (reason, codes) => {
  for (const code of codes.split(' ')) {
    expect(said(`${code} and in words`)).toMatchObject({ reason, code, message: `${code} and in words` });
    expect(said(code)).toMatchObject({ reason, code });
  }
});

test.each([
  ['DENIED', /protected mode/],
  ['MISCONF', /Check the disk/],
  ['NOREPLICAS', /min-replicas-to-write/],
  ['BUSY', /SCRIPT KILL/],
  ['CLUSTERDOWN', /CLUSTER NODES/],
  ['MOVED', /discovery endpoint.*roundTrip: false/],
  ['ASK', /discovery endpoint.*roundTrip: false/],
  ['WRONGPASS', undefined],
])('%s says where to look: %s', (code, hint) => {
  expect(said(`${code} in words`)?.hint).toEqual(like(hint));
});

test.each<[string, Reason, RegExp | undefined]>([
  ['ERR max number of clients reached', 'too_many_connections', undefined],
  ['ERR max number of clients + cluster connections reached', 'too_many_connections', undefined],
  ['ERR maximum number of clients reached', 'too_many_connections', undefined],
  ['ERR Client sent AUTH, but no password is set', 'credentials_rejected', /take it out of the target/],
  ['ERR AUTH <password> called without any password configured for the default user.', 'credentials_rejected', /take it out of the target/],
  ["ERR wrong number of arguments for 'auth' command", 'credentials_rejected', /older than Redis 6/],
  ['ERR wrong number of arguments for auth command', 'credentials_rejected', /older than Redis 6/],
  ["ERR wrong number of arguments for 'get' command", 'protocol_error', undefined],
  ['ERR invalid password', 'credentials_rejected', undefined],
  ['ERR operation not permitted', 'credentials_rejected', undefined],
  ['ERR DB index is out of range', 'database_missing', undefined],
  ['ERR invalid DB index', 'database_missing', undefined],
  ['ERR SELECT is not allowed in cluster mode', 'database_missing', undefined],
  ["ERR unknown command 'INFO'", 'permission_denied', /rename-command/],
  ['ERR something that nobody has heard of', 'protocol_error', undefined],
])('%s', (message, reason, hint) => {
  expect(said(message)).toEqual({ reason, code: 'ERR', message, hint: like(hint) });
});

test.each(['hunter2 is no code', 'Wrongpass x', 'X short', `${'A'.repeat(33)} long`, 'WRONGPASS1 digits', '-WRONGPASS x', ''])(
  '%j begins with no code, and none is told',
  (message) => expect(said(message)).toEqual({ reason: 'protocol_error', code: undefined, message, hint: undefined }),
);

test.each(['constructor', 'CONSTRUCTOR', 'TOSTRING'])('%s is a word like any other', (word) => {
  expect(said(`${word} x`)?.reason).toBe('protocol_error');
});

test.each([
  ["ERR unknown command 'AUTH', with args beginning with: 'hunter2' ", "ERR unknown command 'AUTH'"],
  ['ERR unknown command `AUTH`, with args beginning with: `hunter2`,\n`more`', 'ERR unknown command `AUTH`'],
  ["ERR unknown command 'AUTH' with args beginning with: 'hunter2'", "ERR unknown command 'AUTH'"],
])('what a server repeats of a login is not repeated: %j', (message, told) => expect(said(message)?.message).toBe(told));

test('any other error is told by others', () => {
  expect(said('WRONGPASS x', 'Error')).toBeUndefined();
  expect(explainReply({ name: 'ReplyError', message: 'WRONGPASS x' })).toBeUndefined();
  expect(explainReply('WRONGPASS x')).toBeUndefined();
});
