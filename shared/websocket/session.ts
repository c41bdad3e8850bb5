/** An open WebSocket: every message in its order, a ping, and how it ended. */
import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { monotonic } from '../clock';
import { describe, Fault } from '../fault';

/** The longest message that is read, in bytes. */
export const maxMessage = 1024 * 1024;
/** The most that may wait to be read, and what a message weighs besides its text, so that empty ones count, too. */
const maxWaiting = 4 * maxMessage;
const messageWeight = 64;
const weigh = (text: string): number => text.length + messageWeight;

/** How long the answer to our own close is waited for, in milliseconds. */
export const closeMs = 250;

/** How a connection ended; 1006 without a close frame (RFC 6455, 7.1.5). */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** An open connection. */
export interface Session {
  /** The subprotocol that the server chose, or null. */
  readonly subprotocol: string | null;
  /** @returns milliseconds until the pong with our own payload. */
  ping(): Promise<number>;
  send(text: string): Promise<void>;
  /** @returns the next message, also one that came before; throws the fault of an unasked close. */
  next(): Promise<string>;
  /** Skips all messages. @returns how the server closed the connection. */
  closed(): Promise<Closed>;
  /**
   * Says goodbye (1000) and waits a moment for the answer.
   * @throws the fault of a close that the server had begun, where its code tells of an error.
   */
  close(atMostMs: number): Promise<void>;
}

/** @returns the fault of a close that nobody asked for. */
export function unaskedClose({ code, reason }: Closed): Fault {
  const how = code === 1006 ? 'the connection was lost without a close frame' : `the server closed the connection with ${code}`;
  return new Fault(code === 1013 ? 'overloaded' : 'unexpected_close', reason ? `${how}: ${reason}` : how, { code: String(code) });
}

/** @returns the fault of what ws could not read. */
function unreadable(error: unknown): Fault {
  const { message, code } = describe(error);
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    ? new Fault('body_too_large', `a message is longer than ${maxMessage} bytes`, { code, cause: error })
    : new Fault('protocol_error', message, { code, cause: error });
}

/** Closes that are as good as an answer to ours; the server may have begun one once all was said. */
const harmless = new Set([1000, 1001, 1005, 1006]);

/**
 * Takes an open WebSocket over; has to be called as it opens, or messages are lost.
 * @param heard told every message as it comes, also those that nobody waits for.
 */
export function createSession(socket: WebSocket, heard: (text: string) => void = () => {}): Session {
  const waiting: string[] = [];
  let weight = 0;
  let isDiscarding = false;
  let closed: Closed | undefined;
  let fault: Fault | undefined;
  let wake: (() => void) | undefined;
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));

  const fail = (error: Fault): void => {
    fault ??= error;
    wake?.();
    end?.();
  };
  // The default binaryType gives every message as one buffer.
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    heard(text);
    if (isDiscarding) return;
    waiting.push(text);
    weight += weigh(text);
    if (weight > maxWaiting) {
      fail(new Fault('body_too_large', `more than ${maxWaiting} bytes of messages came that nobody asked for`));
      socket.terminate();
    }
    wake?.();
  });
  socket.on('error', (error) => fail(unreadable(error)));
  socket.once('close', (code, reason) => {
    closed = { code, reason: String(reason) };
    fail(unaskedClose(closed));
  });
  const lost = async (): Promise<never> => {
    await ended;
    throw fault ?? new Fault('unexpected_close', 'the connection has ended');
  };
  const discard = (): void => {
    isDiscarding = true;
    waiting.length = 0;
  };

  return {
    subprotocol: socket.protocol || null,
    async ping() {
      const payload = randomBytes(8);
      const begun = monotonic();
      const pong = new Promise<void>((resolve) => {
        socket.on('pong', (data) => {
          if (payload.equals(data)) resolve();
        });
      });
      socket.ping(payload);
      await Promise.race([pong, lost()]);
      return monotonic() - begun;
    },
    async send(text) {
      const sent = new Promise<void>((resolve) => {
        // What can't be sent any more is told by the connection's end.
        socket.send(text, (error) => error ?? resolve());
      });
      await Promise.race([sent, lost()]);
    },
    async next() {
      while (waiting.length === 0) {
        if (fault) throw fault;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const text = waiting.shift() ?? '';
      weight -= weigh(text);
      return text;
    },
    async closed() {
      discard();
      await ended;
      if (!closed) return lost();
      // It was waited for, so it is no fault.
      fault = undefined;
      return closed;
    },
    async close(atMostMs) {
      discard();
      socket.close(1000);
      const timer = setTimeout(() => socket.terminate(), Math.min(atMostMs, closeMs));
      await ended;
      clearTimeout(timer);
      if (fault && !(closed && harmless.has(closed.code))) throw fault;
    },
  };
}
