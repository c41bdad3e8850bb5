/** Names of everything that a deployment creates; they mark it as ours, and as that of one environment. */
import { createHash } from 'node:crypto';

/** The names of one environment's things. */
export interface Names {
  /** The environment as it may stand in a label's value and in the name of a resource. */
  readonly slug: string;
  /** What every name begins with, `synthetics-<environment>-`; those of service accounts begin with `accountPrefix`. */
  readonly prefix: string;
  readonly accountPrefix: string;
  /** The description of all that takes no labels begins with it; it ends in a colon, so that none is the beginning of another's. */
  readonly marker: string;
  /** On all that takes labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** @returns the name of a function; its Cloud Run service has the same. */
  readonly function: (kind: string) => string;
  /** @returns the id of a service account, what stands before the @. */
  readonly account: (user: string) => string;
  /** @returns the name of a Scheduler job. */
  readonly job: (kind: string, shard: number) => string;
  /** The id of the Monitoring service that the SLOs belong to. */
  readonly service: string;
}

/** Function and Cloud Run service: at most 49 characters, so that a revision's name has room (Cloud Run, "service names"). */
const longestFunction = 49;
/** Service account: 6 to 30 characters (IAM, projects.serviceAccounts.create, `accountId`). */
const longestAccount = 30;
/** The longest of what follows the prefix: `websocket`, `scheduler`. */
const longestUser = 9;
const digits = 4;

/** @returns the text cut to the length, with some digits of its hash where anything of it was lost. */
function slugOf(environment: string, longest: number): string {
  const plain = environment
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (plain === environment && plain.length <= longest) return plain;
  const hash = createHash('sha256').update(environment).digest('hex').slice(0, digits);
  return [plain.slice(0, longest - digits - 1).replace(/-$/, ''), hash].filter(Boolean).join('-');
}

/** @returns the names of an environment's things; two environments never share one. */
export function namesOf(environment: string): Names {
  const slug = slugOf(environment, longestFunction - 'synthetics--'.length - longestUser);
  const prefix = `synthetics-${slug}-`;
  const accountPrefix = `synthetics-${slugOf(environment, longestAccount - 'synthetics--'.length - longestUser)}-`;
  return {
    slug,
    prefix,
    accountPrefix,
    marker: `vpc-synthetics, environment ${environment}:`,
    labels: { 'managed-by': 'vpc-synthetics', 'synthetics-environment': slug },
    function: (kind) => `${prefix}${kind}`,
    account: (user) => `${accountPrefix}${user}`,
    job: (kind, shard) => `${prefix}${kind}-${shard}`,
    service: `synthetics-${slug}`,
  };
}
