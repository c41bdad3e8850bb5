/** Loaded into a function's process before everything else: it listens on 127.0.0.1 only, and ends with the process that started it. */
import { Server } from 'node:net';

// The functions framework names a port and no address, which means every interface. That is right in a container, not on a desk.
const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')?.value as (...args: unknown[]) => Server;

Object.defineProperty(Server.prototype, 'listen', {
  configurable: true,
  writable: true,
  value(this: Server, port: unknown, ...rest: unknown[]): Server {
    const isPort = (typeof port === 'number' || typeof port === 'string') && /^\d+$/.test(String(port));
    return listen.call(this, port, ...(isPort && typeof rest[0] !== 'string' ? ['127.0.0.1', ...rest] : rest));
  },
});

process.on('disconnect', () => process.exit());
// The channel says when its other end is gone; it must not be what keeps the function alive.
process.channel?.unref();
