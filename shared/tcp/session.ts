/** An open connection over which lines are exchanged: what came, what is sent, how it ended, and TLS in the midst of it. */
import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../dial/connection';
import { lossFault } from '../dial/dial';
import { Fault } from '../fault';
import type { Pattern } from '../pattern';
import { createLines, type Lines, type Match } from './lines';

/** The most that is read over one connection, in bytes. */
export const mostBytes = 1024 * 1024;

/** How long an unfinished line may take to go on before it is tested as it is: it may be a prompt, or half of what was sent. */
const quietMs = 50;

/** An open connection. */
export interface Session {
  /** Bytes received so far; of TLS what it carried. */
  readonly received: number;
  /** The last line received, complete or not; '' before anything came. */
  readonly last: string;
  /** True when anything came since something was sent last, or at all. */
  readonly isAnswered: boolean;
  /** True when a whole line came since then. */
  readonly isAnsweredInFull: boolean;
  /** Resolves when the text is handed over to the system. @throws Fault for a connection that has ended */
  send(text: string): Promise<void>;
  /**
   * Waits for a line that matches. It and all before it are consumed.
   * @throws Fault `connection_reset` where the stream ends before, `body_too_large` where too much came
   */
  expect(pattern: Pattern): Promise<Match>;
  /**
   * Stops reading, so that TLS can be started.
   * @returns the connection, over which nothing waits to be read.
   * @throws Fault `protocol_error` where anything came that nobody waited for
   */
  release(): Promise<Connection>;
  /** Goes on over the connection that takes the place of the released one. */
  resume(secured: Connection): void;
  /** Says goodbye, without waiting for an answer. */
  close(): void;
}

/**
 * Takes a dialled connection over.
 * @param heard told every chunk as it comes.
 */
export function createSession(first: Connection, heard: (chunk: Buffer) => void = () => {}): Session {
  let connection = first;
  let lines: Lines = createLines();
  let received = 0;
  let isAnswered = false;
  let linesBefore = 0;
  let fault: Fault | undefined;
  let wake: (() => void) | undefined;
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let detach = (): void => {};

  const fail = (error: Fault): void => {
    fault ??= error;
    wake?.();
    end?.();
  };
  const read = (chunk: Buffer): void => {
    received += chunk.length;
    isAnswered = true;
    heard(chunk);
    try {
      if (received > mostBytes) throw new Fault('body_too_large', `more than ${mostBytes} bytes came`);
      lines.add(chunk);
    } catch (error) {
      fail(error as Fault);
      connection.close();
    }
    wake?.();
  };
  const attach = (dialled: Connection): void => {
    const { socket } = dialled;
    // What was lost before anybody listened is not told again by the socket.
    if (dialled.isLost) void dialled.lost.then((error) => fail(lossFault(error)));
    else dialled.adopt();
    const broken = (error: Error): void => fail(lossFault(error));
    const closed = (): void => fail(lossFault(undefined));
    socket.on('data', read).on('end', closed).on('error', broken).on('close', closed);
    detach = () => void socket.off('data', read).off('end', closed).off('error', broken).off('close', closed);
  };
  /** @returns true when something came or the connection ended, false when the time is over. */
  const news = (limitMs?: number): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = limitMs === undefined ? undefined : setTimeout(() => resolve(false), limitMs);
      wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  const lost = async (): Promise<never> => {
    await ended;
    throw fault ?? lossFault(undefined);
  };

  attach(first);
  return {
    get received() {
      return received;
    },
    get last() {
      return lines.last;
    },
    get isAnswered() {
      return isAnswered;
    },
    get isAnsweredInFull() {
      return lines.count > linesBefore;
    },
    async send(text) {
      if (fault) throw fault;
      isAnswered = false;
      linesBefore = lines.count;
      // What can't be sent any more is told by the connection's end.
      const sent = new Promise<void>((resolve) => void connection.socket.write(text, (error) => error ?? resolve()));
      await Promise.race([sent, lost()]);
    },
    async expect(pattern) {
      for (;;) {
        const match = lines.take(pattern);
        if (match) return match;
        if (match === undefined) await setImmediate();
        else if (!fault && !lines.isUnfinished) await news();
        else if (fault || !(await news(quietMs))) {
          const unfinished = fault?.reason === 'body_too_large' ? null : lines.takeUnfinished(pattern);
          if (unfinished) return unfinished;
          if (fault) throw fault;
          await news();
        }
      }
    },
    async release() {
      // A whole turn of the loop: what has arrived is read.
      await setImmediate();
      await setImmediate();
      if (fault) throw fault;
      if (!lines.isEmpty)
        // Taken for what TLS protects, it would say whatever somebody on the way wants (CVE-2011-0411).
        throw new Fault('protocol_error', 'the server sent more than was expected before TLS, which nothing protects');
      detach();
      connection.socket.pause();
      return connection;
    },
    resume(secured) {
      connection = secured;
      lines = createLines();
      isAnswered = false;
      linesBefore = 0;
      attach(secured);
    },
    close() {
      connection.socket.end();
      connection.close();
    },
  };
}
