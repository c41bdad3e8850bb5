/** Pages of a list method, as Google's APIs hand them out. */
import { status } from '@grpc/grpc-js';
import { StatusError } from './status-error';

/** One page and the token of the next, empty after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string;
}

/** Cuts a page of at most `size` items (`limit` where size is 0 or above it) behind `token`; a token it never gave is INVALID_ARGUMENT. */
export function cutPage<T>(items: readonly T[], size: number, token: string, limit: number): Page<T> {
  const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw new StatusError(status.INVALID_ARGUMENT, 'Invalid page token.');
  const end = start + (size > 0 ? Math.min(size, limit) : limit);
  return {
    items: items.slice(start, end),
    nextPageToken: end < items.length ? Buffer.from(String(end)).toString('base64url') : '',
  };
}
