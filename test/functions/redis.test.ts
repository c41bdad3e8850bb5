/** The redis kind against a real server. */
import { kind, probe } from '../../functions/redis';
import { startRedis, type RedisServer } from '../../local/services/redis';
import { watchLeaks } from '../support/leaks';
import { probeOne } from '../support/probing';

const redis = { kind, probe };

describe('a Redis server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis({ password: 'secret' });
  });
  afterAll(() => server.stop());

  test('passes with the right password and shows its facts', async () => {
    const leaks = await watchLeaks();
    const result = await probeOne(redis, { host: server.host, port: server.port, password: 'secret' });
    expect(result).toMatchObject({ outcome: 'success', observed: { 'redis.role': 'master' } });
    await leaks.assertNothingLeft();
  });
});
