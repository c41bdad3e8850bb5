/** Cloud Resource Manager's `projects.getIamPolicy` (v3). */
import { RestError } from './rest-error';
import type { Route } from './route';

/** A project's IAM policy. */
export interface IamPolicy {
  readonly version?: number;
  readonly etag?: string;
  readonly bindings?: readonly { readonly role: string; readonly members: readonly string[]; readonly condition?: object }[];
}

/** The route that reads policies by project id. */
export function iamPolicyRoute(policies: ReadonlyMap<string, IamPolicy>): Route {
  return {
    method: 'POST',
    path: /^\/cloudresourcemanager\/v3\/projects\/(?<project>[^/:]+):getIamPolicy$/,
    handle({ parameters }) {
      const policy = policies.get(parameters['project'] ?? '');
      if (!policy) throw new RestError(403, 'The caller does not have permission');
      return { version: 1, etag: 'BwXhqDbYk7c=', bindings: [], ...policy };
    },
  };
}
