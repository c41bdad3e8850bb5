/** The beginning of a refused answer's body, for people: services often say there what is wrong. */
import type { Readable } from 'node:stream';
import type { ProbeContext } from '../probe';
import { excerptOf, oneLine } from '../report/text';
import { decodeStart } from './encoding';

/** Enough for an excerpt of markup, too. */
const considered = 4096;
/** More than is considered: a secret that the end cuts in two is not known any more. */
const readAtMost = 16_384;
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

/**
 * @param header gives a header field of the answer, by its lower-case name.
 * @param context says how much time is left; what has not come after half of it, or a moment, is left out.
 * @returns the beginning of a body that is text, on one line; else ''.
 */
export async function bodyExcerpt(
  body: Readable,
  header: (name: string) => string | undefined,
  { remaining, redact }: Pick<ProbeContext, 'remaining' | 'redact'>,
): Promise<string> {
  const type = header('content-type');
  if (type !== undefined && !/^text\/|json|xml/i.test(type)) return '';
  const bytes = await decodeStart(await beginningOf(body, remaining() / 2), header('content-encoding'));
  const text = bytes.toString('utf8');
  // A body of bytes without a content type is no text for anybody.
  if (text.includes('\uFFFD') || text.includes('\0')) return '';
  // Nobody recognises half a secret: they are taken out before the text is cut, and once more when nothing invisible stands in them.
  return excerptOf(redact(oneLine(redact(text, true).slice(0, considered))));
}
