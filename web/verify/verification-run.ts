/** The verification that goes on, whichever view is looked at. */
import { useEffect, useState } from 'preact/hooks';
import type { Verdict } from '../../shared/result';
import type { VerifyLine } from '../../shared/status/actions';
import type { Verification } from '../../shared/verify/verification';
import { act, checked, whyNot } from '../data/asking';

/** A call of a function in a round. */
export interface Call {
  readonly kind: string;
  /** Null while it is awaited. */
  readonly answer: { readonly durationMs: number; readonly verdict: Verdict | null; readonly problem: string | null } | null;
}

export interface Round {
  readonly round: number;
  readonly calls: readonly Call[];
  /** Null while it goes on. */
  readonly durationMs: number | null;
}

export interface VerificationRun {
  readonly is: 'idle' | 'running' | 'verified' | 'failed';
  readonly rounds: readonly Round[];
  /** How many rounds there are to be. */
  readonly of: number;
  /** What happens right now, a sentence. */
  readonly now: string;
  readonly why: string;
  readonly done: { readonly verification: Verification; readonly markdown: string } | null;
}

const idle: VerificationRun = { is: 'idle', rounds: [], of: 0, now: '', why: '', done: null };

function answered(rounds: readonly Round[], line: Extract<VerifyLine, { type: 'answered' }>): readonly Round[] {
  const { round, kind, durationMs, verdict, problem } = line;
  return rounds.map((each) => {
    const waiting = each.calls.findIndex((call) => call.kind === kind && call.answer === null);
    if (each.round !== round || waiting < 0) return each;
    return {
      ...each,
      calls: each.calls.map((call, index) => (index === waiting ? { kind, answer: { durationMs, verdict, problem } } : call)),
    };
  });
}

type Followers = {
  readonly [Type in VerifyLine['type']]: (run: VerificationRun, line: Extract<VerifyLine, { type: Type }>) => VerificationRun;
};

const followers: Followers = {
  round: (run, { round, of, functions }) => ({
    ...run,
    of,
    rounds: [...run.rounds, { round, calls: functions.map((kind) => ({ kind, answer: null })), durationMs: null }],
    now: `Round ${round} of ${of} goes on.`,
  }),
  answered: (run, line) => ({ ...run, rounds: answered(run.rounds, line) }),
  done: (run, { round, of, durationMs }) => ({
    ...run,
    rounds: run.rounds.map((each) => (each.round === round ? { ...each, durationMs } : each)),
    now: `Round ${round} of ${of} is done.`,
  }),
  pause: (run, { next, of, ms }) => ({ ...run, now: `Round ${next} of ${of} begins in ${Math.ceil(ms / 1000)} s.` }),
  verified: (run, { verification, markdown }) => ({ ...run, is: 'verified', now: '', done: { verification, markdown } }),
  failed: (run, { message }) => ({ ...run, is: 'failed', now: '', why: message }),
};

/** @returns the run after one more line. */
function follow(run: VerificationRun, line: VerifyLine): VerificationRun {
  const follower = followers[line.type] as (run: VerificationRun, line: VerifyLine) => VerificationRun;
  return follower(run, line);
}

let current = idle;
let stop = new AbortController();
const listeners = new Set<() => void>();

function set(run: VerificationRun): void {
  current = run;
  listeners.forEach((listener) => listener());
}

const isRunning = (): boolean => current.is === 'running';

async function read(response: Response): Promise<void> {
  if (!response.body) return;
  let rest = '';
  const take = (text: string): void => {
    if (text.trim() !== '') set(follow(current, JSON.parse(text) as VerifyLine));
  };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (rest + next.value).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  take(rest);
}

/** What may be asked for; empty for what the configuration says. */
export interface Asked {
  readonly rounds: string;
  readonly interval: string;
  readonly issue: string;
}

/** What was asked for last, or is about to be. */
let wanted: Asked = { rounds: '', interval: '', issue: '' };

/** @returns what the form holds, also after another view was looked at, and what changes it. */
export function useAsked(): readonly [Asked, (asked: Asked) => void] {
  const [asked, setAsked] = useState(wanted);
  return [
    asked,
    (next) => {
      wanted = next;
      setAsked(next);
    },
  ];
}

export async function startVerification({ rounds, interval, issue }: Asked): Promise<void> {
  if (isRunning()) return;
  stop = new AbortController();
  const { signal } = stop;
  set({ ...idle, is: 'running', now: 'The verification begins.' });
  const body = {
    ...(rounds === '' ? {} : { rounds: Number(rounds) }),
    ...(interval === '' ? {} : { interval }),
    ...(issue === '' ? {} : { issue }),
  };
  try {
    await read(await checked(await act('verify', body, signal)));
    if (isRunning()) set({ ...current, is: 'failed', now: '', why: 'The connection ended before the verification did.' });
  } catch (error) {
    set({ ...current, is: 'failed', now: '', why: signal.aborted ? 'It was stopped.' : whyNot(error) });
  }
}

export function stopVerification(): void {
  stop.abort();
}

export function useVerification(): VerificationRun {
  const [, setTold] = useState<object>();
  useEffect(() => {
    const listener = (): void => setTold({});
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}
