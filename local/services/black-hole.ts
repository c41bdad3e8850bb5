/** A port of this machine that answers no connection attempt, as behind a firewall that drops: a stopped listener with a full backlog. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startGuard } from './guard';

/** A port that swallows connection attempts. */
export interface BlackHole {
  readonly host: string;
  readonly port: number;
  /** From now on it answers. */
  open(): void;
  close(): Promise<void>;
}

const listener = `
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}).resume());
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
`;

/** Starts it; a connection attempt waits until `open` is called, or for ever. */
export async function blackHole(): Promise<BlackHole> {
  const host = '127.0.0.1';
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  // What is stopped does not notice that we are gone.
  const guard = await startGuard([], 'KILL');
  if (child.pid !== undefined) guard.protect([child.pid]);
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  // The kernel takes connections for a listener that does not until its backlog is full, and drops the rest.
  for (let isFull = false; !isFull;) {
    const filler = connect(port, host).on('error', () => {});
    fillers.push(filler);
    isFull = await Promise.race([once(filler, 'connect').then(() => false), delay(300, true)]);
    if (fillers.length > 64) throw new Error('the backlog never fills');
  }
  return {
    host,
    port,
    open: () => void child.kill('SIGCONT'),
    async close() {
      for (const filler of fillers) filler.destroy();
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await guard.release();
    },
  };
}
