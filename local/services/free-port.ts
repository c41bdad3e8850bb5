/** Finds a TCP port for a server that has to be told its port before it listens. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that nobody listens on now.
 * It lies below the ranges from which Linux (32768 and up) and macOS (49152 and up) take the ports of outgoing connections,
 * so that a connection made meanwhile cannot take it away.
 * @throws when none of 50 random ports is free
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(10_000, 30_000);
    if (await canListen(port)) return port;
  }
  throw new Error('no free TCP port found between 10000 and 29999');
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
