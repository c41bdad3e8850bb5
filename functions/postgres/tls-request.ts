/** Asks a PostgreSQL server for TLS on a plain connection (SSLRequest; PostgreSQL manual, "Message Flow", "SSL Session Encryption"). */
import type { Socket } from 'node:net';
import { Fault } from '../../shared/fault';
import { errorOf } from './messages';

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const longestAnswer = 65_536;

/** @returns true once the server goes on with TLS, false while its answer is not complete. @throws what it answered instead. */
function accepts(answer: Buffer): boolean {
  const [first] = answer.toString('latin1', 0, 1);
  // Bytes that came with the answer were never encrypted, and must not be taken for what TLS protects (CVE-2021-23222).
  if (first === 'S' && answer.length > 1)
    throw new Fault('protocol_error', 'the server sent unencrypted data after its answer to SSLRequest');
  if (first === 'S') return true;
  if (first === 'N') throw new Fault('tls_not_offered', 'the server does not offer TLS');
  if (first !== 'E')
    throw new Fault('protocol_error', `the answer to SSLRequest is ${JSON.stringify(first)}, which PostgreSQL never gives`);
  const error = errorOf(answer);
  if (error) throw error;
  if (answer.length > longestAnswer) throw new Fault('protocol_error', 'the answer to SSLRequest does not end');
  return false;
}

/**
 * Sends SSLRequest and waits for the answer that TLS goes on.
 * @throws Fault `tls_not_offered` or `protocol_error`, or the server's own error. A lost connection is not told here.
 */
export function requestTls(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer: Buffer = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk]);
      try {
        if (!accepts(answer)) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      socket.off('data', read).pause();
    };
    socket.on('data', read);
    socket.write(sslRequest);
  });
}
