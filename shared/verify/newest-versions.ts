/** Asks Secret Manager which enabled version of each secret is the newest. */
import { setMaxListeners } from 'node:events';
import type { Cloud } from '../cloud/cloud';
import { describe } from '../fault';
import type { VerifyOptions } from './verify';

const atOnce = 25;
/** It comes after the last round: the whole may take a second besides the rounds and pauses, the report included. */
const usualLimitMs = 700;

/**
 * @param onRefused told once, with what the first refusal says: the versions are compared among the targets alone then.
 * @param limitMs milliseconds for all of them; what is not known by then is left out, and told as refused.
 * @returns what looks them up; secrets that it is not told, for whatever reason, are left out.
 */
export function newestVersionsBy(
  { secretManager }: Pick<Cloud, 'secretManager'>,
  onRefused: (message: string) => void,
  limitMs = usualLimitMs,
): NonNullable<VerifyOptions['newestVersions']> {
  return async (secrets) => {
    const found = new Map<string, string>();
    if (secrets.length === 0) return found;
    const manager = secretManager();
    const signal = AbortSignal.timeout(limitMs);
    setMaxListeners(0, signal);
    const refusals: string[] = [];
    const waiting = secrets.values();
    const work = async (): Promise<void> => {
      for (const secret of waiting) {
        if (signal.aborted) return;
        try {
          const newest = await manager.newestEnabled(secret, signal);
          if (newest) found.set(secret, newest.version);
        } catch (error) {
          refusals.push(describe(error).message);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, secrets.length) }, work));
    const [first] = refusals;
    if (first !== undefined) onRefused(first);
    return found;
  };
}
