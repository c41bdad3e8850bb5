/**
 * A resolver with faults, as a program of its own: it answers on 127.0.0.1:53 by what stands in front of the name that it is asked for.
 * To be run where that address is the system's resolver. Runs the command that it is given until that has written its JSON, and passes it on.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { faultNames, type Fault } from './cells';
import { createStrike } from './strike';

/** @returns the host whose look-up meets the fault. */
export const hostFor = (fault: Fault, number: number): string => `${fault.replaceAll(' ', '-')}.v${number}.test`;

/** @returns the fault that a host is made for. */
export function faultOf(host: string): Fault | undefined {
  return faultNames.find((fault) => host.startsWith(`${fault.replaceAll(' ', '-')}.`));
}

const headerBytes = 12;
const typeA = 1;
const refusedCode = 5;

function nameIn(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** @returns an answer (RFC 1035, 4): 127.0.0.1, nothing for other types, or no answer at all but what the flags say. */
function answerTo(query: Buffer, flags: { readonly code?: number; readonly isTruncated?: boolean } = {}): Buffer {
  const { type, end } = nameIn(query);
  const isAddress = type === typeA && flags.code === undefined && !flags.isTruncated;
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180 | (flags.isTruncated ? 0x0200 : 0) | (flags.code ?? 0), 2);
  head.writeUInt16BE(isAddress ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  return isAddress ? Buffer.concat([head, Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])]) : head;
}

function serveDatagrams(): void {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const fault = faultOf(nameIn(query).name);
    if (fault === 'black hole') return;
    socket.send(answerTo(query, fault === 'refused' ? { code: refusedCode } : { isTruncated: true }), port, address);
  });
  socket.bind(53, '127.0.0.1');
}

function serveStream(raw: Socket): void {
  let unread = Buffer.alloc(0);
  let strike: ReturnType<typeof createStrike> | undefined;
  raw.on('error', () => {});
  raw.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length > 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
      const query = unread.subarray(2, 2 + unread.readUInt16BE(0));
      unread = unread.subarray(2 + query.length);
      strike ??= createStrike(faultOf(nameIn(query).name) ?? 'silent', { stage: 'plain' }, { out: raw, raw });
      strike.begin();
      const answer = answerTo(query);
      strike.feed(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
    }
  });
}

function main([command = '', ...args]: readonly string[]): void {
  serveDatagrams();
  createServer({ noDelay: true }, serveStream).listen(53, '127.0.0.1', () => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      // Look-ups that hang hold threads of the system, and a process that ends waits for its threads.
      if (said.endsWith('\n}\n')) child.kill('SIGKILL');
    });
    child.once('close', () => process.stdout.write(said, () => process.exit(0)));
  });
}

if (require.main === module) main(process.argv.slice(2));
