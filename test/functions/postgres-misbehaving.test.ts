/** The postgres kind against servers that break off, stay silent, talk nonsense, or say what a real one can't be brought to say. */
import { watchLeaks } from '../support/leaks';
import { atStatement, authentication, failure, message, servePostgres, welcome } from '../support/postgres-server';
import { probeForLeaks, probeServer } from '../support/probing-postgres';
import {
  closingServer,
  endlessServer,
  garbageServer,
  refusingPort,
  resettingServer,
  serveRaw,
  silentServer,
  type RawServer,
} from '../support/raw-server';
import type { Socket } from 'node:net';

const inTls = { tls: {} };

/** Agrees to TLS, and does as told when the handshake begins. */
function yesThen(behave: (socket: Socket) => void): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.once('data', () => {
      socket.write('S');
      socket.once('data', () => behave(socket));
    });
  });
}

describe('a server that goes away', () => {
  test('before it was there: refused', async () => {
    const result = await probeServer(refusingPort);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connect_refused', phase: 'connect', code: 'ECONNREFUSED' });
  });

  test.each<[string, () => Promise<RawServer>, string, Record<string, unknown>]>([
    ['at once', () => closingServer(), 'auth', {}],
    ['at once, when TLS is asked for', () => closingServer(), 'tls', inTls],
    ['at once, by a reset', () => resettingServer({ afterData: true }), 'auth', {}],
    ['at once, by a reset, when TLS is asked for', () => resettingServer({ afterData: true }), 'tls', inTls],
    ['instead of the handshake', () => yesThen((socket) => void socket.end()), 'tls', inTls],
    ['by a reset instead of the handshake', () => yesThen((socket) => void socket.resetAndDestroy()), 'tls', inTls],
    ['while it asks for the password', () => servePostgres({ startup: (socket) => void socket.end(authentication(3)) }), 'auth', {}],
    [
      'after the password',
      () => servePostgres({ startup: (s) => void s.write(authentication(3)), message: (_t, _b, s) => void s.end() }),
      'auth',
      {},
    ],
    [
      'by a reset after the password',
      () => servePostgres({ startup: (s) => void s.write(authentication(3)), message: (_t, _b, s) => void s.resetAndDestroy() }),
      'auth',
      {},
    ],
    ['right after the login', () => servePostgres({ startup: (socket) => void socket.end(welcome) }), 'query', {}],
    ['before the query', () => servePostgres(atStatement(1, (socket) => void socket.end())), 'query', {}],
    ['during the query', () => servePostgres(atStatement(2, (socket) => void socket.end(message('1')))), 'query', {}],
    ['by a reset during the query', () => servePostgres(atStatement(2, (socket) => void socket.resetAndDestroy())), 'query', {}],
    [
      'in the middle of a row',
      () => servePostgres(atStatement(2, (socket) => void socket.end(Buffer.from('D\0\0\0\xff\0', 'latin1')))),
      'query',
      {},
    ],
    ['before the facts', () => servePostgres(atStatement(3, (socket) => void socket.end())), 'query', {}],
  ])('%s', async (_when, start, phase, more) => {
    const result = await probeForLeaks(start, more);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'connection_reset', domain: 'network', phase });
    expect(result.durationMs).toBeLessThan(3000);
  });
});

