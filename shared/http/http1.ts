/** One request by HTTP/1.1 over a dialled connection (RFC 9112). */
import { request as open, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Connection } from '../dial/connection';
import { describe, Fault } from '../fault';
import { announcedLength, joinFields, type Head } from './head';
import type { Hop } from './hop';
import { boundInterim } from './interim';

/** Node throws at once what it can't send, such as a line end in a header's value. */
function start({ url, method, headers, body }: Hop, connection: Connection): ClientRequest {
  try {
    const request = open({
      createConnection: () => connection.socket,
      method,
      path: url.pathname + url.search,
      setHost: false,
      headers: { Host: url.host, ...Object.fromEntries(headers), Connection: 'close' },
    });
    if (body !== undefined) request.setHeader('Content-Length', Buffer.byteLength(body));
    return request;
  } catch (error) {
    throw new Fault('config_invalid', `the request can't be sent: ${describe(error).message}`, {
      code: describe(error).code,
      cause: error,
    });
  }
}

/** @returns the fault of an answer that is no HTTP; anything else is left to the codes of the system. */
function unreadable(error: Error): Error {
  const { message, code } = describe(error);
  return code?.startsWith('HPE_')
    ? new Fault('protocol_error', `the answer is not well-formed HTTP: ${message}`, { code, cause: error })
    : error;
}

function headOf(response: IncomingMessage, method: string, failure: Head['failure']): Omit<Head, 'close'> {
  const { statusCode: status = 0, httpVersion: version } = response;
  const fields = joinFields(response.rawHeaders);
  const header = (name: string): string | undefined => fields.get(name);
  // A body without a length ends with the connection, which may also break (RFC 9112, 6.3); Node calls both complete.
  const hasLength = header('content-length') !== undefined || header('transfer-encoding') !== undefined;
  return {
    status,
    version,
    header,
    body: response,
    announced: announcedLength(method, status, header('content-length')),
    isWhole: () => response.complete && (hasLength || failure() === undefined),
    failure,
  };
}

/**
 * Sends the request and waits for the answer's header; a few interim answers (1xx) are passed over.
 * @throws Fault `config_invalid` for what can't be sent, `protocol_error` for an answer that is no HTTP.
 */
export function sendHttp1(hop: Hop, connection: Connection): Promise<Head> {
  return new Promise((resolve, reject) => {
    const request = start(hop, connection);
    const close = (): void => {
      connection.close();
      request.destroy();
    };
    let failure: Error | undefined;
    // Stays for good: an error that nobody listens to would end the process.
    request.on('error', (error) => {
      failure ??= unreadable(error);
      reject(failure);
    });
    request.once('upgrade', (response: IncomingMessage) =>
      reject(new Fault('protocol_error', 'the server switched to another protocol, unasked', { code: String(response.statusCode) })),
    );
    request.once('response', (response) => {
      response.on('error', () => {});
      connection.adopt();
      resolve({ ...headOf(response, hop.method, () => failure), close });
    });
    boundInterim(request, (fault) => {
      reject(fault);
      close();
    });
    // As bytes: Node would write a text together with the header, and the header as UTF-8 then.
    request.end(hop.body === undefined ? undefined : Buffer.from(hop.body));
  });
}
