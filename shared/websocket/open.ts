/** The opening handshake of a WebSocket over a dialled connection (RFC 6455, 4). */
import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Connection, TlsSettings } from '../dial/connection';
import { describe, Fault } from '../fault';
import { canonicalHost } from '../hosts';
import { boundInterim } from '../http/interim';
import type { ProbeContext } from '../probe';
import { refusal } from './refusal';
import { closeMs, createSession, maxMessage, type Session } from './session';

/** What the handshake is made with; every text in its final form. */
export interface Opening {
  /** ws: or wss:. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  readonly origin?: string;
  readonly tls?: TlsSettings;
  /** Told every message as it comes. */
  readonly heard?: (text: string) => void;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'ws:' && url.protocol !== 'wss:'))
    throw new Fault('config_invalid', 'the url is none of a WebSocket; it begins with ws:// or wss://');
  return url;
}

/** @returns TLS as the URL and the settings ask for it. */
function tlsOf(url: URL, settings: TlsSettings | undefined): TlsSettings | undefined {
  if (url.protocol === 'ws:' && !settings) return undefined;
  if (url.protocol === 'wss:' && settings?.mode === 'disable') throw new Fault('config_invalid', 'wss in the url contradicts tls: disable');
  // A server that also speaks HTTP/2 would choose it otherwise, or nothing at all.
  return { mode: 'verify-full', alpn: ['http/1.1'], ...settings };
}

/**
 * Goes through the phases dns, connect, tls and upgrade.
 * @throws Fault: for a refusal by its status, `assertion_failed` for a subprotocol that was not offered or for none at all.
 */
export async function open(
  opening: Opening,
  context: Pick<ProbeContext, 'dial' | 'phase' | 'observe' | 'remaining' | 'redact'>,
): Promise<Session> {
  const url = parse(opening.url);
  const tls = tlsOf(url, opening.tls);
  const port = url.port === '' ? (url.protocol === 'wss:' ? 443 : 80) : Number(url.port);
  const connection = await context.dial({ to: { host: canonicalHost(url.hostname), port }, tls });
  return context.phase('upgrade', () => upgrade(url, opening, connection, context));
}

/** ws throws at once what it can't send: a bad subprotocol, a line end in a header's value. */
function request(
  url: URL,
  { headers, subprotocols = [], origin }: Opening,
  connection: Connection,
  refuse: (fault: Fault) => void,
): WebSocket {
  try {
    // The types don't know closeTimeout yet: how long a connection may stay when both have said goodbye.
    const options: ClientOptions & { readonly closeTimeout: number } = {
      headers: { ...headers },
      origin,
      maxPayload: maxMessage,
      closeTimeout: closeMs,
      // One message a turn of the loop: a flood of them leaves others theirs.
      allowSynchronousEvents: false,
      createConnection: () => connection.socket,
      finishRequest(sent) {
        boundInterim(sent, refuse);
        sent.end();
      },
    };
    return new WebSocket(url, [...subprotocols], options);
  } catch (error) {
    throw new Fault('config_invalid', `the handshake can't be sent: ${describe(error).message}`, { cause: error });
  }
}

function upgrade(
  url: URL,
  opening: Opening,
  connection: Connection,
  context: Pick<ProbeContext, 'observe' | 'remaining' | 'redact'>,
): Promise<Session> {
  return new Promise((resolve, reject) => {
    let isRefused = false;
    const refuse = async (response: IncomingMessage): Promise<void> => {
      isRefused = true;
      connection.adopt();
      const fault = await refusal(response, context);
      connection.close();
      reject(fault);
    };
    const socket = request(url, opening, connection, (fault) => {
      reject(fault);
      connection.close();
    });
    let isAnswered = false;
    socket.once('upgrade', (response) => {
      isAnswered = true;
      connection.adopt();
      context.observe({ 'websocket.subprotocol': response.headers['sec-websocket-protocol'] ?? null });
    });
    socket.once('unexpected-response', (_request, response) => void refuse(response));
    // Stays for good: an error that nobody listens to would end the process. What comes after a refusal says less than it.
    socket.on('error', (error) => {
      if (!isRefused) reject(isAnswered ? badAnswer(error, opening) : unreadable(error));
    });
    socket.once('open', () => resolve(createSession(socket, opening.heard)));
  });
}

/** @returns the fault of what ws refused in the server's consent. */
function badAnswer(error: Error, { subprotocols = [] }: Opening): Fault {
  if (!/subprotocol/.test(error.message)) return new Fault('protocol_error', error.message, { cause: error });
  return new Fault('assertion_failed', `${error.message}${subprotocols.length > 0 ? `; ${subprotocols.length} were offered` : ''}`, {
    cause: error,
  });
}

/** @returns the fault of an answer that is no HTTP; anything else is left to the codes of the system. */
function unreadable(error: Error): Error {
  const { message, code } = describe(error);
  return code?.startsWith('HPE_') ? new Fault('protocol_error', message, { code, cause: error }) : error;
}
