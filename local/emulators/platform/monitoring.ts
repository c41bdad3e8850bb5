/** Cloud Monitoring's alert policies and snoozes (v3), as far as silencing a target needs them. */
import { cutPage } from '../paging';
import { RestError } from './rest-error';
import type { Route } from './route';

/** A policy, as it is listed. */
export interface StoredPolicy {
  /** `projects/P/alertPolicies/A`. */
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A snooze that was made. */
export interface StoredSnooze {
  readonly name: string;
  readonly displayName: string;
  readonly criteria: { readonly policies: readonly string[]; readonly filter?: string };
  readonly interval: { readonly startTime: string; readonly endTime: string };
}

const usualPage = 100;
const longestPage = 1000;
const skewMs = 15_000;
const mostPolicies = 16;

/** The rules of `projects.snoozes.create` (google.monitoring.v3.Snooze). */
function check({ displayName, criteria, interval }: Partial<StoredSnooze>, known: ReadonlySet<string>, now: number): void {
  const policies = criteria?.policies ?? [];
  const [start, end] = [Date.parse(interval?.startTime ?? ''), Date.parse(interval?.endTime ?? '')];
  const wrong: readonly (readonly [boolean, string])[] = [
    [
      displayName === undefined || displayName === '' || Array.from(displayName).length > 512,
      'Field display_name has 1 to 512 characters.',
    ],
    [policies.length < 1 || policies.length > mostPolicies, `Field criteria.policies has 1 to ${mostPolicies} entries.`],
    [
      criteria?.filter !== undefined && policies.length !== 1,
      'Exactly 1 alert policy is required if filter is specified at the same time.',
    ],
    [
      criteria?.filter !== undefined && !/^resource\.labels\.\w+="[^"]*"( AND resource\.labels\.\w+="[^"]*")*$/.test(criteria.filter),
      'Field criteria.filter is invalid.',
    ],
    [!(start >= now - skewMs), 'Field interval.start_time cannot be in the past.'],
    [!(end > start), 'Field interval.end_time must be after interval.start_time.'],
  ];
  const first = wrong.find(([isWrong]) => isWrong);
  if (first) throw new RestError(400, first[1]);
  const missing = policies.find((name) => !known.has(name));
  if (missing !== undefined) throw new RestError(404, `The alert policy ${missing} does not exist.`);
}

/** @returns the routes over the policies and snoozes of all projects. */
export function monitoringRoutes(policies: readonly StoredPolicy[], snoozes: StoredSnooze[]): readonly Route[] {
  return [
    {
      method: 'GET',
      path: /^\/monitoring\/v3\/projects\/(?<project>[^/]+)\/alertPolicies$/,
      handle({ parameters, query }) {
        const of = policies.filter(({ name }) => name.startsWith(`projects/${parameters['project']}/`));
        const { items, nextPageToken } = cutPage(of, Number(query['pageSize'] ?? usualPage), query['pageToken'] ?? '', longestPage);
        return {
          ...(items.length > 0 ? { alertPolicies: items } : {}),
          ...(nextPageToken === '' ? {} : { nextPageToken }),
          totalSize: of.length,
        };
      },
    },
    {
      method: 'POST',
      path: /^\/monitoring\/v3\/projects\/(?<project>[^/]+)\/snoozes$/,
      handle({ parameters, body }) {
        const given = (body ?? {}) as Partial<StoredSnooze>;
        check(given, new Set(policies.map(({ name }) => name)), Date.now());
        const snooze = { ...given, name: `projects/${parameters['project']}/snoozes/${1_000_000 + snoozes.length}` } as StoredSnooze;
        snoozes.push(snooze);
        return snooze;
      },
    },
  ];
}
