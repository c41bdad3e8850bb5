/** What the answer to an upgrade says when it is not the upgrade. */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../fault';
import type { Reason } from '../reasons';
import { excerptOf } from '../report/text';

/** Enough for an excerpt of markup, too. */
const readAtMost = 4096;
const readAtMostMs = 200;

const reasons: Readonly<Record<number, Reason>> = {
  // Without the header that names the protocol it is an answer like any other.
  101: 'protocol_error',
  401: 'credentials_rejected',
  403: 'permission_denied',
  429: 'overloaded',
  502: 'bad_gateway',
  504: 'bad_gateway',
};

function reasonOf(status: number, { headers }: IncomingMessage): Reason {
  const isOverloaded = status === 503 && (headers['retry-after'] !== undefined || /^google frontend$/i.test(String(headers.server)));
  return isOverloaded ? 'overloaded' : (reasons[status] ?? 'upgrade_rejected');
}

/** @returns the beginning of a body that is text, on one line; what has not come after a moment is left out. */
async function bodyOf(response: IncomingMessage, atMostMs: number): Promise<string> {
  const type = response.headers['content-type'];
  if (type !== undefined && !/^text\/|json|xml/i.test(type)) return '';
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Math.min(atMostMs, readAtMostMs));
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= readAtMost) done();
    });
    response.on('error', done);
    response.once('close', done);
    response.once('end', done);
  });
  const text = Buffer.concat(chunks).toString('utf8');
  // A body of bytes without a content type is no text for anybody.
  if (text.includes('\uFFFD') || text.includes('\0')) return '';
  return excerptOf(text);
}

/**
 * @param atMostMs how long the body may be waited for.
 * @returns the fault of a refused upgrade; its code is the status.
 */
export async function refusal(response: IncomingMessage, atMostMs: number): Promise<Fault> {
  const { statusCode = 0, statusMessage, headers } = response;
  const excerpt = await bodyOf(response, atMostMs);
  const status = [statusCode, statusMessage, headers.location && `to ${headers.location}`].filter(Boolean).join(' ');
  return new Fault(reasonOf(statusCode, response), `the upgrade was answered with ${status}${excerpt && `: ${excerpt}`}`, {
    code: String(statusCode),
  });
}
