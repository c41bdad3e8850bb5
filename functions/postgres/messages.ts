/**
 * Lets only whole, well-formed messages of the server through to the driver, each in its turn: pg waits for ever where a length makes
 * no sense, loops for ever over an error without an end, and throws inside a data handler, where nobody can catch.
 */
import { DatabaseError } from 'pg';
import { Fault } from '../../shared/fault';
import { isKnown, isWhole } from './bodies';
import { createOrder } from './order';

const headerBytes = 5;
/** Longer ones are no messages but another protocol's bytes, unless they carry data (libpq, fe-protocol3.c). */
const longestShort = 30_000;
const carriers = 'dDTVNA';

/** @returns the error that a message says, or undefined while it is not complete. */
export function errorOf(message: Buffer): DatabaseError | undefined {
  const length = message.length < headerBytes ? 0 : message.readUInt32BE(1);
  // Before it has a process for us, a server says its error as in protocol 2: text, without a length (libpq does the same).
  if (message.length >= headerBytes && (length < 8 || length > longestShort)) return errorWith(message.toString('utf8', 1));
  if (length === 0 || message.length < length + 1) return undefined;
  const fields = message.toString('utf8', headerBytes, length + 1).split('\0');
  const field = (type: string): string | undefined => fields.find((text) => text.startsWith(type))?.slice(1);
  return errorWith(field('M') ?? '', field('C'));
}

function errorWith(message: string, code?: string): DatabaseError {
  const error = new DatabaseError(message.replaceAll('\0', '').trim() || 'an error without a message', message.length, 'error');
  error.code = code;
  return error;
}

const typeAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, at + 1);

/** @returns the length of the message that begins there, its header included, or undefined while its header is not complete. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  const type = typeAt(bytes, at);
  if (!isKnown(type))
    throw new Fault('protocol_error', `the server sent ${JSON.stringify(type)}, which begins no message that was asked for`);
  if (bytes.length - at < headerBytes) return undefined;
  const length = bytes.readUInt32BE(at + 1);
  if (type === 'E' && (length < 5 || length > longestShort)) throw errorOf(bytes.subarray(at)) ?? new Error('an error without an end');
  if (length < 4 || (length > longestShort && !carriers.includes(type)))
    throw new Fault('protocol_error', `the server sent a message ${JSON.stringify(type)} with the impossible length ${length}`);
  return length + 1;
}

/** Stands between the socket and the driver. */
export interface Gate {
  /** An answer begins here: so many bytes may come; `tooMany` is thrown beyond them. */
  readonly allow: (bytes: number, tooMany: () => Fault) => void;
  /** @returns the messages that are complete with this chunk. @throws Fault, or the server's error in the old form. */
  readonly pass: (chunk: Buffer) => Buffer;
}

/** @returns a gate that lets nothing through until bytes are allowed. */
export function createGate(): Gate {
  let left = 0;
  let tooMany = (): Fault => new Fault('protocol_error', 'the server speaks unasked');
  let rest: Buffer = Buffer.alloc(0);
  const order = createOrder();
  const check = (type: string, body: Buffer): void => {
    if (!isWhole(type, body)) throw new Fault('protocol_error', `the server sent a message ${JSON.stringify(type)} that makes no sense`);
    order.hear(type, body);
  };
  return {
    allow(bytes, fault) {
      order.ask();
      left = bytes;
      tooMany = fault;
    },
    pass(chunk) {
      left -= chunk.length;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let end = 0;
      while (end < bytes.length) {
        const length = lengthAt(bytes, end);
        // A message whose announced length goes beyond what is allowed need not be waited for.
        if (left < 0 || (length !== undefined && end + length - bytes.length > left)) throw tooMany();
        if (length === undefined || end + length > bytes.length) break;
        check(typeAt(bytes, end), bytes.subarray(end + headerBytes, end + length));
        end += length;
      }
      rest = bytes.subarray(end);
      return bytes.subarray(0, end);
    },
  };
}
