/** Resources of one kind by their full name, with the errors and pages that Google's APIs share. */
import { ApiError, invalid } from './rest';
import type { Call } from './rest';

/** Anything with a resource name. */
export interface Named {
  readonly name: string;
}

/** The resources of one kind. */
export interface Collection<T extends Named> {
  /** @throws 404 where there is none. */
  readonly get: (name: string) => T;
  readonly find: (name: string) => T | undefined;
  /** All, in the order of their creation. */
  readonly all: () => readonly T[];
  /** @throws 409 where there is one of this name. */
  readonly add: (resource: T) => T;
  /** Puts it in the place of the one of its name. */
  readonly put: (resource: T) => T;
  /** @throws 404 where there is none. */
  readonly remove: (name: string) => T;
}

/** How an API words its refusals. */
export interface Wording {
  readonly missing?: (name: string) => string;
  readonly present?: (name: string) => string;
}

/** @returns an empty collection. */
export function createCollection<T extends Named>({ missing, present }: Wording = {}): Collection<T> {
  const stored = new Map<string, T>();
  const get = (name: string): T => {
    const found = stored.get(name);
    if (!found) throw new ApiError(404, missing?.(name) ?? `Resource '${name}' was not found`);
    return found;
  };
  const put = (resource: T): T => {
    stored.set(resource.name, resource);
    return resource;
  };
  return {
    get,
    put,
    find: (name) => stored.get(name),
    all: () => [...stored.values()],
    add(resource) {
      if (stored.has(resource.name)) throw new ApiError(409, present?.(resource.name) ?? `Resource '${resource.name}' already exists`);
      return put(resource);
    },
    remove(name) {
      const found = get(name);
      stored.delete(name);
      return found;
    },
  };
}

/**
 * @param key the field of the answer that holds the items.
 * @returns a page of the items as list methods answer it, by the call's `pageSize` and `pageToken`.
 */
export function pageOf(items: readonly object[], key: string, { query }: Pick<Call, 'query'>, longest = 1000): object {
  const start = query['pageToken'] ? Number(Buffer.from(query['pageToken'], 'base64url').toString()) : 0;
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid page token.');
  const asked = Number(query['pageSize'] ?? 0);
  const end = start + (asked > 0 ? Math.min(asked, longest) : longest);
  return {
    ...(items.length > 0 && { [key]: items.slice(start, end) }),
    ...(end < items.length && { nextPageToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