describe('a server that stays silent', () => {
  const silences: readonly [string, () => Promise<RawServer>, string, Record<string, unknown>][] = [
    ['from the beginning', () => silentServer(), 'auth', {}],
    ['from the beginning, when TLS is asked for', () => silentServer(), 'tls', inTls],
    ['after the password', () => servePostgres({ startup: (socket) => void socket.write(authentication(3)) }), 'auth', {}],
    ['after the login', () => servePostgres({ startup: (socket) => void socket.write(welcome) }), 'query', {}],
    ['during the query', () => servePostgres(atStatement(2, () => {})), 'query', {}],
    ['in the middle of a message', () => servePostgres(atStatement(2, (socket) => void socket.write('D\0\0'))), 'query', {}],
    ['when asked for the facts', () => servePostgres(atStatement(3, () => {})), 'query', {}],
    ['when the handshake begins', () => yesThen(() => {}), 'tls', inTls],
  ];
  test('is told at the end of the time, in whatever phase it is', async () => {
    const leaks = await watchLeaks();
    const results = await Promise.all(silences.map(([, start, , more]) => probeServer(start, { timeout: '2s', ...more })));
    for (const [index, [when, , phase]] of silences.entries()) {
      expect({ when, ...results[index] }).toMatchObject({ when, outcome: 'failure', reason: 'timeout', owner: 'infrastructure', phase });
      expect(results[index]?.durationMs).toBeGreaterThanOrEqual(1990);
      expect(results[index]?.durationMs).toBeLessThan(3000);
    }
    await leaks.assertNothingLeft();
  });
});

describe('a server that talks nonsense', () => {
  const startup = (bytes: Buffer | string) => (): Promise<RawServer> => servePostgres({ startup: (socket) => void socket.write(bytes) });
  test.each<[string, () => Promise<RawServer>, string]>([
    ['garbage', () => garbageServer(), 'auth'],
    ['without end', () => endlessServer(), 'auth'],
    ['messages without end', () => endlessServer({ chunk: message('N', 'SNOTICE\0C00000\0Mmore\0\0').toString('latin1') }), 'auth'],
    ['HTTP', startup('HTTP/1.1 400 Bad Request\r\n\r\n'), 'auth'],
    ['a message of an impossible length', startup(Buffer.from('S\x7f\xff\xff\xff', 'latin1')), 'auth'],
    ['a message shorter than its header', startup(Buffer.from('Z\0\0\0\x01I', 'latin1')), 'auth'],
    ['an error without an end', startup(message('E', 'SFATAL\0Mmore')), 'auth'],
    ['an empty error', startup(message('E')), 'auth'],
    ['SCRAM without a server', startup(message('R', Buffer.from([0, 0, 0, 11]))), 'auth'],
    ['rows that nobody asked for', startup(Buffer.concat([authentication(0), message('D', '\0\0')])), 'auth'],
    ['garbage instead of a result', () => servePostgres(atStatement(2, (socket) => void socket.write('\x01\x02\x03'))), 'query'],
    ['without end instead of facts', () => servePostgres(atStatement(3, (s) => void s.write(message('D', Buffer.alloc(80_000))))), 'query'],
  ])('%s', async (_what, start, phase) => {
    const result = await probeForLeaks(start);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'protocol_error', owner: 'infrastructure', phase });
    expect(result.durationMs).toBeLessThan(3000);
  });

  test.each([[2], [7], [9]])('asks for a login by method %d, which nobody here speaks', async (method) => {
    const result = await probeServer(() => servePostgres({ startup: (socket) => void socket.write(authentication(method)) }));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'credentials_rejected', phase: 'auth' });
  });

  test('an announced row beyond the limit is not waited for', async () => {
    const row = Buffer.from('D\x7f\xff\xff\xff\0', 'latin1');
    const result = await probeServer(() => servePostgres(atStatement(2, (socket) => void socket.write(row))));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'body_too_large', phase: 'query' });
  });
});

