/** The connection by which a Redis server is steered, apart from those that are tried. */
import Redis from 'ioredis';

/** A connection with all rights. */
export interface RedisControl {
  command(name: string, args: readonly string[]): Promise<unknown>;
  close(): void;
}

/**
 * Connects over a unix socket as the user `control`. The connection does not keep this process alive while no command runs.
 * @throws when the server does not answer PING yet
 */
export async function openRedisControl(path: string, password: string): Promise<RedisControl> {
  const client = new Redis({
    path,
    username: 'control',
    password,
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5000,
  });
  // ioredis ends the process over an error that nobody listens for; the awaited call rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    close(client);
    throw error;
  }
  let running = 0;
  client.stream.unref();
  return {
    async command(name, args) {
      running += 1;
      client.stream.ref();
      try {
        return await client.call(name, ...args);
      } finally {
        running -= 1;
        if (running === 0) client.stream.unref();
      }
    },
    close: () => close(client),
  };
}

function close(client: Redis): void {
  // Disconnecting a stream that has closed already leaves a timer of 2 s (ioredis' disconnectTimeout).
  if (client.status !== 'end') client.disconnect();
}
