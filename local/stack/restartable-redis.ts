/** A Redis server that can be stopped and started again on the same port. */
import { type RedisOptions, type RedisServer, startRedis } from '../services/redis';

/** A server that may be down for a while. */
export interface RestartableRedis {
  readonly port: number;
  /** The running server; throws while it is down. */
  server(): RedisServer;
  /** Stops it: connections are refused from then on. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRestartableRedis(options: RedisOptions): Promise<RestartableRedis> {
  let running: RedisServer | undefined = await startRedis(options);
  const { port } = running;
  const down = async (): Promise<void> => {
    const server = running;
    running = undefined;
    await server?.stop();
  };
  return {
    port,
    server() {
      if (!running) throw new Error('Redis is down');
      return running;
    },
    down,
    async up() {
      running ??= await startRedis({ ...options, port });
    },
    stop: down,
  };
}
