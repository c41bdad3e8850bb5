/** Shows on one line how far a verification is. */
import { monotonic } from '../shared/clock';
import type { Progress, Tell } from '../shared/verify/progress';
import type { StatusLine } from './terminal';

const width = 20;
/** Often enough to count seconds, seldom enough to be calm. */
const everyMs = 500;

/** A line that follows the progress. */
export interface ProgressBar {
  readonly tell: Tell;
  /** Takes the line away. */
  stop(): void;
}

interface Now {
  readonly began: number;
  readonly round: number;
  readonly of: number;
  readonly functions: number;
  /** Names of the functions that have not answered yet. */
  readonly waiting: readonly string[];
  /** Between two rounds: when the next begins. */
  readonly nextAt?: number;
}

/** @returns a bar that shows nothing where there is no line. */
export function createProgressBar(line: StatusLine | undefined, now: () => number = monotonic): ProgressBar {
  if (!line) return { tell: () => undefined, stop: () => undefined };
  const began = now();
  let state: Now | undefined;
  const draw = (): void => {
    if (state) line.show(lineOf(state, now()));
  };
  const timer = setInterval(draw, everyMs);
  return {
    tell(progress) {
      state = after(state, progress, began, now());
      draw();
    },
    stop() {
      clearInterval(timer);
      line.clear();
    },
  };
}

function after(state: Now | undefined, progress: Progress, began: number, at: number): Now | undefined {
  switch (progress.type) {
    case 'round':
      return { began, round: progress.round, of: progress.of, functions: progress.functions.length, waiting: progress.functions };
    case 'answered': {
      const index = state?.waiting.indexOf(progress.kind) ?? -1;
      return state && { ...state, waiting: state.waiting.filter((_, each) => each !== index) };
    }
    case 'pause':
      return state && { ...state, nextAt: at + progress.ms };
    case 'done':
      return state;
    default:
      return progress satisfies never;
  }
}

function lineOf({ began, round, of, functions, waiting, nextAt }: Now, at: number): string {
  const answered = functions - waiting.length;
  // Rounds that are over count whole, also when the next has not begun.
  const share = of === 0 ? 1 : (round - 1 + (functions === 0 ? 1 : answered / functions)) / of;
  const full = Math.round(Math.min(1, share) * width);
  const bar = '█'.repeat(full) + '░'.repeat(width - full);
  const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1000))} s`;
  const doing =
    nextAt === undefined
      ? `${answered}/${functions} functions${waiting.length > 0 ? `, waiting for ${waiting.join(', ')}` : ''}`
      : `next round in ${seconds(nextAt - at)}`;
  return `round ${round}/${of} ${bar} ${seconds(at - began)}  ${doing}`;
}
