/** What the postgres kind has to say of each fault (PostgreSQL manual, "Message Flow"). */
import { columns, failure as errorResponse, message as messageOf, ready, row } from '../../support/postgres-server';
import { commonRows, failure, success, talkRow, tlsRow, type Row, type Variant } from '../cells';
import type { Moment } from '../proxy';
import { clientHello } from './moments';

/** The query of every target, and what it gives. */
export const query = 'SELECT 42 AS answer';
export const value = '42';

const text = (bytes: Buffer): string => bytes.toString('latin1');
const error = (code: string, message: string): Pick<Moment, 'refusal' | 'refusalEnds'> => ({
  refusal: text(errorResponse(code, message)),
  refusalEnds: true,
});

function sslRow(variant: Variant): Row {
  const nonsense = failure('protocol_error', 'tls', 'infrastructure');
  const gone = failure('connection_reset', 'tls', 'infrastructure');
  // One byte is the whole answer: it has no middle, and comes in time however slowly.
  const moment: Moment = { stage: 'plain', after: /[^]{8}/, refusal: 'N', cutAfter: 0 };
  return talkRow(variant, 'tls', 'the answer to SSLRequest', moment, {
    refused: failure('tls_not_offered', 'tls', 'infrastructure'),
    slow: success,
    cut: gone,
    reset: gone,
    alert: nonsense,
  });
}

function rowsOf(variant: Variant): readonly Row[] {
  const stage = variant.tls ? 'secured' : 'plain';
  const [dns, connect, ...tls] = commonRows(variant);
  const auth = (at: string, after: RegExp, code: string, message: string): Row =>
    talkRow(
      variant,
      'auth',
      at,
      { stage, after, ...error(code, message) },
      { refused: failure('credentials_rejected', 'auth', 'operator') },
    );
  return [
    ...[dns, connect].flatMap((row_) => row_ ?? []),
    ...(variant.tls ? [sslRow(variant), tlsRow(variant, clientHello)] : tls),
    auth('how it wants the login', /user\0app\0/, '28000', 'no pg_hba.conf entry for host "127.0.0.1", user "app"'),
    auth('its part of SCRAM', /SCRAM-SHA-256\0/, '28000', 'role "app" is not permitted to log in'),
    auth('the answer to the password', /p\0\0\0.c=/s, '28P01', 'password authentication failed for user "app"'),
    talkRow(
      variant,
      'query',
      'the answer to BEGIN',
      { stage, after: /BEGIN READ ONLY/, ...error('57P01', 'terminating connection due to administrator command') },
      { refused: failure('shutting_down', 'query', 'infrastructure') },
    ),
    talkRow(
      variant,
      'query',
      'the answer to the query',
      {
        stage,
        after: new RegExp(query),
        ...error('42501', 'permission denied for table orders'),
        endless: {
          first: text(Buffer.concat([messageOf('1'), messageOf('2'), columns(1)])),
          chunk: text(row('x'.repeat(1000))).repeat(16),
        },
      },
      {
        refused: failure('permission_denied', 'query', 'operator'),
        endless: failure('body_too_large', 'query', 'infrastructure'),
      },
    ),
    talkRow(
      variant,
      'query',
      'the facts about itself',
      {
        stage,
        after: /pg_stat_get_activity/,
        refusal: text(Buffer.concat([errorResponse('42501', 'permission denied for function'), ready])),
      },
      // What is withheld is not told; the query itself was answered.
      { refused: success },
    ),
  ];
}

export const postgresVariants = {
  plain: { kind: 'postgres', name: 'postgres', tls: false, servedBy: 'infrastructure' },
  tls: { kind: 'postgres', name: 'postgres over TLS', tls: true, servedBy: 'infrastructure' },
} as const satisfies Record<string, Variant>;

export const postgresRows: readonly Row[] = Object.values(postgresVariants).flatMap(rowsOf);
