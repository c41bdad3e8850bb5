/** Names of everything that a deployment creates; they mark it as ours, and as that of one environment. */
import { environmentSlug, functionName, longestUser, ownLabels, slugOf } from '../../shared/config/own-labels';

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

/** Service account: 6 to 30 characters (IAM, projects.serviceAccounts.create, `accountId`). */
const longestAccount = 30;

/** @returns the names of an environment's things; two environments never share one. */
export function namesOf(environment: string): Names {
  const slug = environmentSlug(environment);
  const prefix = `synthetics-${slug}-`;
  const accountPrefix = `synthetics-${slugOf(environment, longestAccount - 'synthetics--'.length - longestUser)}-`;
  return {
    slug,
    prefix,
    accountPrefix,
    marker: `vpc-synthetics, environment ${environment}:`,
    labels: ownLabels(environment),
    function: (kind) => functionName(environment, kind),
    account: (user) => `${accountPrefix}${user}`,
    job: (kind, shard) => `${prefix}${kind}-${shard}`,
    service: `synthetics-${slug}`,
  };
}
