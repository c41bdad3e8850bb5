/** The postgres kind against servers whose answers are not what was asked for: nothing is made up, and nothing is answered for ever. */
import type { RawServer } from '../support/raw-server';
import { answer, authentication, columns, done, inTurn, message, ready, row, servePostgres, type Script } from '../support/postgres-server';
import { password, probeForLeaks, probeServer } from '../support/probing-postgres';

const protocolError = { outcome: 'failure', reason: 'protocol_error', owner: 'infrastructure' };
/** As much as any answer may have. */
const flood = (one: Buffer): Buffer => Buffer.concat(Array.from({ length: Math.floor(1_000_000 / one.length) }, () => one));

/** What a primary that is well says of itself. */
const facts = ['17.2', 'f', 'off', '100', '3', '0', '7', 't', '0.5'];
const but = (column: number, value: string | null): (string | null)[] => facts.map((fact, index) => (index === column ? value : fact));
const stating = (...rows: readonly (readonly (string | null)[])[]): Script => inTurn(done, done, answer(...rows));

describe('facts', () => {
  test('are told as the server states them', async () => {
    const result = await probeServer(() => servePostgres(stating(facts)));
    expect(result).toMatchObject({
      outcome: 'success',
      observed: { 'postgres.version': '17.2', 'postgres.role': 'primary', 'postgres.writable': true },
    });
    expect(result.observed).toMatchObject({ 'postgres.connectionUtilization': 0.0722, 'postgres.oldestTransaction': 0.5 });
  });

  test('may lack what PostgreSQL itself may leave out', async () => {
    const result = await probeServer(() => servePostgres(stating(['12.1', 'f', 'on', '100', '3', null, '7', 'f', null])));
    expect(result).toMatchObject({
      outcome: 'success',
      observed: { 'postgres.writable': false, 'postgres.connectionUtilization': 0.0722 },
    });
    expect(result.observed).not.toHaveProperty(['postgres.oldestTransaction']);
    const idle = await probeServer(() => servePostgres(stating(but(8, null))));
    expect(idle.observed).toMatchObject({ 'postgres.oldestTransaction': 0 });
    const exponent = await probeServer(() => servePostgres(stating(but(8, '2.5e-02'))));
    expect(exponent.observed).toMatchObject({ 'postgres.oldestTransaction': 0.025 });
  });

  test.each<[string, Script]>([
    ['nothing but that it is ready', inTurn(done, done, ready)],
    ['no rows at all', inTurn(done, done, done)],
    ['no row', inTurn(done, done, Buffer.concat([columns(9), done]))],
    ['two rows', stating(facts, facts)],
    ['a row too short', stating(facts.slice(0, 8))],
    ['a row without an end of the statement', inTurn(done, done, Buffer.concat([columns(9), row(...facts), ready]))],
    ['no version', stating(but(0, null))],
    ['an empty version', stating(but(0, ''))],
    ['nothing of recovery', stating(but(1, null))],
    ['something else of recovery', stating(but(1, 'true'))],
    ['something else than on and off', stating(but(2, 'maybe'))],
    ['nothing for a number', stating(but(3, null))],
    ['garbage for a number', stating(but(3, 'many'))],
    ['a number that is none', stating(but(4, 'NaN'))],
    ['a number without end', stating(but(6, 'Infinity'))],
    ['a number that is too long', stating(but(6, '9'.repeat(400)))],
    ['garbage for a number that may be missing', stating(but(5, ''))],
    ['garbage for an age', stating(but(8, '1 day'))],
    ['garbage for a right', stating(but(7, 'yes'))],
  ])('are not made up by %s', async (_what, script) => {
    const result = await probeServer(() => servePostgres(script), { expect: { writable: true } });
    expect(result).toMatchObject({ ...protocolError, phase: 'query' });
    expect(Object.keys(result.observed)).toEqual(['address.ip']);
  });

  test.each<[string, Buffer]>([
    ['no row', Buffer.concat([columns(1), done])],
    ['garbage', answer(['soon'])],
    ['no number', answer(['NaN'])],
    ['another number of columns', answer(['1', '2'])],
  ])('of a standby are not made up by %s for its lag', async (_what, lag) => {
    const standby = inTurn(done, done, answer(but(1, 't')), lag);
    expect(await probeServer(() => servePostgres(standby))).toMatchObject({ ...protocolError, phase: 'query' });
  });
});

