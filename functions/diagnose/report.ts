/** What a run of `diagnose` answers. */
import type { Cause } from '../../shared/diagnose/diagnosis';
import type { Reason } from '../../shared/reasons';
import type { Invocation, TelemetryCounts } from '../../shared/result';

/** The answer to one invocation. */
export interface DiagnoseReport extends Invocation {
  /** `unknown` when the points could not be read: then nothing is said of any cause, and `reason` and `message` say why. */
  readonly outcome: 'success' | 'unknown';
  readonly reason: Reason | null;
  readonly message: string;
  /** The worst first. `active`: it has lasted long enough to page. */
  readonly causes: readonly (Cause & { readonly active: boolean })[];
  /** Targets whose own policies keep still, and for which cause; one with several causes is named with each. */
  readonly blocked: readonly { readonly kind: string; readonly target: string; readonly cause: string }[];
  /** Questions that were asked of Cloud Monitoring, and series that it returned. */
  readonly read: { readonly queries: number; readonly series: number };
  readonly telemetry: TelemetryCounts;
}
