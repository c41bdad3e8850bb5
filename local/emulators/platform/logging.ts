/** Cloud Logging's `entries.list` (v2): filters, order and pages, as the API documents them. */
import { cutPage } from '../paging';
import { StatusError } from '../status-error';
import { parseLogFilter } from './log-filter';
import { RestError } from './rest-error';
import type { Route } from './route';

/** One entry; `timestamp` is RFC 3339. */
export interface StoredLogEntry {
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

interface ListRequest {
  readonly resourceNames?: readonly string[];
  readonly filter?: string;
  readonly orderBy?: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

const usualPage = 50;
const longestPage = 1000;
const longestFilter = 20_000;

/** @param entries of a project, by its name */
export function logEntriesRoute(entries: (project: string) => readonly StoredLogEntry[]): Route {
  return {
    method: 'POST',
    path: /^\/logging\/v2\/(?<method>entries:list)$/,
    handle({ body }) {
      const {
        resourceNames = [],
        filter = '',
        orderBy = 'timestamp asc',
        pageSize = usualPage,
        pageToken = '',
      } = (body ?? {}) as ListRequest;
      if (resourceNames.length === 0) throw new RestError(400, 'Name is empty in list entries request.');
      if (filter.length > longestFilter) throw new RestError(400, 'The filter is too long.');
      if (pageSize < 0 || pageSize > longestPage) throw new RestError(400, 'page_size is out of range.');
      const match = /^timestamp (asc|desc)$/.exec(orderBy);
      if (!match) throw new RestError(400, `Unsupported order_by: ${orderBy}`);
      const matches = parseLogFilter(filter);
      const found = resourceNames
        .flatMap((name) => entries(name.replace(/^projects\//, '')))
        .filter(matches)
        .toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
      return pageOf(match[1] === 'desc' ? found.toReversed() : found, pageSize, pageToken);
    },
  };
}

function pageOf(found: readonly StoredLogEntry[], pageSize: number, pageToken: string): object {
  try {
    const { items, nextPageToken } = cutPage(found, pageSize, pageToken, longestPage);
    return { ...(items.length > 0 ? { entries: items } : {}), ...(nextPageToken === '' ? {} : { nextPageToken }) };
  } catch (error) {
    if (error instanceof StatusError) throw new RestError(400, error.message);
    throw error;
  }
}
