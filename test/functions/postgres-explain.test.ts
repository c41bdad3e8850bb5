/** The reason of every SQLSTATE (PostgreSQL manual, "PostgreSQL Error Codes"), of what poolers say in words, and of the driver's own words. */
import { DatabaseError } from 'pg';
import { explain } from '../../functions/postgres/explain';
import { Fault } from '../../shared/fault';
import type { Reason } from '../../shared/reasons';

function said(code: string | undefined, message = 'said'): ReturnType<typeof explain> {
  return explain(Object.assign(new DatabaseError(message, message.length, 'error'), { code }));
}

test.each<[Reason, string]>([
  ['credentials_rejected', '28000 28P01'],
  ['database_missing', '3D000 57P04'],
  ['too_many_connections', '53300'],
  ['out_of_memory', '53200'],
  ['overloaded', '53000 53100 53400'],
  ['starting_up', '57P03'],
  ['shutting_down', '57P01 57P02'],
  ['timeout', '57014 55P03 25P03'],
  ['read_only', '25006'],
  ['permission_denied', '42501'],
  ['query_failed', '42601 42P01 42703 22012 23505 25001 25P02 55000 0A000 40001 P0001 3F000'],
  ['protocol_error', '08P01'],
  ['connection_reset', '08000 08006 08003'],
  ['unexpected_status', '57000 57P05 58000 58030 F0000 XX000 XX001 XX002'],
])('%s is what %s mean', (reason, codes) => {
  expect(codes.split(' ').map((code) => said(code))).toEqual(codes.split(' ').map((code) => ({ reason, code })));
});

describe('what is said in words', () => {
  const words: readonly (readonly [string, Reason])[] = [
    ['bind message supplies 0 parameters, but prepared statement "" requires 1', 'query_failed'],
    ['no such database: app', 'database_missing'],
    ['database "app" does not exist', 'database_missing'],
    ['database app does not exist', 'database_missing'],
    ['database "my app" does not exist', 'database_missing'],
    ['relation "app" does not exist', 'protocol_error'],
    ['no such user: app', 'credentials_rejected'],
    ['auth failed', 'credentials_rejected'],
    ['password authentication failed for user "app"', 'credentials_rejected'],
    ['SSL required', 'credentials_rejected'],
    ['certificate required', 'credentials_rejected'],
    ['client certificate required', 'credentials_rejected'],
    ['no more connections allowed (max_client_conn)', 'too_many_connections'],
    ['too many clients already', 'too_many_connections'],
    ['Sorry, too many connections', 'too_many_connections'],
    ['client_login: max_client_conn', 'too_many_connections'],
    ['query_wait_timeout', 'too_many_connections'],
    ['could not fork new process for connection: Resource temporarily unavailable', 'overloaded'],
    ['server login has been failing, try again later', 'bad_gateway'],
    ['connect later (server_login_retry)', 'bad_gateway'],
    ['pgbouncer cannot connect to server', 'bad_gateway'],
    ['server conn crashed?', 'bad_gateway'],
    ['connect failed', 'bad_gateway'],
    ['the database system is shutting down', 'shutting_down'],
    ['database removed', 'shutting_down'],
    ['database is disabled', 'shutting_down'],
    ['the database system is starting up', 'starting_up'],
    ['the database system is in recovery mode', 'starting_up'],
    ['unsupported startup parameter: extra', 'protocol_error'],
  ];

  test.each(words)('by a pooler, under 08P01 whatever it is: %s', (message, reason) => {
    expect(said('08P01', message)).toEqual({ reason, code: '08P01' });
  });

  test.each(words)('by a server that could not even start a process, without a code: %s', (message, reason) => {
    expect(said(undefined, message)).toEqual({ reason, code: undefined });
  });

  test.each(words)('counts for nothing beside a code of its own: %s', (message) => {
    expect(said('53200', message)).toEqual({ reason: 'out_of_memory', code: '53200' });
  });

  test.each(['', '28P0', '28P012', 'x28P01', '28p01', '28P01\n'])('%j is no SQLSTATE, and is not told as one', (code) => {
    expect(said(code)).toEqual({ reason: 'protocol_error', code: undefined });
  });
});

describe('the driver', () => {
  test.each([
    ['Connection terminated unexpectedly', 'connection_reset', 'the server closed the connection'],
    ['Connection terminated', 'connection_reset', 'the server closed the connection'],
    ['Client has encountered a connection error and is not queryable', 'connection_reset', 'the server closed the connection'],
    [
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string',
      'credentials_rejected',
      'the server asks for a password, and there is none',
    ],
    [
      'Unknown authenticationOk message type {"length":8}',
      'credentials_rejected',
      'the server asks for a way to log in that is not supported (GSSAPI, SSPI…)',
    ],
  ])('that says %j', (message, reason, told) => expect(explain(new Error(message))).toEqual({ reason, message: told }));

  test.each([
    'read ECONNRESET',
    'the Connection terminated',
    'a Client has encountered a connection error',
    'an Unknown authenticationOk message type',
    '',
  ])('that says %j leaves it to others', (message) => expect(explain(new Error(message))).toBeUndefined());

  test('is not what throws something else', () => {
    expect(explain('Connection terminated')).toBeUndefined();
    expect(explain(undefined)).toBeUndefined();
  });
});

describe('a certificate of Cloud SQL', () => {
  const hinted = (reason: Reason, message: string): string | undefined => explain(new Fault(reason, message))?.hint;

  test.each([
    ['certificate_name_mismatch', 'the certificate CN=my-project:my-instance, issued by CN=X, is not for 10.0.0.3; it names no other'],
    ['certificate_name_mismatch', 'the certificate CN=example.com:my-project:my-instance, issued by X, is not for 10.0.0.3'],
    ['certificate_untrusted', 'the certificate CN=x, issued by CN=Google Cloud SQL Server CA, O=Google, is not trusted'],
  ] as const)('as %s in %j comes with the way to trust it', (reason, message) => {
    expect(explain(new Fault(reason, message))).toMatchObject({ reason });
    expect(hinted(reason, message)).toMatch(/instance \(project:instance\), not its address.*mode: verify-ca, ca: …}` with the server CA/);
  });

  test.each([
    ['certificate_name_mismatch', 'the certificate CN=db.example.com, issued by CN=Example, is not for 10.0.0.3'],
    ['certificate_name_mismatch', 'the certificate CN=my-project:My-Instance!, issued by CN=X, is not for 10.0.0.3'],
    ['certificate_untrusted', 'the certificate XCN=my-project:my-instance, issued by CN=X, is not trusted'],
    ['certificate_expired', 'the certificate CN=my-project:my-instance, issued by CN=Google Cloud SQL Server CA, expired'],
    ['connection_reset', 'CN=Google Cloud SQL Server CA'],
  ] as const)('is not %s in %j', (reason, message) => {
    expect(hinted(reason, message)).toBeUndefined();
  });
});
