/** A mail server that speaks as much SMTP (RFC 5321), STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954) as a dialogue needs. */
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { serveRaw, type RawServer } from './raw-server';

/** How the server behaves. */
export interface SmtpOptions {
  /** PEM; without it STARTTLS is not offered. */
  readonly pair?: { readonly cert: string; readonly key: string };
  readonly user?: string;
  readonly password?: string;
  /** What is sent, not encrypted, behind the answer to STARTTLS: at once, or after a moment in a chunk of its own. */
  readonly injected?: string;
  readonly late?: boolean;
  /** Replaces the answer to STARTTLS; TLS is then not started. */
  readonly refusal?: string;
  /** What becomes of the connection after the answer to STARTTLS, instead of a handshake. */
  readonly afterwards?: (socket: Socket) => void;
}

/** A running mail server. */
export interface SmtpServer extends RawServer {
  /** Every line that it was sent, `tls:` in front of those that were encrypted. */
  readonly heard: readonly string[];
}

/** Starts it. */
export async function serveSmtp(options: SmtpOptions): Promise<SmtpServer> {
  const heard: string[] = [];
  const server = await serveRaw((socket) => {
    socket.write('220 mail.internal ESMTP ready\r\n');
    converse(socket, options, heard, false);
  });
  return { ...server, heard };
}

function converse(socket: Socket, options: SmtpOptions, heard: string[], isSecure: boolean): void {
  const { pair, user, password } = options;
  let waiting = '';
  const read = (chunk: Buffer): void => {
    waiting += chunk.toString();
    const lines = waiting.split('\r\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) {
      heard.push(isSecure ? `tls:${line}` : line);
      answer(line);
    }
  };
  const say = (...lines: readonly string[]): void => void socket.write(lines.map((line) => `${line}\r\n`).join(''));
  const answer = (line: string): void => {
    if (line.startsWith('EHLO ')) say('250-mail.internal', ...(pair && !isSecure ? ['250-STARTTLS'] : ['250-AUTH PLAIN']), '250 HELP');
    else if (line === 'STARTTLS') startTls();
    else if (line.startsWith('AUTH PLAIN ')) {
      const [, login, word] = Buffer.from(line.slice('AUTH PLAIN '.length), 'base64').toString().split('\0');
      say(isSecure && login === user && word === password ? '235 2.7.0 welcome' : `535 5.7.8 not with ${word}`);
    } else if (line === 'QUIT') socket.end('221 2.0.0 bye\r\n');
    else say(`502 5.5.2 what is ${line}?`);
  };
  const startTls = (): void => {
    if (options.refusal !== undefined || !pair) return say(options.refusal ?? '454 4.7.0 TLS is not available');
    const { injected = '', late = false, afterwards } = options;
    socket.write(`220 2.0.0 go ahead\r\n${late ? '' : injected}`);
    if (late) setTimeout(() => socket.write(injected), 20);
    if (afterwards) return afterwards(socket);
    socket.off('data', read);
    if (injected !== '') return undefined;
    const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(pair) });
    secured.on('error', () => undefined);
    return converse(secured, options, heard, true);
  };
  socket.on('data', read);
}
