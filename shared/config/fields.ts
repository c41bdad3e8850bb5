/** The building blocks of every target's schema: durations, secret values, URLs, TLS, expressions. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { expressionProblem } from '../expression';
import { namesSeveralHosts, parseUrl } from '../hosts';
import { compilePattern } from '../pattern';
import type { TlsSettings } from '../dial/connection';
import type { Problem } from '../probe';
import { asLiteral } from '../secrets/template';
import { parseDuration } from './duration';
import { tell } from './partly';

const longestMs = 36_500 * 86_400_000;

/** A duration such as `10s`, also zero; milliseconds once parsed. */
export const durationOrZero = z
  .string({ error: 'is not a duration; allowed: a number and a unit, e.g. 500ms, 10s, 2m, 1h, 21d' })
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, { error: 'is not a duration; allowed: a number and a unit, e.g. 500ms, 10s, 2m, 1h, 21d' })
  .refine((text) => (parseDuration(text) ?? 0) <= longestMs, { error: 'is too long; allowed: at most 36500d' })
  .transform((text) => parseDuration(text) ?? 0)
  .describe('A number and a unit: ms, s, m, h or d');

/** A duration that lasts; milliseconds once parsed. */
export const duration = durationOrZero.refine((milliseconds) => milliseconds > 0, { error: 'is no time at all; allowed: more than 0' });

/** The name of a secret: in the project, or a full resource name (also regional). */
export const secretName = z.string().regex(/^([A-Za-z0-9_-]{1,255}|projects\/[^/]+(\/locations\/[^/]+)?\/secrets\/[A-Za-z0-9_-]{1,255})$/, {
  error: 'is not the name of a secret; allowed: letters, digits, _ and -, or projects/P/secrets/S',
});

/** The name of a target, a step, an event: it becomes a label's value. */
export const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'is not a name; allowed: lower-case letters, digits and hyphens, at most 63' });

/** The name of a step or of an event: it becomes a label's value. */
export const label = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, { error: 'is not a name; allowed: letters, digits, _, . and -, at most 63' });

/** The name of a variable that a step captures. */
export const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of a variable; allowed: letters, digits and _' });

const versionError = 'is not the version of a secret; allowed: a number, an alias, or latest';
/** The version of a secret: its number, an alias, or `latest`. */
export const secretVersion = z
  .union([z.string().regex(/^[A-Za-z0-9_-]+$/, { error: versionError }), z.int().positive().transform(String)], { error: versionError })
  .default('latest');

export const secretReference = z
  .strictObject({ secret: secretName, version: secretVersion })
  .describe('A secret in Secret Manager; its value stands in this place');

/** A value that may be secret: a string, or a reference to a secret. */
export const secretValue = z.union([z.string(), secretReference]);

/** A PEM text: a string, a reference to a secret, or a file beside the configuration. */
export const pemValue = z.union([z.string(), secretReference, z.strictObject({ file: z.string().min(1) })]);

const portError = 'is not a port; allowed: 1 to 65535';
export const port = z.int({ error: portError }).min(1, { error: portError }).max(65_535, { error: portError });

function isHost(text: string): boolean {
  if (isTemplate(text)) return true;
  if (text.startsWith('/')) return !text.includes('\0');
  return isIP(text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')) !== 0 || /^[^\s:/?#@[\]\\,]+$/.test(text);
}

const severalError = 'names several hosts; allowed: one host';
const hostError = 'is not a host; allowed: a name, an address, or the path of a unix socket, without a port';

/** A name, an address, or the path of a unix socket. */
export const host = z
  .union([z.string().refine(isHost, { error: ({ input }) => (String(input).includes(',') ? severalError : hostError) }), secretReference])
  .describe('A name, an address, or the path of a unix socket');

/** @returns the schema of a URL of one of the schemes; its own beginning may be a template or the whole a reference. */
export function urlValue(schemes: readonly string[]): z.ZodType<string | z.output<typeof secretReference>> {
  const error = `is not a URL of a fitting scheme; allowed: ${schemes.map((scheme) => `${scheme}://…`).join(', ')}`;
  const fits = (text: string): boolean => {
    if (text.startsWith('${')) return true;
    const parsed = parseUrl(text);
    return parsed !== undefined && schemes.includes(parsed.scheme) && /^[^:]+:\/\//.test(text) && !/\s/.test(text);
  };
  return z.union([
    z
      .string()
      .refine((text) => !namesSeveralHosts(text), { error: severalError, abort: true })
      .refine(fits, { error }),
    secretReference,
  ]);
}

/** Header fields by name; RFC 9110, sections 5.1 and 5.5. */
export const headers = z.record(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of a header field; allowed: letters, digits and -' }),
  z.union([
    // eslint-disable-next-line no-control-regex -- a tab is allowed.
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'is not the value of a header field; allowed: one line of Latin-1' }),
    secretReference,
  ]),
);

/** A JSON object that is sent as it stands, its templates filled in. */
export const jsonObject = z.record(z.string(), z.json()).transform((value) => asLiteral(value));

const fractionError = 'is not a share of a whole; allowed: above 0, at most 1';
/** A share of a whole. */
export const fraction = z.number({ error: fractionError }).gt(0, { error: fractionError }).lte(1, { error: fractionError });

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

/** What a `tls` block says, its references replaced. */
export type Tls = z.output<typeof tls>;

/** @returns what is wrong with an address that is either one `url`, or a `host` with the other parts beside it. */
export function addressProblems(target: Readonly<Record<string, unknown>>, parts: readonly string[]): readonly Problem[] {
  if (!('url' in target) && !('host' in target))
    return [{ path: [], message: `has neither url nor host; allowed: url, or ${parts.join(', ')}` }];
  if (!('url' in target)) return [];
  return parts
    .filter((part) => part in target)
    .map((part) => ({ path: [part], message: 'stands together with url; allowed: one of the two' }));
}

/** What a `tls` block says besides its mode. */
const tlsDetails = ['ca', 'cert', 'key', 'serverName', 'minVersion'] as const;

/** @returns what contradicts itself in a `tls` block at the path. */
export function tlsProblems(settings: Tls | undefined, path: readonly (string | number)[]): readonly Problem[] {
  if (settings === undefined) return [];
  const contradicting = tell(() => (settings.mode === 'disable' ? tlsDetails.filter((key) => key in settings) : []));
  if (contradicting.length > 0)
    return contradicting.map((key) => ({ path: [...path, key], message: 'contradicts mode: disable; allowed: with another mode' }));
  if ('cert' in settings === 'key' in settings) return [];
  const [given, missing] = 'cert' in settings ? ['cert', 'key'] : ['key', 'cert'];
  return [{ path: [...path, given], message: `has no ${missing} beside it; allowed: cert and key together` }];
}
