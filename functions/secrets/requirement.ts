/** The rules for one secret: their schema, and what contradicts itself among them. */
import * as z from 'zod';
import { duration, regularExpression, secretName, secretVersion } from '../../shared/config/fields';
import { tell } from '../../shared/config/partly';
import type { Resolved } from '../../shared/probe';
import { secretResource } from '../../shared/secrets/resource-name';

const formats = ['url', 'json', 'pem-certificate', 'pem-private-key', 'integer'] as const;

/** The schema of the rules for one secret. */
export const requirement = z.strictObject({
  secret: secretName,
  version: secretVersion,
  format: z.enum(formats).optional(),
  schemes: z
    .array(z.string().regex(/^[a-z][a-z0-9+.-]*$/, { error: 'is not the scheme of a URL; allowed: e.g. postgresql' }))
    .min(1)
    .optional(),
  minLength: z.int().min(1).optional(),
  maxLength: z.int().min(1).optional(),
  matches: regularExpression.optional(),
  notMatches: regularExpression.optional(),
  maxAge: duration.optional().describe('How old the version may be'),
  minValidity: duration.optional().describe('How long the secret, or the certificate in it, must stay valid'),
  allowWhitespace: z.boolean().default(false),
  readableBy: z
    .array(
      z.string().regex(/^(user|group|serviceAccount|domain|principal|principalSet):\S+$/, {
        error: 'is not a member; allowed: serviceAccount:…, user:…, group:…, domain:…, principal:…, principalSet:…',
      }),
    )
    .min(1)
    .optional(),
});

/** What one secret has to keep. */
export type Requirement = Resolved<z.output<typeof requirement>>;

/** Rules that need the value, which is not read with `access: false`. */
const valueRules = ['format', 'schemes', 'minLength', 'maxLength', 'matches', 'notMatches', 'allowWhitespace'] as const;

/** What is wrong with a rule, and the key that it stands under. */
export interface Contradiction {
  readonly key: string;
  readonly message: string;
}

/** @returns what contradicts itself in the rules for one secret. `access` is asked for only where it counts. */
export function contradictions(rule: Requirement, access: () => boolean): readonly Contradiction[] {
  return [
    ...tell(() => {
      const { minLength = 0, maxLength = Infinity } = rule;
      if (minLength <= maxLength) return [];
      return [{ key: 'minLength', message: `${minLength} is above maxLength, ${maxLength}; allowed: at most maxLength` }];
    }),
    ...tell(() =>
      'schemes' in rule && rule.format !== 'url' ? [{ key: 'schemes', message: 'stands without format: url; allowed: only with it' }] : [],
    ),
    ...tell(() =>
      rule.allowWhitespace && (rule.format === 'url' || rule.format === 'integer')
        ? [{ key: 'allowWhitespace', message: `contradicts format: ${rule.format}; allowed: with a text, json or pem-*` }]
        : [],
    ),
    ...valueRules.flatMap((key) =>
      tell(() =>
        key in rule && rule[key] !== false && !access()
          ? [{ key, message: 'needs the value, which access: false forbids to read; allowed: with access: true' }]
          : [],
      ),
    ),
  ];
}

/** @returns what contradicts itself between two rules for one version of a secret; told of the second. */
function contradictionsBetween(first: Requirement, second: Requirement, at: number): readonly Contradiction[] {
  const place = `require[${at}], which is about the same secret`;
  return [
    ...tell(() =>
      first.format !== undefined && second.format !== undefined && first.format !== second.format
        ? [{ key: 'format', message: `${JSON.stringify(second.format)} contradicts ${place}; allowed: ${first.format}, or none` }]
        : [],
    ),
    ...tell(() => {
      const { minLength = 0 } = second;
      const { maxLength = Infinity } = first;
      if (minLength <= maxLength) return [];
      return [{ key: 'minLength', message: `${minLength} is above maxLength of ${place}; allowed: at most ${maxLength}` }];
    }),
    ...tell(() => {
      const { maxLength = Infinity } = second;
      const { minLength = 0 } = first;
      if (minLength <= maxLength) return [];
      return [{ key: 'maxLength', message: `${maxLength} is below minLength of ${place}; allowed: at least ${minLength}` }];
    }),
  ];
}

/**
 * @param project whose secrets a bare name means.
 * @returns what contradicts itself between the rules, which are merged where they are about the same version of the same secret.
 */
export function mergedContradictions(
  rules: readonly Requirement[],
  project: () => string,
): readonly (Contradiction & { readonly index: number })[] {
  const meant = rules.map((rule) => tell(() => [`${secretResource(rule.secret, project())}@${rule.version}`])[0]);
  return rules.flatMap((rule, index) =>
    rules
      .slice(0, index)
      .flatMap((earlier, at) =>
        meant[at] !== undefined && meant[at] === meant[index]
          ? contradictionsBetween(earlier, rule, at).map((each) => ({ ...each, index }))
          : [],
      ),
  );
}
