/** Tells when nobody waits for an answer any more. */
import type { ServerResponse } from 'node:http';

/** @returns a signal that fires when the connection has closed before the answer was whole. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const look = (): void => {
    if (!response.writableFinished) gone.abort(new Error('the caller has gone'));
  };
  if (response.destroyed) look();
  response.once('close', look);
  return gone.signal;
}
