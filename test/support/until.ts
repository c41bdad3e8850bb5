/** Waits for what a test can't be told of. */
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves once `condition` holds; throws after `limitMs` (default 10 s). */
export async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`what was waited for did not happen within ${limitMs} ms`);
    await delay(5);
  }
}
