/** The formats that a value may be asked to have. */
import { certificatesIn, privateKeyProblem } from './pem';
import type { Requirement } from './requirement';
import { urlProblem } from './url';

type Check = (text: string, rule: Requirement, now: number) => string | undefined;

// White space around a URL or a number is told by a rule of its own, so that it breaks no format.
const checks: Readonly<Record<NonNullable<Requirement['format']>, Check>> = {
  url: (text, { schemes }) => urlProblem(text.trim(), schemes),
  json: (text) => (isJson(text) ? undefined : 'the value is no JSON'),
  integer: (text) => (/^[+-]?\d+$/.test(text.trim()) ? undefined : 'the value is no integer'),
  'pem-certificate'(text, _rule, now) {
    const validity = certificatesIn(text);
    if (!validity) return 'the value is no certificate in PEM, or a chain of them that is cut short';
    return validity.notBefore > now ? 'the value holds a certificate that is not yet valid' : undefined;
  },
  'pem-private-key'(text) {
    const problem = privateKeyProblem(text);
    return problem && `the value ${problem}`;
  },
};

/** @returns what is wrong with the format of a value, or undefined; `now` is milliseconds since 1970. */
export function formatProblem(text: string, rule: Requirement, now: number): string | undefined {
  return rule.format && checks[rule.format](text, rule, now);
}

/** Any JSON value will do (RFC 8259, section 2). */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
