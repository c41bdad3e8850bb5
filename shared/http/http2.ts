/** One request by HTTP/2 over a dialled connection (RFC 9113). */
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import type { Connection } from '../dial/connection';
import { describe, Fault } from '../fault';
import type { Reason } from '../reasons';
import { announcedLength, joinFields, type Head } from './head';
import type { Hop } from './hop';
import { mostInterim } from './interim';

/** Fields that have no place in HTTP/2, or are said by a pseudo-header (RFC 9113, 8.2.2 and 8.3.1). */
const replaced = new Set(['host', 'connection']);

function start(session: ClientHttp2Session, { url, method, headers, body, tls }: Hop): ClientHttp2Stream {
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
        ':authority': host,
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

/** RFC 9113, 7, in the order of their numbers. */
const codes = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const codeReasons: Readonly<Record<string, Reason>> = {
  REFUSED_STREAM: 'overloaded',
  ENHANCE_YOUR_CALM: 'overloaded',
  PROTOCOL_ERROR: 'protocol_error',
  FLOW_CONTROL_ERROR: 'protocol_error',
  FRAME_SIZE_ERROR: 'protocol_error',
  COMPRESSION_ERROR: 'protocol_error',
  HTTP_1_1_REQUIRED: 'protocol_error',
};

/** @returns the fault of a stream or a connection that ended with a code. */
function endFault(number: number): Fault {
  const code = codes[number] ?? String(number);
  // Node cancels by itself what a lost connection leaves open.
  if (code === 'NO_ERROR' || code === 'CANCEL') return new Fault('connection_reset', 'the server ended the exchange before its end');
  return new Fault(codeReasons[code] ?? 'connection_reset', `the exchange ended with ${code}`, { code });
}

/** @returns the fault of what nghttp2 found wrong; anything else is left to the codes of the system. */
function unreadable(error: Error, { rstCode }: ClientHttp2Stream): Error {
  const { message, code } = describe(error);
  if (code === 'ERR_HTTP2_STREAM_ERROR') return endFault(rstCode);
  return code?.startsWith('ERR_HTTP2_')
    ? new Fault('protocol_error', `the answer is not well-formed HTTP/2: ${message}`, { code, cause: error })
    : error;
}

/**
 * Reads the stream from its first byte on: one that is left alone until it was closed looks broken off, whatever came. A stream that
 * the server resets without an error just ends, as does one that the server ended; but Node closes only the first before it ends it.
 */
function bodyOf(stream: ClientHttp2Stream, fault: () => Error): Readable {
  const body = new Readable({
    read() {},
    destroy(error, done) {
      stream.destroy();
      done(error);
    },
  });
  body.on('error', () => {});
  let isWhole = false;
  const push = stream.push.bind(stream);
  stream.push = (chunk, encoding) => {
    if (chunk === null && !stream.closed) isWhole = true;
    return push(chunk, encoding);
  };
  stream.on('data', (chunk: Buffer) => body.push(chunk));
  stream.once('end', () => isWhole && body.push(null));
  stream.once('close', () => isWhole || body.destroy(fault()));
  return body;
}

/**
 * Sends the request and waits for the answer's header; a few interim answers (1xx) are passed over.
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
    const body = bodyOf(stream, () => failure ?? endFault(stream.rstCode));
    session.on('error', fail);
    stream.on('error', fail);
    let unasked = 0;
    const hearUnasked = (): void => {
      unasked += 1;
      if (unasked <= mostInterim) return;
      fail(new Fault('protocol_error', `the server sent more than ${mostInterim} interim answers or announcements`));
      session.destroy();
      connection.close();
    };
    stream.on('headers', hearUnasked);
    session.on('altsvc', hearUnasked);
    session.on('origin', hearUnasked);
    session.once('goaway', (code) => code !== 0 && fail(endFault(code)));
    stream.once('close', () => fail(endFault(stream.rstCode)));
    stream.once('response', (answered, _flags, raw) => {
      connection.adopt();
      const status = Number(answered[':status']);
      const fields = joinFields(raw);
      const header = (name: string): string | undefined => fields.get(name);
      resolve({
        status,
        version: '2',
        header,
        body,
        announced: announcedLength(hop.method, status, header('content-length')),
        isWhole: () => true,
        failure: () => failure,
        close() {
          session.destroy();
          connection.close();
        },
      });
    });
    if (hop.body !== undefined) stream.end(hop.body);
  });
}
