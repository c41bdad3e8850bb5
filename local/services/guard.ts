/** Ends processes and removes folders even if this process dies without being able to: a small shell waits for that. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';

/** Watches over what one server leaves behind. */
export interface Guard {
  /** From now on these processes are ended with us; the first is signalled, the others only killed. Replaces the earlier list. */
  protect(pids: readonly number[]): void;
  /** Removes the folders and ends the guard, after the processes have ended in order. */
  release(): Promise<void>;
  /** Does now what is due at our end: ends the processes, and removes the folders. */
  enforce(): Promise<void>;
}

// The shell sees the end of its input when this process ends, however that happens: by an exception, process.exit or SIGKILL.
// An exit listener would miss the last, and inside Jest's sandbox it is never called.
const script = `
signal=$1; shift
pids=
while read -r line; do pids=$line; done
if [ -n "$pids" ]; then
  first=\${pids%% *}
  kill -s CONT $pids
  kill -s "$signal" "$first"
  tries=0
  while kill -s 0 "$first" && [ "$tries" -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -s KILL $pids
fi 2>/dev/null
rm -rf -- "$@"
`;

/**
 * Starts a guard in a session of its own, so that Ctrl-C does not reach it.
 * @param folders removed at the end, whatever happens
 * @param signal what asks the first protected process to end (`TERM`, `QUIT`…), 3 s before all are killed
 */
export async function startGuard(folders: readonly string[], signal: string): Promise<Guard> {
  const shell = spawn('/bin/sh', ['-c', script, 'guard', signal, ...folders], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(shell, 'exit');
  const input = shell.stdin;
  input.on('error', () => {
    // The guard was killed: there is nobody left to tell.
  });
  await once(shell, 'spawn');
  shell.unref();
  unrefStreams(shell);
  const finish = async (lastLine: string): Promise<void> => {
    shell.ref();
    input.end(lastLine);
    await ended;
  };
  return {
    protect(pids) {
      if (input.writable) input.write(`${pids.join(' ')}\n`);
    },
    release: () => finish('\n'),
    enforce: () => finish(''),
  };
}

/** A child's pipes keep our process alive, as the child itself does, unless they are told not to. */
export function unrefStreams(child: ChildProcess): void {
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}
