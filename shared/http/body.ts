/** Reads the body of an answer to its end, or fails: never more than allowed, and never a part for the whole. */
import { describe, Fault } from '../fault';
import { reasonOfLoss } from '../system-errors';
import { decode } from './encoding';
import type { Head } from './head';

const tooLarge = (what: string, maxBytes: number): Fault => new Fault('body_too_large', `the body ${what}; maxBody is ${maxBytes} bytes`);

/** @returns the encoded bytes; the last of them was the last of the body. */
async function readWhole({ body, announced, isWhole, failure }: Head, maxBytes: number): Promise<Buffer> {
  if (announced !== undefined && announced > maxBytes) throw tooLarge(`has ${announced} bytes`, maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  const cut = (error: unknown): Fault => {
    const known = failure();
    if (known instanceof Fault) return known;
    const of = announced === undefined ? '' : ` of ${announced}`;
    // The exchange knows what broke the connection; the body, only that it ended.
    const cause = known ?? error;
    const { message, code } = describe(cause);
    const reason = reasonOfLoss(code);
    const what = `the body was cut off after ${length}${of} bytes`;
    return new Fault(reason, reason === 'tls_handshake' ? `${what}: ${message}` : what, { code, cause });
  };
  // By events: an iterator would cost more than the rest of the reading.
  await new Promise<void>((resolve, reject) => {
    // What broke before anybody listened is not told again.
    if (body.destroyed) return reject(cut(body.errored ?? undefined));
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      reject(tooLarge('is longer than allowed', maxBytes));
      body.destroy();
    });
    body.once('end', resolve);
    body.once('error', (error) => reject(cut(error)));
    // A whole body closes, too.
    body.once('close', () => (body.readableEnded ? resolve() : reject(cut(undefined))));
  });
  if (!isWhole() || (announced !== undefined && announced !== length)) throw cut(undefined);
  return Buffer.concat(chunks);
}

/**
 * @param maxBytes the most that the body may have, as it is sent and once its codings are undone.
 * @returns the body, decoded.
 * @throws Fault `body_too_large`, `connection_reset` for a body that was cut off, `protocol_error` for one that is malformed.
 */
export async function readBody(head: Head, maxBytes: number): Promise<Buffer> {
  return decode(await readWhole(head, maxBytes), head.header('content-encoding'), maxBytes);
}