describe("the query's answer", () => {
  const query =
    (...bytes: readonly Buffer[]) =>
    (): Promise<RawServer> =>
      servePostgres(inTurn(done, Buffer.concat(bytes), answer(facts)));
  const sized = (length: number): Buffer => {
    const bytes = row('1');
    bytes.writeInt32BE(length, 7);
    return bytes;
  };
  const end = Buffer.concat([message('C', 'SELECT 1\0'), ready]);

  test('passes with rows, without any, and where there was nothing to do', async () => {
    const expected = { outcome: 'success' };
    expect(await probeServer(query(answer(['1', null])), { expect: { rows: 1, value: 1 } })).toMatchObject(expected);
    expect(await probeServer(query(columns(1), end), { expect: { rows: 0 } })).toMatchObject(expected);
    expect(await probeServer(query(message('n'), done), { expect: { rows: 0 } })).toMatchObject(expected);
    expect(await probeServer(query(message('1'), message('2'), message('n'), message('I'), ready))).toMatchObject(expected);
    const notices = Array.from({ length: 1000 }, () => message('N', 'SNOTICE\0C00000\0Mmore\0\0'));
    expect(await probeServer(query(...notices, answer(['1'])), { expect: { value: 1 } })).toMatchObject(expected);
  });

  test.each<[string, readonly Buffer[]]>([
    ['is not complete', [columns(1), row('1'), ready]],
    ['is nothing', [ready]],
    ['has a row of which nothing was said', [row('1'), end]],
    ['has an empty row of which nothing was said', [row(), end]],
    ['has a row with more than was announced', [columns(1), row('1', '2'), end]],
    ['has a row with less than was announced', [columns(2), row('1'), end]],
    ['has a column of less than nothing', [columns(1), sized(-5), end]],
    ['has a column beyond all bounds', [columns(1), sized(1e9), end]],
    ['has a column beyond its message', [columns(1), sized(2), end]],
    ['has a column that leaves something over', [columns(1), sized(0), end]],
    ['has a row of less than no columns', [columns(0), message('D', Buffer.from([255, 255])), end]],
    ['has the end of a statement without an end', [columns(1), row('1'), message('C', 'SELECT 1'), ready]],
    ['comes in portions', [columns(1), row('1'), message('s'), end]],
    ['tells the login again', [columns(1), row('1'), authentication(0), end]],
    // Each of the two would be read anew, to the end of all that has come, for each of its messages.
    ['announces columns that never come', [flood(message('T', Buffer.from([0x4e, 0x20])))]],
    ['is full of rows that lie', [columns(1), flood(message('D', Buffer.from([0x4e, 0x20])))]],
  ])('that %s is no answer', async (_what, bytes) => {
    const result = await probeForLeaks(query(...bytes), { expect: { writable: true } });
    expect(result).toMatchObject({ ...protocolError, phase: 'query' });
    expect(result.durationMs).toBeLessThan(3000);
  });

  test.each<[string, Buffer]>([
    ['notices', message('N', '\0')],
    ['settings', message('S', '\0\0')],
    ['notifications', message('A', '\0\0\0\0\0\0')],
    ['announcements', columns(0)],
  ])('that is a flood of %s ends', async (_what, one) => {
    const result = await probeForLeaks(query(flood(one)));
    expect(result).toMatchObject({ ...protocolError, phase: 'query' });
    expect(result.message).toContain('more than 10000 messages');
  });
});

describe('a request that comes again and again', () => {
  /** How often the client answered by a message of the type. */
  async function answers(type: string, script: Script): Promise<{ result: Awaited<ReturnType<typeof probeServer>>; count: number }> {
    let count = 0;
    const counting: Script = {
      ...script,
      message(got, body, socket) {
        if (got === type) count += 1;
        script.message?.(got, body, socket);
      },
    };
    return { result: await probeForLeaks(() => servePostgres(counting)), count };
  }
  const cleartext = authentication(3);
  const md5 = message('R', Buffer.from([0, 0, 0, 5, 1, 2, 3, 4]));

  test.each([
    ['the password', cleartext],
    ['the digest of the password', md5],
  ])('for %s is not answered once logged in', async (_what, request) => {
    const { result, count } = await answers('p', inTurn(done, flood(request)));
    expect(result).toMatchObject({ ...protocolError, phase: 'query', message: 'the server asks for a login after the login' });
    expect(count).toBe(0);
    const welcomed = Buffer.concat([authentication(0), request, ready]);
    const early = await answers('p', { startup: (socket) => void socket.write(welcomed) });
    expect(early).toMatchObject({ result: { ...protocolError, phase: 'auth' }, count: 0 });
  });

  test.each([
    ['the password', cleartext],
    ['the digest of the password', md5],
  ])('for %s is answered a few times at most', async (_what, request) => {
    const { result, count } = await answers('p', { startup: (socket) => void socket.write(flood(request)) });
    expect(result).toMatchObject({ ...protocolError, phase: 'auth' });
    expect(count).toBeLessThanOrEqual(4);
    expect(result.message).not.toContain(password);
  });

  test('for data is answered once at most', async () => {
    const { result, count } = await answers('f', inTurn(done, flood(message('G', Buffer.from([0, 0, 0])))));
    expect(result).toMatchObject({ ...protocolError, phase: 'query' });
    expect(count).toBeLessThanOrEqual(1);
  });

  test('is no login: ready without a welcome', async () => {
    const { result } = await answers('p', { startup: (socket) => void socket.write(ready) });
    expect(result).toMatchObject({ ...protocolError, phase: 'auth' });
  });
});
