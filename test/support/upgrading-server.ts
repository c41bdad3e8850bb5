/** Servers that speak WebSocket as far as the upgrade, and then do as they are told. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { serveRaw, type RawOptions, type RawServer } from './raw-server';

/** What such a server does. */
export interface UpgradingOptions extends RawOptions {
  /** Header lines added to the consent. */
  readonly headers?: readonly string[];
  /** Said before the consent. */
  readonly before?: string;
  /** Default: the right answer to the client's key (RFC 6455, 4.2.2). */
  readonly accept?: string;
}

function acceptOf(head: string): string {
  const key = /^sec-websocket-key: (.*)$/im.exec(head)?.[1]?.trim() ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** Reads a request's head, and gives it to `answer` with the connection and the TCP socket below it. */
export async function answeringServer(
  answer: (socket: Socket, head: string, below: Socket) => void,
  options: RawOptions = {},
): Promise<RawServer> {
  return serveRaw((socket, below) => {
    let head = '';
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read);
      socket.resume();
      answer(socket, head, below);
    };
    socket.on('data', read);
  }, options);
}

/** Lets every client in, then leaves the connection to `behave`. */
export async function upgradingServer(
  behave: (socket: Socket, below: Socket) => void,
  { headers = [], before = '', accept, ...options }: UpgradingOptions = {},
): Promise<RawServer> {
  return answeringServer((socket, head, below) => {
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', ...headers];
    socket.write(`${before}${[...lines, `Sec-WebSocket-Accept: ${accept ?? acceptOf(head)}`].join('\r\n')}\r\n\r\n`);
    behave(socket, below);
  }, options);
}

/** @returns an unmasked frame of up to 125 bytes, as servers send it (RFC 6455, 5.2). */
export function frame(opcode: number, payload: string | Uint8Array = ''): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([0x80 + opcode, body.length]), body]);
}

/** @returns a text message. */
export const textFrame = (text: string): Buffer => frame(1, text);

/** @returns a close frame. */
export const closeFrame = (code: number, reason = ''): Buffer =>
  frame(8, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
