/** Public keys by which Google's signatures are checked: fetched when they are needed, kept for a while, fetched again when one is new. */
import * as z from 'zod';
import { monotonic } from '../clock';
import { describe, isError } from '../fault';
import { apiFault, call, code } from './call';

/** Certificates or public keys in PEM by their ids. */
export type SigningKeys = Readonly<Record<string, string>>;

const limits = { totalMs: 6000, tryMs: 3000 } as const;
/** A key that is withdrawn is not believed for longer, whatever the answer allows. */
const longestMs = 3_600_000;
const usualMs = 300_000;
/** Whoever makes ids up does not make us ask more often. */
const betweenMs = 10_000;

const document = z.record(z.string(), z.string());

function freshMs(cacheControl: string | null): number {
  const seconds = /\bmax-age=(\d{1,9})/.exec(cacheControl ?? '')?.[1];
  return seconds === undefined ? usualMs : Math.min(longestMs, Number(seconds) * 1000);
}

/**
 * @param url answers a JSON object with keys in PEM by their ids.
 * @param clock milliseconds on a clock that only goes forward
 * @returns what gives the keys; with an id that is not among those kept, they are fetched anew. It throws a Fault `api_unavailable`.
 */
export function signingKeysAt(url: string, clock = monotonic): (id: string) => Promise<SigningKeys> {
  const host = new URL(url).host;
  let kept: { readonly keys: SigningKeys; readonly at: number; readonly until: number } | undefined;
  let fetching: Promise<SigningKeys> | undefined;
  const fetched = async (): Promise<SigningKeys> => {
    try {
      return await call(limits, async (timeoutMs) => {
        const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
          throw Object.assign(new Error(describe(isError(error) ? (error.cause ?? error) : error).message), { code: code.unavailable });
        });
        if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { code: code.unavailable });
        const keys = document.parse(await response.json());
        const at = clock();
        kept = { keys, at, until: at + freshMs(response.headers.get('cache-control')) };
        return keys;
      });
    } catch (error) {
      throw apiFault(error, host);
    } finally {
      fetching = undefined;
    }
  };
  return async (id) => {
    const now = clock();
    const isEnough = kept && now < kept.until && (Object.hasOwn(kept.keys, id) || now - kept.at < betweenMs);
    return kept && isEnough ? kept.keys : (fetching ??= fetched());
  };
}
