/** What is told while a verification runs. */
import type { FunctionAnswer } from './caller';

export type Progress =
  /** A round begins; a function stands as often as it is called. */
  | { readonly type: 'round'; readonly round: number; readonly of: number; readonly functions: readonly string[] }
  /** A function answered, or is given up: then the outcome is a sentence. */
  | {
      readonly type: 'answered';
      readonly round: number;
      readonly of: number;
      readonly kind: string;
      readonly durationMs: number;
      readonly outcome: FunctionAnswer | string;
    }
  /** A round is over. */
  | { readonly type: 'done'; readonly round: number; readonly of: number; readonly durationMs: number }
  /** The next round begins in so many milliseconds. */
  | { readonly type: 'pause'; readonly next: number; readonly of: number; readonly ms: number };

/** Takes what is told. */
export type Tell = (progress: Progress) => void;
