/** HTTP/2 down to the frames (RFC 9113, 6): for servers that break off where a well-behaved one does not. */
import type { Socket } from 'node:net';
import { serveRaw, type RawOptions, type RawServer } from './raw-server';

const u32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** The header of an answer with status 200 and nothing else (RFC 7541, appendix A). */
export const okFrame = frame(1, 4, 1, Buffer.from([0x88]));
/** An interim answer: status 100. */
export const interimFrame = frame(1, 4, 1, Buffer.from('\x08\x03100', 'latin1'));
/** Names an alternative service (RFC 7838, 4). */
export const alternativeFrame = frame(10, 0, 1, Buffer.from('\0\0h2=":8443"', 'latin1'));
/** A part of the body, the last one where `isLast`. */
export const dataFrame = (text: string, isLast = false): Buffer => frame(0, isLast ? 1 : 0, 1, Buffer.from(text));
/** Resets the stream with the code. */
export const resetFrame = (code: number): Buffer => frame(3, 0, 1, u32(code));
/** Says that no further streams are taken. */
export const goawayFrame = (code: number): Buffer => frame(7, 0, 0, Buffer.concat([u32(1), u32(code)]));

/** Agrees on the settings, takes whatever the client sends for its request, and then sends the frames. */
export async function frameServer(
  frames: readonly Buffer[],
  { after, ...options }: RawOptions & { readonly after?: (socket: Socket) => void } = {},
): Promise<RawServer> {
  return serveRaw((socket) => {
    socket.once('data', () => {
      socket.resume();
      socket.write(Buffer.concat([frame(4, 0, 0), frame(4, 1, 0), ...frames]));
      after?.(socket);
    });
  }, options);
}
