import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { type Authority, createAuthority } from '../../../local/services/certificates';
import { type ClickHouse, clickHouseHello, startClickHouse } from '../../../local/services/clickhouse';

let authority: Authority;
let server: ClickHouse;
const sockets: TLSSocket[] = [];
beforeAll(async () => {
  authority = await createAuthority();
});
beforeEach(async () => {
  server = await startClickHouse(await authority.issue());
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

async function open(): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: server.port, ca: authority.certificate });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

test('it answers a hello with its own, and hangs up on whoever says something else', async () => {
  const client = await open();
  client.write(clickHouseHello);
  const [hello] = (await once(client, 'data')) as [Buffer];
  // Packet 0, the length of the name, the name; then version and revision.
  expect([...hello.subarray(0, 2)]).toEqual([0, 10]);
  expect(hello.subarray(2, 12).toString()).toBe('ClickHouse');
  expect(hello).toHaveLength(15);

  const stranger = await open();
  stranger.resume();
  stranger.write('GET / HTTP/1.1\r\n\r\n');
  await once(stranger, 'end');
});

test('it is down, and up again on the same port', async () => {
  const client = await open();
  const closed = once(client, 'close');
  await server.down();
  await closed;
  await expect(open()).rejects.toThrow('ECONNREFUSED');
  await server.up();
  await server.up();
  await open();
});

test('it keeps silent on demand', async () => {
  server.silence(true);
  const client = await open();
  client.write(clickHouseHello);
  const answered = once(client, 'data');
  const early = await Promise.race([answered, new Promise((resolve) => void setTimeout(resolve, 200, 'silence'))]);
  expect(early).toBe('silence');
  server.silence(false);
  client.write(clickHouseHello);
  await answered;
});

test('new connections see the new certificate', async () => {
  server.setCertificate(await authority.issue({ notAfter: new Date('2020-01-01') }));
  await expect(open()).rejects.toThrow('certificate has expired');
});
