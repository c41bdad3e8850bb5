/**
 * Lets only whole replies through to the driver, and only of the types that our commands are answered with: ioredis makes room for
 * as many items as an array announces before it has seen one, and throws where nobody can catch at a push that it can't read.
 */
import { Fault } from '../../shared/fault';

/** Texts, errors, numbers and bulk strings (redis.io, "Redis serialization protocol"): no reply to a command of ours is an array. */
const known = '+-:$';
/** Errors repeat arguments, but shortened; everything else that fits a line is shorter still. */
const longestLine = 8_192;
/** All replies of a session together: INFO, the longest, has some kilobytes. */
const longestReplies = 1_048_576;

const lineEnd = '\r\n';
const wrong = (what: string): Fault => new Fault('protocol_error', `the server sent ${what}`);

/** @returns the length of the reply that begins there, or undefined while it can't be told. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  const type = bytes.toString('latin1', at, at + 1);
  if (!known.includes(type)) throw wrong(`${JSON.stringify(type)}, which begins no reply to a command of ours`);
  const end = bytes.indexOf(lineEnd, at);
  if ((end < 0 ? bytes.length : end) - at > longestLine) throw wrong(`a line of more than ${longestLine} bytes`);
  if (end < 0) return undefined;
  const line = bytes.toString('latin1', at + 1, end);
  // The driver takes it for the line's end.
  if (line.includes('\r')) throw wrong('a line with a carriage return inside');
  if (type === ':' && !/^[+-]?\d{1,19}$/.test(line)) throw wrong('a number that is none');
  const withoutText = end + lineEnd.length - at;
  if (type !== '$' || line === '-1') return withoutText;
  if (!/^\d{1,7}$/.test(line) || Number(line) > longestReplies) throw wrong('a text of an impossible length');
  return withoutText + Number(line) + lineEnd.length;
}

/** @returns what takes a chunk and gives the replies that are complete with it. @throws Fault `protocol_error` for anything else. */
export function createGate(): (chunk: Buffer) => Iterable<Buffer> {
  let received = 0;
  let held: Buffer[] = [];
  // Chunks are joined only when there are enough of them, or a long text in many small ones would cost time beyond measure.
  let missing = 0;
  return function* (chunk) {
    received += chunk.length;
    if (received > longestReplies) throw wrong(`more than ${longestReplies} bytes`);
    held.push(chunk);
    missing -= chunk.length;
    if (missing > 0) return;
    const bytes = Buffer.concat(held);
    let at = 0;
    while (at < bytes.length) {
      const length = lengthAt(bytes, at);
      missing = (length ?? 0) - (bytes.length - at);
      if (length === undefined || missing > 0) break;
      const reply = bytes.subarray(at, at + length);
      if (!reply.subarray(-lineEnd.length).equals(Buffer.from(lineEnd))) throw wrong('a text that is longer than it said');
      yield reply;
      at += length;
    }
    held = [bytes.subarray(at)];
  };
}

/** @returns the error of a reply that nobody asked for: its own words where it is one, such as the refusal of one client too many. */
export function unasked(reply: Buffer): Error {
  const text = reply.toString('utf8', 1, reply.length - lineEnd.length);
  if (reply.toString('latin1', 0, 1) === '-') return Object.assign(new Error(text), { name: 'ReplyError' });
  return new Fault('protocol_error', 'the server answered without being asked');
}
