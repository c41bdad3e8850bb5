/** Loaded into a function's process before everything else: servers that name no address listen on 127.0.0.1 only. */
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
