/** The leak watch sees each sort of leak, and nothing where there is none. */
import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { watchLeaks } from './leaks';
import { silentServer } from './raw-server';

describe('the leak watch', () => {
  test('is content when everything was closed', async () => {
    const watch = await watchLeaks();
    const server = await silentServer();
    const socket = connect(server.port, server.host);
    await once(socket, 'connect');
    socket.destroy();
    await server.close();
    await expect(watch.assertNothingLeft()).resolves.toBeUndefined();
  });

  test('waits for what ends by itself', async () => {
    const watch = await watchLeaks();
    setTimeout(() => undefined, 200);
    await expect(watch.assertNothingLeft()).resolves.toBeUndefined();
  });

  test('names a socket, even one that was unref’d', async () => {
    const server = await silentServer();
    const watch = await watchLeaks({ settleMs: 100 });
    const socket = connect(server.port, server.host);
    await once(socket, 'connect');
    await expect(watch.assertNothingLeft()).rejects.toThrow('TCPSocketWrap');
    socket.destroy();
    await server.close();
  });

  test('names a server and a timer', async () => {
    const watch = await watchLeaks({ settleMs: 100 });
    const server = await silentServer();
    const timer = setInterval(() => undefined, 1000);
    await expect(watch.assertNothingLeft()).rejects.toThrow(/TCPServerWrap.*Timeout|Timeout.*TCPServerWrap/);
    clearInterval(timer);
    await server.close();
  });

  test('names listeners of a signal, an emitter and the process', async () => {
    const [controller, emitter] = [new AbortController(), new EventEmitter()];
    const watch = await watchLeaks({ listened: [controller.signal, emitter], settleMs: 50 });
    controller.signal.addEventListener('abort', ignore);
    emitter.on('news', ignore);
    process.on('warning', ignore);
    await expect(watch.assertNothingLeft()).rejects.toThrow(
      /listener "warning".*listener "abort" of AbortSignal 0.*listener "news" of EventEmitter 1/,
    );
    emitter.off('news', ignore);
    process.off('warning', ignore);
  });
});

function ignore(): void {
  // Only its being registered counts.
}
