import type { Socket } from 'node:net';
import { connectFirst } from '../../../shared/dial/connect';
import { echoServer, refusingPort } from '../../support/raw-server';

const addresses = [
  { address: '127.0.0.2', family: 4 },
  { address: '127.0.0.1', family: 4 },
] as const;

describe('connecting to a name with several addresses', () => {
  test('takes the next one when the first refuses, and tells of it', async () => {
    const server = await echoServer();
    const sockets: Socket[] = [];
    try {
      const found = await connectFirst(addresses, server.port, { remaining: () => 1000, track: (socket) => sockets.push(socket) });
      expect(found.address).toBe('127.0.0.1');
      expect(found.failed).toMatchObject([{ address: '127.0.0.2', reason: 'connect_refused' }]);
      expect(sockets).toHaveLength(2);
    } finally {
      for (const socket of sockets) socket.destroy();
      await server.close();
    }
  });

  test('fails with the error of the last one when none answers', async () => {
    const port = await refusingPort();
    try {
      await expect(connectFirst(addresses, port.port, { remaining: () => 1000, track: () => {} })).rejects.toMatchObject({
        code: 'ECONNREFUSED',
        address: '127.0.0.1',
      });
    } finally {
      await port.close();
    }
  });
});
