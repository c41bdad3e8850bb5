/** What the status function answers of alerts, logs and errors. Types only: times are RFC 3339. */
import type { Owner, Reason } from '../reasons';
import type { Outcome, Severity } from '../result';
import type { Reading } from './reading';

/** An alert that is open, or was closed a short while ago. */
export interface Incident {
  /** The policy's key, e.g. `cause-critical-infrastructure`. */
  readonly policy: string;
  readonly title: string;
  readonly severity: Severity;
  readonly owner: Owner | null;
  readonly state: 'open' | 'closed';
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** What it is about. */
  readonly target: string | null;
  readonly cause: string | null;
  /** For people, e.g. `postgres orders-db`, `cause vpc-connector`, `secret jwt-secret`. */
  readonly subject: string;
  /** The channels that it is sent to; empty where no route fits. */
  readonly channels: readonly string[];
}

/** `GET /api/incidents`: the newest first. */
export interface IncidentsAnswer extends Reading {
  readonly incidents: readonly Incident[];
  /** True when there may be older ones that are open still. */
  readonly truncated: boolean;
  /** Targets that fail and page nobody, because `diagnose` lately said that a cause pages instead; each once. */
  readonly blocked: readonly { readonly target: string; readonly cause: string }[];
}

/** One line of a function's log. */
export interface LogLine {
  readonly at: string;
  readonly severity: string;
  readonly function: string;
  readonly event: string | null;
  readonly message: string;
  readonly target: string | null;
  readonly runId: string | null;
}

/** `GET /api/logs?function=NAME&severity=WARNING&hours=1`: the newest first. */
export interface LogsAnswer extends Reading {
  readonly lines: readonly LogLine[];
  /** True when there are more than are told. */
  readonly truncated: boolean;
}

/** Reports that Error Reporting puts together: the same service, first line and location. */
export interface ErrorGroup {
  readonly headline: string;
  readonly service: string;
  /** Of the reports that were read: where the answer is `truncated` there are at least so many. */
  readonly count: number;
  /** Of the oldest report that was read: where the answer is `truncated` it began then or earlier. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly kind: string | null;
  readonly target: string | null;
  readonly outcome: Outcome | null;
  readonly reason: Reason | null;
  readonly owner: Owner | null;
  /** The newest report in full. */
  readonly message: string;
}

/** `GET /api/errors?hours=24`: the one that was seen last first. */
export interface ErrorsAnswer extends Reading {
  readonly groups: readonly ErrorGroup[];
  /** True when there are more reports, all of them older: say "at least" of each count, and "then or earlier" of each `firstSeen`. Groups may be missing. */
  readonly truncated: boolean;
}