describe('an error of a server or pooler', () => {
  test.each([
    ['28000', 'no pg_hba.conf entry', 'credentials_rejected', 'operator'],
    ['28P01', 'password authentication failed', 'credentials_rejected', 'operator'],
    ['3D000', 'database "app" does not exist', 'database_missing', 'infrastructure'],
    ['53300', 'sorry, too many clients already', 'too_many_connections', 'infrastructure'],
    ['53200', 'out of memory', 'out_of_memory', 'infrastructure'],
    ['53100', 'disk full', 'overloaded', 'infrastructure'],
    ['57P03', 'the database system is starting up', 'starting_up', 'infrastructure'],
    ['57P03', 'the database system is shutting down', 'starting_up', 'infrastructure'],
    ['57P03', 'the database system is in recovery mode', 'starting_up', 'infrastructure'],
    ['57P03', 'the database system is not yet accepting connections', 'starting_up', 'infrastructure'],
    ['57P01', 'terminating connection due to administrator command', 'shutting_down', 'infrastructure'],
    ['57P02', 'terminating connection because of crash of another server process', 'shutting_down', 'infrastructure'],
    ['25006', 'cannot execute in a read-only transaction', 'read_only', 'infrastructure'],
    ['42501', 'permission denied for database', 'permission_denied', 'operator'],
    ['42P01', 'relation does not exist', 'query_failed', 'application'],
    ['57014', 'canceling statement due to statement timeout', 'timeout', 'infrastructure'],
    ['XX000', 'cache lookup failed', 'unexpected_status', 'infrastructure'],
    ['58030', 'could not read block', 'unexpected_status', 'infrastructure'],
    ['08006', 'connection failure', 'connection_reset', 'infrastructure'],
    ['08P01', 'no such user: app', 'credentials_rejected', 'operator'],
    ['08P01', 'no such database: app', 'database_missing', 'infrastructure'],
    ['08P01', 'no more connections allowed (max_client_conn)', 'too_many_connections', 'infrastructure'],
    ['08P01', 'query_wait_timeout', 'too_many_connections', 'infrastructure'],
    ['08P01', 'server login has been failing, cached error: connect failed (server_login_retry)', 'bad_gateway', 'infrastructure'],
    ['08P01', 'the database system is shutting down', 'shutting_down', 'infrastructure'],
    ['08P01', 'unsupported startup parameter: extra', 'protocol_error', 'infrastructure'],
  ])('%s %s is %s', async (code, text, reason, owner) => {
    const error = failure(code, text);
    const login = await probeServer(() => servePostgres({ startup: (socket) => void socket.end(error) }));
    const query = await probeServer(() => servePostgres(atStatement(2, (socket) => void socket.end(error))));
    expect(login).toMatchObject({ outcome: 'failure', phase: 'auth', reason, owner, code, message: text });
    expect(query).toMatchObject({ outcome: 'failure', phase: 'query', reason, owner, code, message: text });
  });

  test.each([['57P01'], ['53200'], ['57014'], ['XX000']])('%s when asked for the facts is one, too', async (code) => {
    const result = await probeServer(() => servePostgres(atStatement(3, (socket) => void socket.end(failure(code, 'what it says')))));
    expect(result).toMatchObject({ outcome: 'failure', phase: 'query', code, message: 'what it says' });
  });

  test('in the form of protocol 2 is read, too', async () => {
    const text = 'Ecould not fork new process for connection: Cannot allocate memory\n\0';
    const result = await probeServer(() => servePostgres({ startup: (socket) => void socket.end(text) }));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'overloaded', phase: 'auth' });
    expect(result.message).toContain('could not fork');
  });

  test('right after the login is not forgotten', async () => {
    const bytes = Buffer.concat([welcome, failure('57P01', 'terminating connection due to administrator command')]);
    const result = await probeServer(() => servePostgres({ startup: (socket) => void socket.end(bytes) }));
    expect(result).toMatchObject({ outcome: 'failure', reason: 'shutting_down', phase: 'query', code: '57P01' });
  });

  test.each([['42883'], ['42501'], ['42704'], ['0A000']])(
    '%s about the facts leaves them untold, and conditions on them unmet',
    async (code) => {
      const refuse = (): Promise<RawServer> =>
        servePostgres(atStatement(3, (socket) => void socket.write(Buffer.concat([failure(code, 'unknown here'), message('Z', 'E')]))));
      expect(await probeServer(refuse)).toMatchObject({ outcome: 'success', observed: { 'address.ip': '127.0.0.1' } });
      const conditions = { writable: true, connectionUtilizationBelow: 0.9, replicationLagBelow: '1h', oldestTransactionBelow: '1h' };
      for (const [name, value] of Object.entries(conditions))
        expect(await probeServer(refuse, { expect: { [name]: value } })).toMatchObject({ outcome: 'failure', phase: 'query' });
    },
  );
});
