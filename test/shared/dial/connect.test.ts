import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { blackHole } from '../../../local/services/black-hole';
import { temporaryFolder } from '../../../local/services/temporary-folder';
import { connectFirst, connectPath } from '../../../shared/dial/connect';
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

  test('gives each but the last an equal share of the time, and tells of those that did not answer', async () => {
    const hole = await blackHole();
    const sockets: Socket[] = [];
    const begun = performance.now();
    const opening = setTimeout(() => hole.open(), 400);
    try {
      const silent = { address: hole.host, family: 4 } as const;
      const options = { remaining: () => 600, track: (socket: Socket) => sockets.push(socket) };
      const { failed } = await connectFirst([silent, silent], hole.port, options);
      expect(failed).toEqual([{ address: hole.host, reason: 'connect_timeout', message: 'no answer within 300 ms' }]);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(300);
    } finally {
      clearTimeout(opening);
      for (const socket of sockets) socket.destroy();
      await hole.close();
    }
  });

  test('fails as a name that is not known when there is none', async () => {
    await expect(connectFirst([], 1, { remaining: () => 1000, track: () => {} })).rejects.toMatchObject({
      reason: 'dns_not_found',
      message: 'the name has no address',
    });
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

describe('connecting to a socket file', () => {
  test('gives the connection', async () => {
    const folder = await temporaryFolder('vpc-synthetics-connect-');
    const server = createServer((socket) => socket.end('hello'));
    const path = join(folder, 'server.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const tracked: Socket[] = [];
    try {
      const socket = await connectPath(path, { remaining: () => 1000, track: (each) => tracked.push(each) });
      expect(await text(socket)).toBe('hello');
      expect(tracked).toEqual([socket]);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });

  test('that is not there fails with what the system says', async () => {
    await expect(connectPath('/nowhere/server.sock', { remaining: () => 1000, track: () => {} })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
