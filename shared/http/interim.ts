/** Bounds what a server may say before it answers an HTTP request: interim answers without end (RFC 9110, 15.2), or empty lines. */
import type { ClientRequest } from 'node:http';
import { Fault } from '../fault';

/** Servers send one or two; each costs an event. */
export const mostInterim = 16;
const mostBytes = 65_536;

/**
 * Watches a request, not yet ended, until its answer's header is there.
 * @param refuse told once of what is too much, as `protocol_error`; it has to end the connection.
 */
export function boundInterim(request: ClientRequest, refuse: (fault: Fault) => void): void {
  let isOver = false;
  let interim = 0;
  let bytes = 0;
  const tooMuch = (what: string): void => {
    if (isOver) return;
    isOver = true;
    refuse(new Fault('protocol_error', `the server sent more than ${what} before its answer`));
  };
  request.on('information', () => {
    interim += 1;
    if (interim > mostInterim) tooMuch(`${mostInterim} interim answers`);
  });
  request.once('socket', (socket) => {
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > mostBytes) tooMuch(`${mostBytes} bytes`);
    };
    socket.on('data', count);
    const answered = (): void => {
      isOver = true;
      socket.off('data', count);
    };
    request.once('response', answered);
    request.once('upgrade', answered);
  });
}
