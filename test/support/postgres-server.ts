/** Speaks a server's side of PostgreSQL's protocol, as far as a test says: for what a real server can't be brought to do. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { serveRaw, type RawServer } from './raw-server';

/** A message of the protocol (PostgreSQL manual, "Message Formats"). */
export function message(type: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body as string);
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(bytes.length + 4, 1);
  return Buffer.concat([header, bytes]);
}

/** A request for authentication: 0 is "ok", 3 asks for the password as it is. */
export function authentication(method: number): Buffer {
  return message('R', Buffer.from([0, 0, 0, method]));
}

/** An ErrorResponse. */
export function failure(code: string, text: string): Buffer {
  return message('E', `SFATAL\0C${code}\0M${text}\0\0`);
}

/** Lets the client in, without asking for anything. */
export const welcome = Buffer.concat([authentication(0), message('Z', 'I')]);
/** What every answer ends with. */
export const ready = message('Z', 'T');
/** What every statement that gives no rows ends with. */
export const done = Buffer.concat([message('C', 'BEGIN\0'), ready]);

/** Announces rows of so many columns, all of them texts without a name. */
export function columns(count: number): Buffer {
  const column = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]);
  return message('T', Buffer.concat([Buffer.from([count >> 8, count & 255]), ...Array.from({ length: count }, () => column)]));
}

/** A row. */
export function row(...values: readonly (string | null)[]): Buffer {
  const parts = values.map((value) => {
    const text = Buffer.from(value ?? '');
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : text.length);
    return Buffer.concat([length, text]);
  });
  return message('D', Buffer.concat([Buffer.from([values.length >> 8, values.length & 255]), ...parts]));
}

/** A whole answer of so many rows, which all have as many columns as the first. */
export function answer(...rows: readonly (readonly (string | null)[])[]): Buffer {
  const [first = []] = rows;
  return Buffer.concat([columns(first.length), ...rows.map((values) => row(...values)), message('C', `SELECT ${rows.length}\0`), ready]);
}

/** What the server does; what is left out, it does not do. */
export interface Script {
  /** Its answer to SSLRequest; with `certificate` it then speaks TLS. */
  readonly ssl?: Buffer | string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly startup?: (socket: Socket) => void;
  /** Each message of the client after its startup message. */
  readonly message?: (type: string, body: Buffer, socket: Socket) => void;
}

/** Lets the client in and does as told at its first, second… statement; to all others it says that they are done. */
export function atStatement(number: number, behave: (socket: Socket) => void): Script {
  let seen = 0;
  return {
    startup: (socket) => void socket.write(welcome),
    message(type, _body, socket) {
      if (type !== 'Q' && type !== 'S') return;
      seen += 1;
      if (seen === number) behave(socket);
      else socket.write(done);
    },
  };
}

/** Lets the client in and answers its first, second… statement in turn; all others it says are done. */
export function inTurn(...answers: readonly Buffer[]): Script {
  let seen = 0;
  return {
    startup: (socket) => void socket.write(welcome),
    message(type, _body, socket) {
      if (type !== 'Q' && type !== 'S') return;
      socket.write(answers[seen] ?? done);
      seen += 1;
    },
  };
}

/** A scripted server, which remembers everything that it could read. */
export interface ScriptedServer extends RawServer {
  /** What came in the clear or inside TLS, besides SSLRequest, as text. */
  readonly received: () => string;
}

/** Starts the server on loopback. */
export async function servePostgres(script: Script): Promise<ScriptedServer> {
  let received = '';
  const talk = (socket: Socket): void => {
    let unread: Buffer = Buffer.alloc(0);
    let started = false;
    const next = (): boolean => {
      const header = started ? 1 : 0;
      if (unread.length < header + 4) return false;
      const end = header + unread.readUInt32BE(header);
      if (unread.length < end) return false;
      const type = unread.toString('latin1', 0, header);
      const body = unread.subarray(header + 4, end);
      unread = unread.subarray(end);
      if (!started && body.readUInt32BE(0) === 80_877_103) return answerSsl(socket);
      received += `${type}${body.toString('latin1')}`;
      if (started) script.message?.(type, body, socket);
      else script.startup?.(socket);
      started = true;
      return true;
    };
    const read = (chunk: Buffer): void => {
      unread = Buffer.concat([unread, chunk]);
      while (next());
    };
    const answerSsl = (plain: Socket): boolean => {
      if (script.ssl !== undefined) plain.write(script.ssl);
      if (!script.certificate) return true;
      plain.off('data', read);
      const secured = new TLSSocket(plain, { isServer: true, ...script.certificate });
      secured.on('error', () => undefined);
      talk(secured);
      return false;
    };
    socket.on('data', read);
  };
  const server = await serveRaw(talk);
  return { ...server, received: () => received };
}
