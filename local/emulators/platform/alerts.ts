/** Cloud Monitoring's `projects.alerts.list` (v3): the incidents of alert policies. */
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { parseLogFilter } from './log-filter';
import { RestError } from './rest-error';
import type { Route } from './route';

type Labels = Readonly<Record<string, string>>;

/** One incident (REST resource `projects.alerts`). */
export interface StoredAlert {
  /** `projects/P/alerts/A`. */
  readonly name: string;
  readonly state: 'OPEN' | 'CLOSED';
  /** RFC 3339. */
  readonly openTime: string;
  readonly closeTime?: string;
  readonly resource: { readonly type: string; readonly labels: Labels };
  readonly metric: { readonly type: string; readonly labels: Labels };
  readonly policy: {
    readonly name: string;
    readonly displayName: string;
    readonly userLabels: Labels;
    readonly severity: string;
  };
}

const usualPage = 50;
const longestPage = 1000;
const times = ['openTime', 'closeTime'] as const;

/** A filter may name a field as JSON or as the proto writes it. */
function asFiltered({ policy, ...alert }: StoredAlert): object {
  return {
    ...alert,
    open_time: alert.openTime,
    close_time: alert.closeTime,
    policy: { ...policy, display_name: policy.displayName, user_labels: policy.userLabels },
  };
}

type Order = (a: StoredAlert, b: StoredAlert) => number;

/** @throws RestError 400 for what can't be sorted by */
function orderOf(text: string): Order {
  const parts = text.split(',').map((part) => {
    const [, name = '', direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(part) ?? [];
    const field = times.find((time) => time === name || time.replace('T', '_t') === name);
    if (!field) throw new RestError(400, `Field order_by had an invalid value of "${text}".`);
    return { field, sign: direction === 'desc' ? -1 : 1 };
  });
  const valueOf = (alert: StoredAlert, field: (typeof times)[number]): number => Date.parse(alert[field] ?? '') || 0;
  return (a, b) =>
    parts.map(({ field, sign }) => sign * (valueOf(a, field) - valueOf(b, field))).find((difference) => difference !== 0) ?? 0;
}

/** @param alerts those of every project; it may throw a RestError. */
export function alertsRoute(alerts: () => readonly StoredAlert[]): Route {
  return {
    method: 'GET',
    path: /^\/monitoring\/v3\/projects\/(?<project>[^/]+)\/alerts$/,
    handle({ parameters, query }) {
      const matches = parseLogFilter(query['filter'] ?? '');
      const order = orderOf(query['orderBy'] || 'openTime desc');
      const found = alerts()
        .filter((alert) => alert.name.startsWith(`projects/${parameters['project']}/`) && matches(asFiltered(alert)))
        .toSorted(order);
      const size = Number(query['pageSize'] ?? usualPage);
      try {
        const { items, nextPageToken } = cutPage(found, size > 0 ? size : usualPage, query['pageToken'] ?? '', longestPage);
        return {
          ...(items.length > 0 ? { alerts: items } : {}),
          ...(nextPageToken === '' ? {} : { nextPageToken }),
          totalSize: found.length,
        };
      } catch (error) {
        if (error instanceof StatusError) throw new RestError(400, error.message);
        throw error;
      }
    },
  };
}
