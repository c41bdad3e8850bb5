import tls from 'node:tls';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createAuthority } from '../../../local/services/certificates';
import { handshake } from '../../../shared/dial/handshake';

test('one run makes one TLS context for all targets with the same settings, and the next run its own', async () => {
  const authority = await createAuthority();
  const server = tls.createServer(await authority.issue(), (socket) => socket.on('error', () => {}).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const made = jest.spyOn(tls, 'createSecureContext');
  const shake = async (run: object): Promise<void> => {
    const plain = connect(port, '127.0.0.1');
    await once(plain, 'connect');
    const socket = await handshake(plain, { mode: 'verify-full', ca: authority.certificate }, '127.0.0.1', run);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  };
  const [first, second] = [{}, {}];
  for (const run of [first, first, first, second]) await shake(run);
  expect(made).toHaveBeenCalledTimes(2);
  made.mockRestore();
  server.close();
  await once(server, 'close');
});
