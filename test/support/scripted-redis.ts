/** A Redis that answers as a script says, for what no real server can be brought to answer. */
import type { Socket } from 'node:net';
import { type RawOptions, type RawServer, serveRaw } from './raw-server';

/** The bytes of an answer; or what to do instead, e.g. nothing. */
export type Answer = string | ((socket: Socket) => void);

/** A running server. */
export interface ScriptedRedis extends RawServer {
  /** The commands that clients sent so far. */
  readonly commands: readonly (readonly string[])[];
}

/** @returns a text as a bulk string of RESP. */
export function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

const info = ['redis_version:5.0.14', 'role:master', 'used_memory:250', 'maxmemory:1000', 'connected_clients:3', 'loading:0'].join('\r\n');

/**
 * Starts a server that behaves well but for what the script says of a command by its name; `hello` is said to whoever connects.
 */
export async function scriptedRedis(
  script: Readonly<Record<string, Answer>>,
  options?: RawOptions & { readonly hello?: string },
): Promise<ScriptedRedis> {
  const commands: string[][] = [];
  const server = await serveRaw((socket) => {
    const values = new Map<string, string>();
    const well = ([name, key = '', value = '']: readonly string[]): string => {
      if (name === 'PING') return '+PONG\r\n';
      if (name === 'INFO') return bulk(info);
      if (name === 'GET') return values.has(key) ? bulk(values.get(key) ?? '') : '$-1\r\n';
      if (name === 'DEL') return values.delete(key) ? ':1\r\n' : ':0\r\n';
      if (name === 'SET') values.set(key, value);
      return '+OK\r\n';
    };
    if (options?.hello !== undefined) socket.write(options.hello);
    socket.on('data', (bytes: Buffer) => {
      for (const command of parse(bytes.toString())) {
        commands.push(command);
        const answer = script[command[0] ?? ''] ?? well(command);
        if (typeof answer === 'string') socket.write(answer);
        else answer(socket);
      }
    });
  }, options);
  return Object.assign(server, { commands });
}

/** A client of ours waits for each answer, so commands come whole: an array of bulk strings each. */
function parse(text: string): string[][] {
  return text
    .split(/^\*\d+\r\n/m)
    .slice(1)
    .map((command) =>
      command
        .split(/\$\d+\r\n/)
        .slice(1)
        .map((word) => word.replace(/\r\n$/, '')),
    );
}
