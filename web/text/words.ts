/** The words for outcomes, verdicts and owners, and for how many there are of something. */
import type { Confidence } from '../../shared/diagnose/diagnosis';
import type { Owner } from '../../shared/reasons';
import type { Counts, Outcome, Severity, Verdict } from '../../shared/result';
import type { SignOff } from '../../shared/verify/verification';

/** A table in which nothing stands but what was put there: whatever an answer says, it finds no method of objects, and no prototype. */
export function table<Key extends string, Value>(entries: Readonly<Record<Key, Value>>): Readonly<Record<Key, Value>> {
  return Object.assign(Object.create(null) as Record<Key, Value>, entries);
}

export const outcomeWords = table<Outcome, string>({
  success: 'Success',
  degraded: 'Degraded',
  failure: 'Failure',
  unknown: 'Unknown',
});

/** The worst first. */
export const byGravity: readonly Outcome[] = ['failure', 'unknown', 'degraded', 'success'];

export const verdictWords = table<Verdict, string>({
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Unhealthy',
  unknown: 'Unknown',
});

/** The outcome that a verdict looks like. */
export const verdictOutcome = table<Verdict, Outcome>({
  healthy: 'success',
  degraded: 'degraded',
  unhealthy: 'failure',
  unknown: 'unknown',
});

export const ownerWords = table<Owner, string>({
  infrastructure: 'Infrastructure',
  application: 'Application',
  operator: 'Operator',
  monitor: 'Monitor',
});

/** What an owner looks after, for who does not know the words. */
export const ownerTitles = table<Owner, string>({
  infrastructure: 'Network, certificates, platform, databases',
  application: 'The services themselves',
  operator: 'Secrets and configuration',
  monitor: 'This monitoring or its access',
});

export const confidenceWords = table<Confidence, string>({
  high: 'high confidence',
  medium: 'medium confidence',
  low: 'low confidence',
});

export const severityWords = table<Severity, string>({ critical: 'critical', error: 'error', warning: 'warning' });

export const signOffWords = table<SignOff, string>({
  signed_off: 'Signed off',
  not_signed_off: 'Not signed off',
  inconclusive: 'Inconclusive',
});

/** The outcome that a sign-off looks like. */
export const signOffOutcome = table<SignOff, Outcome>({
  signed_off: 'success',
  not_signed_off: 'failure',
  inconclusive: 'unknown',
});

/** @returns `1 target`, `12 targets` */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** @returns `3 failure, 1 degraded, 38 success`, leaving out what there is none of. */
export function countsText(counts: Counts): string {
  const told = byGravity.filter((outcome) => counts[outcome] > 0).map((outcome) => `${counts[outcome]} ${outcome}`);
  return told.length > 0 ? told.join(', ') : 'no run';
}

/** @returns `99.95 %`; never rounded up to 100. */
export function percent(share: number): string {
  const shown = Math.floor(share * 10_000) / 100;
  return `${shown} %`;
}
