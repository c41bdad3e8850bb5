/** Keys by which signatures are checked: kept as long as they may be, and fetched again for a new one. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signingKeysAt } from '../../../shared/cloud/signing-keys';

let keys: Record<string, unknown>;
let maxAge: number;
let asked: number;
let time: number;
let server: Server;
let keysFor: ReturnType<typeof signingKeysAt>;
beforeEach(async () => {
  [keys, maxAge, asked, time] = [{ a: 'A' }, 600, 0, 1_000_000];
  server = createServer((_, response) => {
    asked += 1;
    response.setHeader('cache-control', `public, max-age=${maxAge}, must-revalidate`).end(JSON.stringify(keys));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  keysFor = signingKeysAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, () => time);
});
afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

test('they are fetched once for all who ask at once, and kept as long as the answer allows', async () => {
  expect(await Promise.all([keysFor('a'), keysFor('a')])).toEqual([{ a: 'A' }, { a: 'A' }]);
  time += 599_000;
  await keysFor('a');
  expect(asked).toBe(1);
  time += 2_000;
  keys = { b: 'B' };
  expect(await keysFor('a')).toEqual({ b: 'B' });
  expect(asked).toBe(2);
});

test('they are kept for an hour at most', async () => {
  maxAge = 86_400;
  await keysFor('a');
  time += 3_601_000;
  await keysFor('a');
  expect(asked).toBe(2);
});

test('a new one is found, but whoever makes ids up does not make us ask each time', async () => {
  await keysFor('a');
  keys = { a: 'A', b: 'B' };
  expect(await keysFor('b')).toEqual({ a: 'A' });
  time += 10_001;
  expect(await keysFor('b')).toEqual({ a: 'A', b: 'B' });
  expect(asked).toBe(2);
});

test('what are no keys are none', async () => {
  keys = { keys: [{ kid: 'a' }] };
  await expect(keysFor('a')).rejects.toMatchObject({ reason: 'api_unavailable' });
});
