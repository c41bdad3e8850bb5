import { type Services, startServices } from '../../local/stack/services';
import { createSwitchboard, type Switchboard } from '../../local/stack/switchboard';

jest.setTimeout(60_000);

let services: Services;
let switchboard: Switchboard;
beforeAll(async () => {
  services = await startServices(Date.now());
  switchboard = createSwitchboard(services, { targets: [] });
});
afterAll(() => services.stop());

const on = (): string[] =>
  switchboard
    .list()
    .filter((fault) => fault.on)
    .map(({ name }) => name);

test('a fault that can not be switched off now is still on, and can be later', async () => {
  await switchboard.set('database-read-only', true);
  await services.postgres.freeze();
  const refused = switchboard.set('database-read-only', false);
  await expect(refused).rejects.toThrow(/^database-read-only could not be switched off: .*; it can be tried again$/);
  expect(on()).toEqual(['database-read-only']);
  services.postgres.thaw();
  await switchboard.set('database-read-only', false);
  expect(on()).toEqual([]);
});

test('a fault that can not be switched on now is off, and can be later', async () => {
  await services.redis.down();
  await expect(switchboard.set('redis-full', true)).rejects.toThrow(
    'redis-full could not be switched on: Redis is down; it can be tried again',
  );
  expect(on()).toEqual([]);
  await services.redis.up();
  await switchboard.set('redis-full', true);
  expect(on()).toEqual(['redis-full']);
  await switchboard.set('redis-full', false);
});

test('a setting of Redis is put right on the server that runs by then', async () => {
  await switchboard.set('redis-full', true);
  await services.redis.down();
  await services.redis.up();
  await switchboard.set('redis-full', false);
  expect(on()).toEqual([]);
  expect(await services.redis.server().command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', String(64 * 1024 * 1024)]);
});
