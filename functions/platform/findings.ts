/** What is found of one expectation: met, unmet, or not to be told; always with the actual and the expected value. */
import type { Fault } from '../../shared/fault';
import type { Reason } from '../../shared/reasons';
import type { Finding } from '../../shared/result';
import { compareNames } from './names';

type Value = string | number | boolean | undefined;

const finding = (subject: string, outcome: Finding['outcome'], reason: Reason | null, message: string): Finding => ({
  subject,
  outcome,
  reason,
  message,
  durationMs: null,
});

export function met(subject: string, message: string): Finding {
  return finding(subject, 'success', null, message);
}

export function unmet(subject: string, message: string, reason: Reason = 'resource_misconfigured'): Finding {
  return finding(subject, 'failure', reason, message);
}

/** What could not be told is neither met nor unmet. */
export function untold(subject: string, { reason, message }: Pick<Fault, 'reason' | 'message'>): Finding {
  return finding(subject, 'unknown', reason, message);
}

/** @returns the finding of an expectation that the configuration may leave out. */
export function where<T>(expected: T | undefined, judge: (expected: T) => Finding): readonly Finding[] {
  return expected === undefined ? [] : [judge(expected)];
}

const shown = (value: Value): string => (value === undefined || value === '' ? 'not set' : String(value));

/**
 * Compares a setting.
 * @param isMet default: whether the two are equal.
 * @param note stands behind the actual value.
 */
export function compare(subject: string, actual: Value, expected: Value, options: { isMet?: boolean; note?: string } = {}): Finding {
  const { isMet = actual === expected, note } = options;
  const told = `${subject} is ${shown(actual)}${note === undefined ? '' : ` (${note})`}`;
  return isMet ? met(subject, told) : unmet(subject, `${told}, expected ${shown(expected)}`);
}

/** Compares a setting that has to be large enough. */
export function atLeast(subject: string, actual: number | undefined, expected: number, show: (value: number) => string = String): Finding {
  const told = `${subject} is ${actual === undefined ? 'not set' : show(actual)}`;
  return actual !== undefined && actual >= expected ? met(subject, told) : unmet(subject, `${told}, expected at least ${show(expected)}`);
}

/** Compares the names of two resources. */
export function compareResource(subject: string, actual: string | undefined, expected: string, note?: string): Finding {
  if (actual === undefined || actual === '') return compare(subject, undefined, expected, { note });
  const verdict = compareNames(actual, expected);
  if (verdict !== 'unclear') return compare(subject, actual, expected, { isMet: verdict === 'same', note });
  const message = `${subject} is ${actual}, expected ${expected}: the number of a project and its id can't be compared; write it as the API does`;
  return untold(subject, { reason: 'config_invalid', message });
}

/** @returns what is found of the resource's state. */
export function stateFinding(state: string | undefined, expected: string, detail?: string): Finding {
  if (state === undefined || state === 'STATE_UNSPECIFIED')
    return untold('state', { reason: 'api_unavailable', message: `the API does not tell the state, expected ${expected}` });
  const note = detail === undefined || detail === '' ? '' : `: ${detail}`;
  return state === expected
    ? met('state', `state is ${state}`)
    : unmet('state', `state is ${state}, expected ${expected}${note}`, 'resource_not_ready');
}
