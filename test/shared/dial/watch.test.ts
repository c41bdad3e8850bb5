/** When a connection counts as lost, and how a name is looked up. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { loss, lossFault, watch } from '../../../shared/dial/dial';
import { bareHost, lookup, type Lookup } from '../../../shared/dial/lookup';
import { serveRaw } from '../../support/raw-server';

/** A connection with its other end. */
async function connected(work: (near: Socket, far: Socket) => Promise<void>): Promise<void> {
  let accept: ((socket: Socket) => void) | undefined;
  const accepted = new Promise<Socket>((resolve) => (accept = resolve));
  const server = await serveRaw((socket) => accept?.(socket));
  const near = connect(server.port, server.host);
  try {
    await once(near, 'connect');
    await work(near, await accepted);
  } finally {
    near.destroy();
    await server.close();
  }
}
const stillOpen = (promise: Promise<unknown>): Promise<unknown> =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 150, 'still open'))]);

describe('a connection', () => {
  test('is lost when its peer ends it', () =>
    connected(async (near, far) => {
      const watched = watch(near.resume());
      expect([watched.isLost, watched.isAdopted]).toEqual([false, false]);
      far.end();
      expect(await watched.lost).toBeUndefined();
      expect(watched.isLost).toBe(true);
      await expect(loss(watched)).rejects.toMatchObject({ reason: 'connection_reset', message: 'the server closed the connection' });
    }));

  test('is lost when its peer resets it, for that reason', () =>
    connected(async (near, far) => {
      const watched = watch(near.resume());
      far.resetAndDestroy();
      expect(await watched.lost).toMatchObject({ code: 'ECONNRESET' });
      await expect(loss(watched)).rejects.toMatchObject({ reason: 'connection_reset', code: 'ECONNRESET' });
    }));

  test('is lost when it is closed without a word', () =>
    connected(async (near) => {
      const watched = watch(near);
      near.destroy();
      expect(await watched.lost).toBeUndefined();
      expect(watched.isLost).toBe(true);
    }));

  test('that was handed over is not told as lost', () =>
    connected(async (near, far) => {
      const watched = watch(near.resume());
      watched.adopt();
      far.end();
      expect(await stillOpen(loss(watched))).toBe('still open');
      expect([watched.isLost, watched.isAdopted, near.destroyed]).toEqual([false, true, near.destroyed]);
    }));

  test('that we close ourselves is not told as lost', () =>
    connected(async (near) => {
      const watched = watch(near.resume());
      watched.close();
      expect(near.destroyed).toBe(true);
      expect(await stillOpen(loss(watched))).toBe('still open');
      expect([watched.isLost, watched.isAdopted]).toEqual([false, true]);
    }));
});

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls_handshake'],
  ['ECONNRESET', 'connection_reset'],
  ['ETIMEDOUT', 'connection_reset'],
])('a connection that ended with %s is %s', (code, reason) => {
  const error = Object.assign(new Error('said'), { code });
  expect(lossFault(error)).toMatchObject({ reason, message: 'said', code, cause: error });
});

test.each([
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['[half', '[half'],
  ['half]', 'half]'],
  ['db.internal', 'db.internal'],
])('the host %s is %s', (host, bare) => expect(bareHost(host)).toBe(bare));

test.each([
  ['127.0.0.1', 4],
  ['[::1]', 6],
])('the address %s need not be looked up', async (host, family) => {
  const told: Lookup[] = [];
  expect(await lookup(host, (each) => told.push(each))).toEqual([{ address: bareHost(host), family }]);
  expect(told).toEqual([]);
});

test('a name that is being looked up is not looked up again; afterwards it is', async () => {
  const told: Lookup[] = [];
  const note = (each: Lookup): void => void told.push(each);
  const [one, other] = await Promise.all([lookup('localhost', note), lookup('localhost', note)]);
  expect(one).toBe(other);
  expect(one.length).toBeGreaterThan(0);
  expect(told.map((each) => each.isWaiting())).toEqual([false, false]);
  expect(await lookup('localhost', note)).not.toBe(one);
});
