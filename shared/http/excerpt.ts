/** The beginning of a refused answer's body, for people: services often say there what is wrong. */
import type { Readable } from 'node:stream';
import { decodeStart } from './encoding';

const excerptLength = 200;
/** Enough for an excerpt of markup, too. */
const readAtMost = 4096;
const readAtMostMs = 200;

/** @returns what comes of the body within the time, at most a few thousand bytes. */
async function beginningOf(body: Readable, atMostMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Math.min(atMostMs, readAtMostMs));
    const done = (): void => {
      clearTimeout(timer);
      body.pause();
      resolve();
    };
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= readAtMost) done();
    });
    body.on('error', done);
    body.once('close', done);
    body.once('end', done);
  });
  return Buffer.concat(chunks);
}

/** @returns the text on one line, not too long. */
export function onOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > excerptLength ? `${line.slice(0, excerptLength - 1)}…` : line;
}

/**
 * @param header gives a header field of the answer, by its lower-case name.
 * @param atMostMs how long the body may be waited for; what has not come by then is left out.
 * @returns the beginning of a body that is text, on one line; else ''.
 */
export async function excerptOf(body: Readable, header: (name: string) => string | undefined, atMostMs: number): Promise<string> {
  const type = header('content-type');
  if (type !== undefined && !/^text\/|json|xml/i.test(type)) return '';
  const bytes = await decodeStart(await beginningOf(body, atMostMs), header('content-encoding'));
  const text = bytes.toString('utf8');
  // A body of bytes without a content type is no text for anybody.
  return text.includes('\uFFFD') || text.includes('\0') ? '' : onOneLine(text);
}
