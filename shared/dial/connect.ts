/** Connects to the first address that answers, the others in turn, within the time that is left. */
import { createConnection, type Socket } from 'node:net';
import { describe, Fault } from '../fault';
import { reasonOfCode } from '../system-errors';
import type { Reason } from '../reasons';
import type { Address } from './lookup';

/** An address that did not answer while another one did. */
export interface FailedAddress {
  readonly address: string;
  readonly reason: Reason;
  readonly message: string;
  readonly code?: string;
}

/** What connecting needs of its caller. */
export interface ConnectOptions {
  /** Milliseconds left. */
  readonly remaining: () => number;
  /** Takes every socket at its birth, so that the deadline can destroy it. */
  readonly track: (socket: Socket) => void;
}

/** One connection attempt; `limitMs` undefined leaves the time to the caller's deadline. */
function connectOnce(
  to: { path: string } | { host: string; port: number },
  limitMs: number | undefined,
  track: ConnectOptions['track'],
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...to, noDelay: true });
    track(socket);
    const timer =
      limitMs === undefined
        ? undefined
        : setTimeout(() => socket.destroy(new Fault('connect_timeout', `no answer within ${Math.round(limitMs)} ms`)), limitMs);
    const settle = (): void => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
    };
    const failed = (error: Error): void => {
      settle();
      reject(error);
    };
    // A socket destroyed by the deadline closes without an error of its own.
    const closed = (): void => failed(new Fault('connection_reset', 'the connection was closed while it was being made'));
    socket.on('error', failed);
    socket.on('close', closed);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}

/** Connects to a unix socket. */
export function connectPath(path: string, { track }: ConnectOptions): Promise<Socket> {
  return connectOnce({ path }, undefined, track);
}

/**
 * Connects to the first address that answers. Each but the last gets an equal share of the time left.
 * @returns the socket, its address, and the addresses that failed before it.
 * @throws the error of the last address.
 */
export async function connectFirst(
  addresses: readonly Address[],
  port: number,
  { remaining, track }: ConnectOptions,
): Promise<{ socket: Socket; address: string; failed: readonly FailedAddress[] }> {
  const failed: FailedAddress[] = [];
  for (const [index, { address }] of addresses.entries()) {
    const left = addresses.length - index;
    try {
      const socket = await connectOnce({ host: address, port }, left === 1 ? undefined : remaining() / left, track);
      return { socket, address, failed };
    } catch (error) {
      if (left === 1) throw error;
      const { message, code } = describe(error);
      const reason = error instanceof Fault ? error.reason : (code && reasonOfCode(code)) || 'unreachable';
      failed.push({ address, reason, message, code });
    }
  }
  throw new Fault('dns_not_found', 'the name has no address');
}
