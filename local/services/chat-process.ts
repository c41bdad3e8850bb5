/** Starts the chat application as a process of its own, and steers it over an IPC channel. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Chat } from './chat';
import { type ChatOptions, type ChatReply, chatReplySchema, type ChatRequest } from './chat-faults';
import { freezeProcesses, thawProcesses } from './frozen-processes';
import { startGuard, unrefStreams } from './guard';

/** The application in another process; it ends with ours. */
export interface ChatProcess extends Omit<Chat, 'connections'> {
  readonly pid: number;
  /** Stops the process where it is: the kernel goes on accepting connections, but nothing answers. */
  freeze(): Promise<void>;
  thaw(): void;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

const stopLimitMs = 5000;

/**
 * Starts the process and waits until it listens.
 * @throws when it can't listen, or ends before it does
 */
export async function startChatProcess(options: ChatOptions): Promise<ChatProcess> {
  const child = fork(join(__dirname, 'chat-program.js'), [], { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void said.splice(0, said.length, ...[...said, text].slice(-20)));
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error('the chat application has no process id');
  const guard = await startGuard([], 'TERM');
  guard.protect([pid]);
  const ask = askOver(child, ended, () => said.join(''));
  let frozen: number[] = [];
  const thaw = (): void => {
    thawProcesses(frozen);
    frozen = [];
  };
  const release = async (): Promise<void> => {
    thaw();
    child.ref();
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(timer);
    await guard.release();
  };

  try {
    const { port } = await ask({ do: 'start', options });
    if (port === undefined) throw new Error('the chat application did not say its port');
    child.unref();
    child.channel?.unref();
    unrefStreams(child);
    return {
      host: '127.0.0.1',
      port,
      pid,
      setFaults: async (faults) => void (await ask({ do: 'setFaults', faults })),
      setCertificate: async (tls) => void (await ask({ do: 'setCertificate', tls })),
      setToken: async (token) => void (await ask({ do: 'setToken', token })),
      async freeze() {
        if (frozen.length === 0) frozen = await freezeProcesses(pid);
      },
      thaw,
      stop: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function askOver(child: ChildProcess, ended: Promise<void>, said: () => string): (request: Unnumbered<ChatRequest>) => Promise<ChatReply> {
  let lastId = 0;
  return async (request) => {
    const id = (lastId += 1);
    const replied = new Promise<ChatReply>((resolve) => {
      const listen = (message: unknown): void => {
        const reply = chatReplySchema.parse(message);
        if (reply.id !== id) return;
        child.off('message', listen);
        resolve(reply);
      };
      child.on('message', listen);
    });
    child.channel?.ref();
    child.send({ id, ...request });
    const reply = await Promise.race([replied, ended]);
    child.channel?.unref();
    if (!reply) throw new Error(`the chat application ended:\n${said()}`);
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply;
  };
}
