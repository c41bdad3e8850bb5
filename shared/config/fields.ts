/** The building blocks of every target's schema: durations, secret values, URLs, TLS, expressions. */
import { z } from 'zod';
import { expressionProblem } from '../expression';
import { compilePattern } from '../pattern';
import type { TlsSettings } from '../dial/connection';
import { parseDuration } from './duration';

/** A duration such as `10s`; milliseconds once parsed. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, { error: 'is not a duration; allowed: a number and a unit, e.g. 500ms, 10s, 2m, 1h, 21d' })
  .transform((text) => parseDuration(text) ?? 0);

/** The name of a secret: in the project, or a full resource name (also regional). */
export const secretName = z.string().regex(/^([A-Za-z0-9_-]{1,255}|projects\/[^/]+(\/locations\/[^/]+)?\/secrets\/[A-Za-z0-9_-]{1,255})$/, {
  error: 'is not the name of a secret; allowed: letters, digits, _ and -, or projects/P/secrets/S',
});

/** The name of a target, a step, an event: it becomes a label's value. */
export const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, { error: 'is not a name; allowed: lower-case letters, digits and hyphens' })
  .max(63);

export const secretReference = z.strictObject({
  secret: secretName,
  version: z.union([z.string().min(1), z.int().positive().transform(String)]).default('latest'),
});

/** A value that may be secret: a string, or a reference to a secret. */
export const secretValue = z.union([z.string(), secretReference]);

/** A PEM text: a string, a reference to a secret, or a file beside the configuration. */
export const pemValue = z.union([z.string(), secretReference, z.strictObject({ file: z.string().min(1) })]);

export const port = z.int().min(1).max(65_535);
export const host = z.string().min(1);
/** A share of a whole. */
export const fraction = z.number().gt(0).lte(1);

/** A regular expression in RE2's syntax: it can't hang a run, since its time is linear in the text. */
export const regularExpression = z.string().superRefine((text, context) => {
  if (isTemplate(text)) return;
  const compiled = compilePattern(text);
  if (typeof compiled === 'string')
    context.addIssue({ code: 'custom', message: `is not a regular expression: ${compiled}; allowed: RE2 syntax` });
});

/** A JMESPath expression. */
export const expression = z.string().superRefine((text, context) => {
  if (isTemplate(text)) return;
  const problem = expressionProblem(text);
  if (problem !== undefined)
    context.addIssue({ code: 'custom', message: `is not a JMESPath expression: ${problem}; allowed: see jmespath.org` });
});

/** Whether a text holds anything that is replaced before use. */
export function isTemplate(text: string): boolean {
  return text.includes('${');
}

export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** The `tls` block of a target. */
export const tls = z.strictObject({
  mode: z.enum(tlsModes).default('verify-full'),
  ca: pemValue.optional(),
  cert: pemValue.optional(),
  key: pemValue.optional(),
  serverName: z.string().min(1).optional(),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).optional(),
}) satisfies z.ZodType<Omit<TlsSettings, 'ca' | 'cert' | 'key'>>;
