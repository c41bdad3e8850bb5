/** What can break in Redis. */
import { failing, type Fault } from './fault';

const cache = failing('redis', 'cache');

/** A setting with a wrong value while the server runs. */
const setting = (name: string, wrong: string): Pick<Fault, 'breaks' | 'strike'> => ({
  breaks: `redis/${name}`,
  async strike({ redis }) {
    const right = (await redis.server().command('CONFIG', 'GET', name)) as readonly string[];
    await redis.server().command('CONFIG', 'SET', name, wrong);
    return async () => void (await redis.server().command('CONFIG', 'SET', name, right[1] ?? ''));
  },
});

export const redisFaults: readonly Fault[] = [
  {
    name: 'redis-down',
    title: 'Redis is stopped',
    // A server that starts anew has forgotten what was set while it ran.
    breaks: 'redis',
    expects: cache('connect_refused', 'infrastructure'),
    async strike({ redis }) {
      await redis.down();
      return () => redis.up();
    },
  },
  {
    name: 'redis-frozen',
    title: 'Redis hangs: connections are accepted, nothing is answered',
    breaks: 'redis',
    expects: cache('timeout', 'infrastructure'),
    async strike({ redis }) {
      await redis.server().freeze();
      return async () => redis.server().thaw();
    },
  },
  {
    name: 'redis-password-changed',
    title: 'The password of Redis is changed on the server, not in its secret',
    ...setting('requirepass', 'changed on the server only'),
    expects: cache('credentials_rejected', 'operator'),
  },
  {
    name: 'redis-full',
    title: 'The memory of Redis is used up',
    ...setting('maxmemory', '1'),
    expects: cache('out_of_memory', 'infrastructure'),
  },
];
