/** What the redis kind has to say of each fault (redis.io, "Redis serialization protocol"). */
import { commonRows, failure, talkRow, type Row, type Variant } from '../cells';
import { clientHello } from './moments';

const refusals = { wrong: '-WRONGPASS invalid username-password pair or user is disabled.\r\n', noPermission: '-NOPERM no permission\r\n' };

function rowsOf(variant: Variant): readonly Row[] {
  const stage = variant.tls ? 'secured' : 'plain';
  const command = (name: string, refusal: string, refused: Row['cells']['refused']): Row =>
    talkRow(variant, 'command', `the answer to ${name}`, { stage, after: new RegExp(`\\r\\n${name}\\r\\n`, 'i'), refusal }, { refused });
  const denied = failure('permission_denied', 'command', 'operator');
  return [
    ...commonRows(variant, clientHello),
    talkRow(
      variant,
      'auth',
      'the answer to AUTH',
      { stage, after: /AUTH/i, refusal: refusals.wrong },
      { refused: failure('credentials_rejected', 'auth', 'operator') },
    ),
    command('PING', refusals.noPermission, denied),
    // The server works, but shows nothing of itself.
    command('INFO', refusals.noPermission, { ...denied, outcome: 'degraded' }),
    command('SET', "-READONLY You can't write against a read only replica.\r\n", failure('read_only', 'command', 'infrastructure')),
    command('GET', refusals.noPermission, denied),
    command('DEL', refusals.noPermission, denied),
  ];
}

export const redisVariants = {
  plain: { kind: 'redis', name: 'redis', tls: false, servedBy: 'infrastructure' },
  tls: { kind: 'redis', name: 'redis over TLS', tls: true, servedBy: 'infrastructure' },
} as const satisfies Record<string, Variant>;

export const redisRows: readonly Row[] = Object.values(redisVariants).flatMap(rowsOf);
