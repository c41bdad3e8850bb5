/** One request by HTTP/2 over a dialled connection (RFC 9113). */
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Connection } from '../dial/connection';
import { lossFault } from '../dial/dial';
import { describe, Fault } from '../fault';
import { announcedLength, joinFields, type Head } from './head';
import type { Hop } from './hop';

/** Fields that have no place in HTTP/2, or are said by a pseudo-header (RFC 9113, 8.2.2 and 8.3.1). */
const replaced = new Set(['host', 'connection']);

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

function start(session: ClientHttp2Session, { url, path, method, headers, body, tls }: Hop): ClientHttp2Stream {
  const host = [...headers].find(([name]) => name.toLowerCase() === 'host')?.[1] ?? url.host;
  const fields = [...headers].flatMap(([name, value]): [string, string][] =>
    replaced.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]],
  );
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  try {
    return session.request(
      {
        ':method': method,
        ':scheme': tls ? 'https' : 'http',
        ':authority': path === undefined ? host : 'localhost',
        ':path': url.pathname + url.search,
        ...Object.fromEntries(fields),
        ...length,
      },
      { endStream: body === undefined },
    );
  } catch (error) {
    throw new Fault('config_invalid', `the request can't be sent: ${describe(error).message}`, {
      code: describe(error).code,
      cause: error,
    });
  }
}

const nameOf = (code: number): string =>
  Object.entries(constants).find(
    ([name, value]) => name.startsWith('NGHTTP2_') && value === code && !/FLAG|HCAT|NV_|SESSION/.test(name),
  )?.[0] ?? String(code);

/** @returns the fault of a stream that the server reset. */
function resetFault(code: number): Fault {
  const isTurnedAway = code === NGHTTP2_REFUSED_STREAM || code === NGHTTP2_ENHANCE_YOUR_CALM;
  return new Fault(isTurnedAway ? 'overloaded' : 'connection_reset', `the server reset the stream: ${nameOf(code)}`, {
    code: nameOf(code),
  });
}

/** @returns the fault of what nghttp2 found wrong; anything else is left to the codes of the system. */
function unreadable(error: Error, { rstCode }: ClientHttp2Stream): Error {
  const { message, code } = describe(error);
  if (code === 'ERR_HTTP2_STREAM_ERROR') return resetFault(rstCode);
  return code?.startsWith('ERR_HTTP2_')
    ? new Fault('protocol_error', `the answer is not HTTP/2: ${message}`, { code, cause: error })
    : error;
}

/**
 * Sends the request and waits for the answer's header; interim answers (1xx) are passed over.
 * @throws Fault `config_invalid` for what can't be sent, `protocol_error` for an answer that is no HTTP/2, `connection_reset` or
 *   `overloaded` for a stream that the server reset.
 */
export function sendHttp2(hop: Hop, connection: Connection): Promise<Head> {
  return new Promise((resolve, reject) => {
    const session = connect(hop.url.origin, { createConnection: () => connection.socket, settings: { enablePush: false } });
    session.on('error', () => {});
    const stream = start(session, hop);
    let failure: Error | undefined;
    const fail = (error: Error): void => {
      failure ??= unreadable(error, stream);
      reject(failure);
    };
    session.on('error', fail);
    stream.on('error', fail);
    session.once('goaway', (code) => code !== NGHTTP2_NO_ERROR && fail(resetFault(code)));
    stream.once('close', () => fail(stream.rstCode === NGHTTP2_NO_ERROR ? lossFault(undefined) : resetFault(stream.rstCode)));
    stream.once('response', (answered, _flags, raw) => {
      connection.adopt();
      const status = Number(answered[':status']);
      const fields = joinFields(raw);
      const header = (name: string): string | undefined => fields.get(name);
      resolve({
        status,
        version: '2',
        header,
        body: stream,
        announced: announcedLength(hop.method, status, header('content-length')),
        isWhole: () => !stream.aborted && stream.rstCode === NGHTTP2_NO_ERROR,
        close() {
          session.destroy();
          connection.close();
        },
      });
    });
    if (hop.body !== undefined) stream.end(hop.body);
  });
}
