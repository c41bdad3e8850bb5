/** Posts JSON to a function, over a connection of its own that ends with the answer; reads that whole, or as it comes. */
import { once } from 'node:events';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { Answered } from './caller';

/** An answer that holds hundreds of results has a few hundred kilobytes. */
const largest = 64 * 1024 * 1024;

/** An answer whose header has come. */
export interface Opened {
  readonly status: number;
  /** Its content type; empty where it says none. */
  readonly type: string;
  /** What comes; it throws when the answer is cut short, too large, or given up. Left early, it ends the connection. */
  readonly chunks: AsyncIterable<Buffer>;
}

async function* limited(response: IncomingMessage): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new Error(`the answer is larger than ${largest} bytes`);
    yield chunk;
  }
}

/**
 * There is no limit in time but the signal's: a journey may take minutes, and `fetch` gives up on its own.
 * @throws an error that says why no answer came
 */
export async function open(url: URL, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Opened> {
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
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', chunks: limited(response) };
}

/** @returns the rest of the answer. */
export async function wholeOf({ status, chunks }: Opened): Promise<Answered> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return { status, body: Buffer.concat(all).toString('utf8') };
}

/** As `open`, and waits for the whole answer. */
export async function post(url: URL, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answered> {
  return wholeOf(await open(url, body, headers, signal));
}
