/** Programs of the benchmark in processes of their own, so that what they spend is not counted as ours; asked over an IPC channel. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a program answers to each question. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

type Arguments<A extends Answers, Q extends keyof A> = Parameters<A[Q]>[0];

/** A program that runs. */
export interface Program<A extends Answers> {
  ask<Q extends keyof A & string>(question: Q, argument?: Arguments<A, Q>): Promise<Awaited<ReturnType<A[Q]>>>;
  stop(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts a program of the folder `programs`. */
export async function startProgram<A extends Answers>(name: string): Promise<Program<A>> {
  const child = fork(join(__dirname, 'programs', `${name}.js`), [], { execArgv: [] });
  await once(child, 'spawn');
  let lastId = 0;
  return {
    ask(question, argument) {
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        const ended = (code: number | null, signal: string | null): void =>
          reject(new Error(`the program ${name} ended (${signal ?? code})`));
        const listen = (reply: Reply): void => {
          if (reply.id !== id) return;
          child.off('message', listen);
          child.off('exit', ended);
          if (reply.error === undefined) resolve(reply.value as never);
          else reject(new Error(`${name}: ${reply.error}`));
        };
        child.on('message', listen);
        child.once('exit', ended);
        if (!child.connected) return ended(child.exitCode, child.signalCode);
        child.send({ id, question, argument });
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Answers the questions of whoever started this program; ends with it. */
export function answerAll(answers: Answers): void {
  process.on('message', ({ id, question, argument }: { id: number; question: string; argument: never }) => {
    void (async () => answers[question]?.(argument))().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  });
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
