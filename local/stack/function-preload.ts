/**
 * Loaded into a function's process before everything else: it listens on 127.0.0.1 only, ends with the process that started it, and goes
 * the ways that it is told to.
 */
import { Server, Socket } from 'node:net';
import type { Detour } from './private-network';

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

let detour: Detour | null = null;
const connect = Object.getOwnPropertyDescriptor(Socket.prototype, 'connect')?.value as (...args: unknown[]) => Socket;

function portAround(port: unknown): unknown {
  return detour?.ports.includes(Number(port)) ? detour.to : port;
}

/** Options as callers give them; the functions of node:net pass them on in an array. */
function around(options: unknown): unknown {
  if (typeof options === 'number') return portAround(options);
  if (typeof options !== 'object' || options === null || !('port' in options)) return options;
  return { ...options, port: portAround(options.port) };
}

Object.defineProperty(Socket.prototype, 'connect', {
  configurable: true,
  writable: true,
  value(this: Socket, first: unknown, ...rest: unknown[]): Socket {
    if (!Array.isArray(first)) return connect.call(this, around(first), ...rest);
    // The array is marked as one that need not be looked through again: it has to stay the same.
    first[0] = around(first[0]);
    return connect.call(this, first, ...rest);
  },
});

process.on('message', (message: { readonly id: number; readonly detour: Detour | null }) => {
  ({ detour } = message);
  process.send?.({ id: message.id });
});
process.on('disconnect', () => process.exit());
// The channel says when its other end is gone; it must not be what keeps the function alive.
process.channel?.unref();
