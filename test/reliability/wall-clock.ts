/** Sets the wall clock of this process as an administrator or NTP would: timers and the monotonic clock go on as before. */

const Real = Date;

/** A clock that can be set. */
export interface WallClock {
  /** Adds so many milliseconds to what the clock shows; may be negative. */
  step(ms: number): void;
  /** @returns how far it is off, in milliseconds. */
  offMs(): number;
  /** Sets it right again. */
  restore(): void;
}

/** Takes the clock over. What was loaded before sees it, too: `Date` is replaced for the whole process. */
export function takeWallClock(): WallClock {
  let off = 0;
  const now = (): number => Real.now() + Math.round(off);
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: [], own) => Reflect.construct(target, args.length > 0 ? args : [now()], own) as Date,
    get: (target, key, own) => (key === 'now' ? now : (Reflect.get(target, key, own) as unknown)),
  });
  return {
    step: (ms) => void (off += ms),
    offMs: () => off,
    restore() {
      globalThis.Date = Real;
    },
  };
}
