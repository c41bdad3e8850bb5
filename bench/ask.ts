/** Asks over HTTP, quickly and plainly, also servers that are only just starting. */
import { type Agent, request } from 'node:http';
import { monotonic, pause } from '../shared/clock';

/** A whole answer, and when it was there. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  /** On the monotonic clock. */
  readonly at: number;
}

/** Asks once. Without an agent on a connection of its own. */
export function ask(url: string, agent: Agent | false = false): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), at: monotonic() }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const betweenTriesMs = 2;
const startLimitMs = 30_000;

/** Asks again and again until a server listens. @throws when it has ended, or does not listen in time. */
export async function askWhenUp(url: string, server: { hasEnded(): boolean; lastWords(): string }): Promise<Answered> {
  const limit = monotonic() + startLimitMs;
  for (;;) {
    try {
      return await ask(url);
    } catch (error) {
      if (server.hasEnded() || monotonic() > limit) throw new Error(`no answer from ${url}: ${server.lastWords()}`, { cause: error });
      await pause(betweenTriesMs);
    }
  }
}
