/** Passes HTTP requests on to another server, and their answers back. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';

/** Of one connection, not of the message (RFC 9110, section 7.6.1). */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/** @returns names and values in turn as they came, without the named headers (in lower case). */
export function withoutHeaders(rawHeaders: readonly string[], names: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !names.includes(rawHeaders[index - (index % 2)]?.toLowerCase() ?? ''));
}

/** @returns the headers that are for whoever is at the end of the way, names and values in turn. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  return withoutHeaders(rawHeaders, hopByHop);
}

/**
 * Sends what comes to where it goes, and what is answered back; when one side gives up, so does the other.
 * @param onward the request that is made for it, not yet ended
 * @param refuse told why no answer came; it has to answer
 */
export function passOn(request: IncomingMessage, response: ServerResponse, onward: ClientRequest, refuse: (error: Error) => void): void {
  onward.on('response', (answered) => {
    response.writeHead(answered.statusCode ?? 502, endToEnd(answered.rawHeaders));
    answered.pipe(response);
    // An answer that breaks off must not look like one that ended.
    answered.on('error', () => response.destroy());
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else refuse(error);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
