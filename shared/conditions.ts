/** The conditions that several kinds share: how they judge an observed fact, and how they say what is wrong. */
import type * as z from 'zod';
import { duration, fraction } from './config/fields';
import { formatDuration } from './config/duration';
import type { Condition } from './probe';
import type { Reason } from './reasons';
import type { FactValue, Observed } from './result';

const dayMs = 86_400_000;

function said(fact: FactValue | undefined): string {
  return fact === undefined || fact === null ? 'not told' : JSON.stringify(fact);
}

/** The fact equals the value. */
export function equals<Value extends string | number | boolean>(
  fact: string,
  schema: z.ZodType<Value>,
  reason: Reason,
): Condition<unknown> {
  return {
    schema,
    reason,
    judge: (expected: Value, _evidence: unknown, observed: Observed) =>
      observed[fact] === expected ? null : `${fact} is ${said(observed[fact])}, expected ${JSON.stringify(expected)}`,
  };
}

/** The fact, a share of a whole, is below the value. */
export function shareBelow(fact: string, reason: Reason): Condition<unknown> {
  return {
    schema: fraction,
    reason,
    judge: (expected: number, _evidence: unknown, observed: Observed) => {
      const actual = observed[fact];
      return typeof actual === 'number' && actual < expected ? null : `${fact} is ${said(actual)}, expected below ${expected}`;
    },
  };
}

/** The fact, a number of seconds, is below the duration. `absent` says whether a fact that was not observed is as good as met. */
export function secondsBelow(fact: string, reason: Reason, absent: (observed: Observed) => boolean = () => false): Condition<unknown> {
  return {
    schema: duration,
    reason,
    judge: (expectedMs: number, _evidence: unknown, observed: Observed) => {
      const actual = observed[fact];
      if (typeof actual !== 'number')
        return absent(observed) ? null : `${fact} is ${said(actual)}, expected below ${formatDuration(expectedMs)}`;
      return actual * 1000 < expectedMs ? null : `${fact} is ${actual} s, expected below ${formatDuration(expectedMs)}`;
    },
  };
}

/** On any TLS target: the earliest certificate of the chain stays valid for at least the duration. */
export const minCertificateValidity: Condition<unknown> = {
  schema: duration,
  reason: 'certificate_expiring',
  judge: (expectedMs: number, _evidence: unknown, observed: Observed) => {
    const days = observed['tls.daysUntilExpiry'];
    if (typeof days !== 'number') return `no certificate was seen, expected one valid for at least ${formatDuration(expectedMs)}`;
    return days * dayMs >= expectedMs ? null : `the certificate expires in ${days} d, expected at least ${formatDuration(expectedMs)}`;
  },
};

/** On any target: the attempt took at most the duration. Judged by the run, which alone knows the time. */
export const maxLatency = {
  schema: duration,
  reason: 'too_slow',
  judge: (expectedMs: number, durationMs: number) =>
    durationMs <= expectedMs ? null : `took ${Math.round(durationMs)} ms, expected at most ${formatDuration(expectedMs)}`,
} as const;
