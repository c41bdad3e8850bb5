/** What every function's process is told, whatever it does. */

/** @param memoryMiB what the function is given. @returns variables of the environment. */
export function runtimeEnvironment(memoryMiB: number) {
  return {
    // Names are looked up on libuv's threads, of which one that hangs holds one for seconds.
    UV_THREADPOOL_SIZE: '64',
    // V8 would let garbage grow to what the whole instance has (259 MiB in 256), and sizes the space of young objects by that.
    NODE_OPTIONS: `--max-old-space-size=${Math.floor(memoryMiB / 2)} --max-semi-space-size=8`,
    // glibc keeps eight arenas a core, each of which holds memory for itself (mallopt(3)).
    MALLOC_ARENA_MAX: '2',
    // Without it glibc gives back less, the more was freed at once before.
    MALLOC_TRIM_THRESHOLD_: '131072',
  } as const;
}
