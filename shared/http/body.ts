/** Reads the body of an answer to its end, or fails: never more than allowed, and never a part for the whole. */
import { describe, Fault } from '../fault';
import { decode } from './encoding';
import type { Head } from './head';

const tooLarge = (what: string, maxBytes: number): Fault => new Fault('body_too_large', `the body ${what}, maxBody is ${maxBytes} bytes`);

/** @returns the encoded bytes; the last of them was the last of the body. */
async function readWhole({ body, announced, isWhole }: Head, maxBytes: number): Promise<Buffer> {
  if (announced !== undefined && announced > maxBytes) throw tooLarge(`has ${announced} bytes`, maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw tooLarge('does not end in time', maxBytes);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { message, code } = describe(error);
    if (code?.startsWith('HPE_')) throw new Fault('protocol_error', `the body is malformed: ${message}`, { code, cause: error });
    throw cut(length, announced, error);
  }
  if (!isWhole() || (announced !== undefined && announced !== length)) throw cut(length, announced);
  return Buffer.concat(chunks);
}

function cut(length: number, announced: number | undefined, cause?: unknown): Fault {
  const of = announced === undefined ? '' : ` of ${announced}`;
  return new Fault('connection_reset', `the body was cut off after ${length}${of} bytes`, { code: describe(cause).code, cause });
}

/**
 * @param maxBytes the most that the body may have, as it is sent and once its codings are undone.
 * @returns the body, decoded.
 * @throws Fault `body_too_large`, `connection_reset` for a body that was cut off, `protocol_error` for one that is malformed.
 */
export async function readBody(head: Head, maxBytes: number): Promise<Buffer> {
  return decode(await readWhole(head, maxBytes), head.header('content-encoding'), maxBytes);
}
