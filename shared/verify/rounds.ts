/** Runs the rounds: every function at once, a pause, and again, until all are done, the verdict is settled, or the time is over. */
import { setMaxListeners } from 'node:events';
import { monotonic, pause } from '../clock';
import { describe } from '../fault';
import { roundMs } from '../result';
import type { PlannedCall } from './calls';
import { readAnswer, type FunctionAnswer, type FunctionCaller } from './caller';
import type { Tell } from './progress';

/** What came of one call: an answer, or the problem, a sentence. */
export interface Called {
  readonly call: PlannedCall;
  readonly outcome: FunctionAnswer | string;
  readonly durationMs: number;
}

/** A round; its calls in the order of the plan. */
export interface Round {
  readonly calls: readonly Called[];
  readonly durationMs: number;
  /** False where our own time was over before every function had answered. */
  readonly whole: boolean;
}

/** Why no further round was begun. */
export type Ending = 'done' | 'settled' | 'time';

/** What the rounds are run with. */
export interface RoundsOptions {
  readonly caller: FunctionCaller;
  /** The name of what is verified. */
  readonly environment: string;
  readonly calls: readonly PlannedCall[];
  readonly rounds: number;
  /** Milliseconds from the end of a round to the start of the next. */
  readonly intervalMs: number;
  /** On the monotonic clock: everything has ended by then. */
  readonly endsAt: number;
  /** Whether nothing that may still come can change the verdict. */
  readonly isSettled: (rounds: readonly Round[]) => boolean;
  readonly tell: Tell;
  /** Ends everything early: nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** What the rounds came to. */
export interface RoundsDone {
  readonly rounds: readonly Round[];
  readonly ending: Ending;
}

/**
 * Never throws for what a function does.
 * @throws the signal's reason
 */
export async function runRounds(options: RoundsOptions): Promise<RoundsDone> {
  const { calls, intervalMs, endsAt, isSettled, tell, signal } = options;
  const done: Round[] = [];
  const of = options.rounds;
  for (let number = 1; number <= of; number += 1) {
    tell({ type: 'round', round: number, of, functions: calls.map(({ kind }) => kind) });
    const round = await runRound(number, options);
    signal?.throwIfAborted();
    done.push(round);
    tell({ type: 'done', round: number, of, durationMs: round.durationMs });
    if (!round.whole) return { rounds: done, ending: 'time' };
    if (number === of) break;
    if (isSettled(done)) return { rounds: done, ending: 'settled' };
    // A round that would be cut off tells nothing new.
    const longest = Math.max(...done.map(({ durationMs }) => durationMs));
    if (monotonic() + intervalMs + longest > endsAt) return { rounds: done, ending: 'time' };
    tell({ type: 'pause', next: number + 1, of, ms: intervalMs });
    await pause(intervalMs, signal);
    signal?.throwIfAborted();
  }
  return { rounds: done, ending: 'done' };
}

async function runRound(round: number, options: RoundsOptions): Promise<Round> {
  const begun = monotonic();
  const over = new AbortController();
  // Every call listens, and a function with very many targets is called several times.
  setMaxListeners(0, over.signal);
  const timer = setTimeout(() => over.abort(), Math.max(0, options.endsAt - begun));
  const stop = (): void => over.abort();
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  let whole = true;
  const one = async (call: PlannedCall): Promise<Called> => {
    const started = monotonic();
    const outcome = await callOnce(call, options, over.signal);
    if (typeof outcome === 'string' && over.signal.aborted) whole = false;
    const durationMs = roundMs(monotonic() - started);
    // What is given up says nothing of the function.
    if (!options.signal?.aborted) options.tell({ type: 'answered', round, of: options.rounds, kind: call.kind, durationMs, outcome });
    return { call, outcome, durationMs };
  };
  try {
    const calls = await Promise.all(options.calls.map(one));
    return { calls, durationMs: roundMs(monotonic() - begun), whole };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

/** The limit holds whatever the caller does with its signal. */
async function callOnce(
  call: PlannedCall,
  { caller, environment }: Pick<RoundsOptions, 'caller' | 'environment'>,
  over: AbortSignal,
): Promise<FunctionAnswer | string> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const ended = new Promise<string>((fulfil) => {
    const end = (sentence: string): void => {
      fulfil(sentence);
      late.abort();
    };
    timer = setTimeout(() => end(`no answer within ${Math.round(call.limitMs / 1000)} s`), call.limitMs);
    stop = () => end('no answer before the time for the verification was over');
    if (over.aborted) stop();
    over.addEventListener('abort', stop, { once: true });
  });
  const answered = caller.call(call.kind, call.body, late.signal).then(
    (answer) => readAnswer(call.kind, environment, answer),
    (error: unknown) => `not reached: ${describe(error).message}`,
  );
  try {
    return await Promise.race([ended, answered]);
  } finally {
    clearTimeout(timer);
    if (stop) over.removeEventListener('abort', stop);
  }
}
