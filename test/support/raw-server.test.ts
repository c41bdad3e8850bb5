/** The misbehaving servers misbehave as they say, over TCP and over TLS. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { createAuthority } from '../../local/services/certificates';
import { freePort } from '../../local/services/free-port';
import { until } from './until';
import {
  closingServer,
  echoServer,
  endlessServer,
  garbageServer,
  type RawOptions,
  type RawServer,
  refusingPort,
  resettingServer,
  silentServer,
  trickleServer,
} from './raw-server';

const authority = createAuthority();

describe.each([
  ['TCP', async (): Promise<RawOptions> => ({})],
  ['TLS', async (): Promise<RawOptions> => ({ tls: await (await authority).issue() })],
])('over %s', (_, makeOptions) => {
  let options: RawOptions;
  let server: RawServer;
  beforeAll(async () => {
    options = await makeOptions();
  });
  afterEach(() => server.close());

  const visit = async (): Promise<Socket> => {
    const { host, port } = server;
    if (!options.tls) {
      const socket = connect(port, host);
      await once(socket, 'connect');
      return socket;
    }
    const socket = connectTls({ host, port, servername: 'localhost', ca: (await authority).certificate });
    await once(socket, 'secureConnect');
    return socket;
  };

  test('a silent server says nothing, and notices when its client leaves', async () => {
    server = await silentServer(options);
    const socket = await visit();
    let heard = 0;
    socket.on('data', () => (heard += 1));
    socket.write('hello');
    await delay(100);
    expect([heard, server.connections(), server.accepted()]).toEqual([0, 1, 1]);
    socket.destroy();
    await until(() => server.connections() === 0);
    expect(server.accepted()).toBe(1);
  });

  test('a closing server ends in good order, after its text', async () => {
    server = await closingServer({ ...options, text: 'bye' });
    const socket = await visit();
    expect(await readAll(socket)).toBe('bye');
  });

  test('a resetting server resets, at once or after the first data', async () => {
    server = await resettingServer({ ...options, afterData: true });
    const socket = await visit();
    socket.write('hello');
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    await server.close();
    server = await resettingServer(options);
    // The reset may come before or after the connection counts as made.
    await expect(visit().then(readAll)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('a server of garbage sends bytes that are no text', async () => {
    server = await garbageServer(options);
    const socket = await visit();
    const [bytes] = await once(socket, 'data');
    expect(bytes[0]).toBe(13);
    expect(new Set(bytes).size).toBeGreaterThan(100);
    socket.destroy();
  });

  test('a trickling server sends byte by byte', async () => {
    server = await trickleServer({ ...options, text: 'slow', everyMs: 20 });
    const socket = await visit();
    const pieces: string[] = [];
    socket.on('data', (bytes: Buffer) => pieces.push(bytes.toString()));
    await until(() => pieces.join('').length >= 4);
    expect(pieces.join('')).toBe('slow');
    expect(pieces.length).toBeGreaterThan(1);
    socket.destroy();
  });

  test('an endless server never ends, and stops when its client leaves', async () => {
    server = await endlessServer(options);
    const socket = await visit();
    let bytes = 0;
    socket.on('data', (data: Buffer) => (bytes += data.length));
    await until(() => bytes > 5_000_000);
    socket.destroy();
    await until(() => server.connections() === 0);
    expect(server.connections()).toBe(0);
  });

  test('an echoing server repeats what it hears', async () => {
    server = await echoServer(options);
    const socket = await visit();
    socket.end('to and fro');
    expect(await readAll(socket)).toBe('to and fro');
  });
});

test('a refusing port refuses, again and again', async () => {
  const server = await refusingPort();
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const [error] = await once(connect(server.port, server.host), 'error');
      expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    }
  } finally {
    await server.close();
  }
});

test('a free port is one that nobody listens on', async () => {
  const [error] = await once(connect(await freePort(), '127.0.0.1'), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const failed = new Promise<never>((_, reject) => void socket.once('error', reject));
  await Promise.race([new Promise((resolve) => void socket.once('end', resolve)), failed]);
  socket.destroy();
  return text;
}
