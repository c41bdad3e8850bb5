/** The one owner of the wall clock and of the monotonic clock, so that nothing mixes the two up. */

/** @returns milliseconds since 1970; for stamps and for comparing with dates, never for measuring. */
export function wallClock(): number {
  return Date.now();
}

/** @returns milliseconds on a clock that only goes forward; for measuring, never for stamps. */
export function monotonic(): number {
  return performance.now();
}

/** @returns an RFC 3339 stamp in UTC with milliseconds. */
export function timestamp(milliseconds: number = wallClock()): string {
  return new Date(milliseconds).toISOString();
}

/** Resolves after the time, or at once (without an error) when the signal fires. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}
