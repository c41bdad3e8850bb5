/** Who asks, and what an operator can do by way of the status function. Types only. */
import type { RunReport, Verdict } from '../result';
import type { Progress } from '../verify/progress';
import type { Verification } from '../verify/verification';

/** `GET /api/session`: where the page is, and what its viewer may do. */
export interface SessionAnswer {
  readonly environment: string;
  readonly project: string;
  readonly region: string;
  readonly version: string;
  readonly configHash: string;
  /** The verified address of whoever asks; null where there is none. */
  readonly identity: string | null;
  /** Whether that one may run and verify. */
  readonly operator: boolean;
  /** Why not, a sentence; null for an operator. */
  readonly refused: string | null;
  /** True where Google's APIs are emulated, and things can be broken at `/faults`. */
  readonly emulated: boolean;
}

/** `POST /api/run` with `{"target":"NAME"}`: what the function of its kind answered; nothing is recorded. */
export type RunAnswer = RunReport;

/**
 * `POST /api/verify` with `{"rounds":3,"interval":"10s","targets":[…],"issue":"#1278"}`, all optional: one JSON object a line
 * (`application/x-ndjson`) while it goes on; the last one is `verified` or `failed`.
 */
export type VerifyLine =
  | Exclude<Progress, { readonly type: 'answered' }>
  | {
      readonly type: 'answered';
      readonly round: number;
      readonly of: number;
      readonly kind: string;
      readonly durationMs: number;
      /** The verdict of the function's run, or why there is none. */
      readonly verdict: Verdict | null;
      readonly problem: string | null;
    }
  | { readonly type: 'verified'; readonly verification: Verification; readonly markdown: string; readonly text: string }
  | { readonly type: 'failed'; readonly message: string };
