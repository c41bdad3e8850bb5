/** Posts JSON to a function, over a connection of its own that ends with the answer. */
import { once } from 'node:events';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Answered } from './caller';

/** An answer that holds hundreds of results has a few hundred kilobytes. */
const largest = 64 * 1024 * 1024;

/**
 * There is no limit in time but the signal's: a journey may take minutes, and `fetch` gives up on its own.
 * @throws an error that says why no answer came
 */
export async function post(url: URL, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered> {
  const sent = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
    method: 'POST',
    agent: false,
    signal,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
  });
  // One that comes after the answer began is told by the answer's end.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new Error(`the answer is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}
