/** How the things of one environment are marked as ours: by what their names hold, and by the labels on all that takes some. */
import { createHash } from 'node:crypto';

const digits = 4;

/** @returns the text as it may stand in a name, cut to the length, with some digits of its hash where anything of it was lost. */
export function slugOf(environment: string, longest: number): string {
  const plain = environment
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (plain === environment && plain.length <= longest) return plain;
  const hash = createHash('sha256').update(environment).digest('hex').slice(0, digits);
  return [plain.slice(0, longest - digits - 1).replace(/-$/, ''), hash].filter(Boolean).join('-');
}

/** Function and Cloud Run service: at most 49 characters, so that a revision's name has room (Cloud Run, "service names"). */
const longestFunction = 49;
/** The longest of what follows the prefix: `websocket`, `scheduler`. */
export const longestUser = 9;

/** @returns the environment as it may stand in a label's value and in the name of a function; two environments never share one. */
export function environmentSlug(environment: string): string {
  return slugOf(environment, longestFunction - 'synthetics--'.length - longestUser);
}

/** @returns the name of a function of the environment, as a deployment gives it; its Cloud Run service has the same. */
export function functionName(environment: string, kind: string): string {
  return `synthetics-${environmentSlug(environment)}-${kind}`;
}

/** @returns the labels on all of the environment that takes some. */
export function ownLabels(environment: string): Readonly<Record<string, string>> {
  return { 'managed-by': 'vpc-synthetics', 'synthetics-environment': environmentSlug(environment) };
}

/** The label of an alert policy that holds its key, and the one that holds its owner where it has one. */
export const policyLabel = 'policy';
export const ownerLabel = 'owner';
