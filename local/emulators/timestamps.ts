/** Conversions between protobuf timestamps, nanoseconds and milliseconds since 1970. */

/** A `google.protobuf.Timestamp` or `Duration` in any form that clients and servers hold it; what is missing counts as 0. */
export interface Timestamp {
  readonly seconds?: { toString(): string } | null;
  readonly nanos?: number | null;
}

/** Whole nanoseconds, exact. */
export function toNanos(time: Timestamp): bigint {
  return BigInt(time.seconds?.toString() ?? 0) * 1_000_000_000n + BigInt(time.nanos ?? 0);
}

/** Milliseconds, with a fraction. */
export function toMs(time: Timestamp): number {
  return Number(toNanos(time)) / 1_000_000;
}

/** A timestamp of milliseconds, to the microsecond. */
export function fromMs(ms: number): { seconds: string; nanos: number } {
  const microseconds = Math.round(ms * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  return { seconds: String(seconds), nanos: (microseconds - seconds * 1_000_000) * 1000 };
}

/** Nanoseconds of whole milliseconds. */
export function msToNanos(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
