/** Judges what a probe found against `expect` and `warn`. */
import { maxLatency, minCertificateValidity } from '../conditions';
import type { Condition, Conditions } from '../probe';
import type { Finding, Observed } from '../result';
import type { Prepared } from '../secrets/fetch';

type AnyCondition = Condition<unknown>;

/** @returns one entry an unmet condition, in the order of the kind's conditions, then those of every target. */
function unmet(
  wanted: Prepared['expect'],
  conditions: Conditions<never>,
  evidence: unknown,
  observed: Observed,
  durationMs: number,
): Omit<Finding, 'outcome'>[] {
  if (Object.keys(wanted).length === 0) return [];
  const all: Record<string, AnyCondition> = {
    ...(conditions as unknown as Record<string, AnyCondition>),
    minCertificateValidity,
    maxLatency: { ...maxLatency, judge: (expected: number) => maxLatency.judge(expected, durationMs) },
  };
  return Object.entries(all).flatMap(([subject, condition]) => {
    if (!Object.hasOwn(wanted, subject)) return [];
    const message = condition.judge(wanted[subject] as never, evidence, observed);
    const { reason } = condition;
    return message === null
      ? []
      : [{ subject, reason: typeof reason === 'function' ? reason(evidence) : reason, message, durationMs: null }];
  });
}

/** What the conditions of a target say. */
export interface Judgement {
  readonly failures: readonly Omit<Finding, 'outcome'>[];
  readonly warnings: readonly Omit<Finding, 'outcome'>[];
}

/** Judges the evidence of one attempt. A condition that is also unmet in `expect` is not told again as a warning. */
export function judge(
  prepared: Prepared,
  conditions: Conditions<never>,
  evidence: unknown,
  observed: Observed,
  durationMs: number,
): Judgement {
  const failures = unmet(prepared.expect, conditions, evidence, observed, durationMs);
  const failed = new Set(failures.map(({ subject }) => subject));
  return {
    failures,
    warnings: unmet(prepared.warn, conditions, evidence, observed, durationMs).filter(({ subject }) => !failed.has(subject)),
  };
}
