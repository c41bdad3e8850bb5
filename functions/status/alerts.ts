/** Reads the incidents of Cloud Monitoring (REST v3, `projects.alerts.list`), as far as they are of policies of ours. */
import * as z from 'zod';
import type { RestApis } from '../../shared/cloud/cloud';
import { ownLabels } from '../../shared/config/own-labels';
import { Fault } from '../../shared/fault';

const labels = z.record(z.string(), z.string()).default({});
const labelled = z.object({ labels }).default({ labels: {} });
const alert = z.object({
  state: z.string(),
  openTime: z.string(),
  closeTime: z.string().optional(),
  resource: labelled,
  metric: labelled,
  policy: z.object({ displayName: z.string().default(''), severity: z.string().optional(), userLabels: labels }),
});
const page = z.object({ alerts: z.array(z.unknown()).optional(), nextPageToken: z.string().optional() });

/** One incident. */
export type Alert = z.output<typeof alert>;

/** The newest first. */
export interface Alerts {
  readonly alerts: readonly Alert[];
  /** True when there are older ones that were not read. */
  readonly truncated: boolean;
}

const longestPage = 1000;
/** The history of all incidents of a project grows; older ones than these are hardly open. */
const mostPages = 3;
/** So long after it was closed, in milliseconds, one is told. */
const closedMs = 24 * 3_600_000;

/**
 * What the filter of the method may hold is documented by examples alone, and the spelling of its order is not one: without both the
 * newest come first, and ours are chosen here.
 * @param at milliseconds since 1970.
 * @returns those that are open, or were closed in the last day.
 * @throws Fault `api_denied` or `api_unavailable`
 */
export async function readAlerts(
  { rest, project, environment }: { readonly rest: Pick<RestApis, 'get'>; readonly project: string; readonly environment: string },
  at: number,
  signal: AbortSignal,
): Promise<Alerts> {
  const own = Object.entries(ownLabels(environment));
  const isTold = ({ state, closeTime, policy }: Alert): boolean =>
    own.every(([key, value]) => policy.userLabels[key] === value) &&
    (state === 'OPEN' || (closeTime !== undefined && at - Date.parse(closeTime) <= closedMs));
  const found: Alert[] = [];
  let token: string | undefined = '';
  for (let pages = 0; token !== undefined && pages < mostPages; pages += 1) {
    const query: string = new URLSearchParams({ pageSize: String(longestPage), ...(token === '' ? {} : { pageToken: token }) }).toString();
    const answer = page.safeParse(await rest.get('monitoring', `/v3/projects/${project}/alerts?${query}`, signal));
    if (!answer.success) throw new Fault('api_unavailable', 'monitoring: the answer is not a page of alerts');
    found.push(...(answer.data.alerts ?? []).flatMap((each) => alert.safeParse(each).data ?? []).filter(isTold));
    token = answer.data.nextPageToken || undefined;
  }
  return { alerts: found.toSorted((a, b) => Date.parse(b.openTime) - Date.parse(a.openTime)), truncated: token !== undefined };
}
