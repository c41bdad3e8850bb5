/** What a diagnosis is: from what is seen of the targets to the few causes that explain it. Types only. */
import type { Domain, Owner, Reason } from '../reasons';
import type { Finding, Observed, Outcome, Phase, Severity } from '../result';

/**
 * What is known of one target. A `Result` is one. Whoever knows only the metrics leaves out what they do not say: the diagnosis gets
 * less sure then, not wrong. A target of which nothing is known, or only something stale, is left out altogether: it counts neither as
 * healthy nor as failing.
 */
export interface Observation {
  readonly kind: string;
  readonly target: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  /** Null on success; when degraded, the first warning's. */
  readonly reason: Reason | null;
  readonly domain: Domain | null;
  readonly owner: Owner | null;
  /** The phase in which it failed. Absent or null where it is not known: the reason has to do then. */
  readonly phase?: Phase | null;
  readonly message?: string;
  /** RFC 3339. Tells whether what is seen of one target is older than a change. */
  readonly startedAt?: string;
  /** Counted: `secret.versions` and `secret.ageDays`, both by the name of the secret. */
  readonly observed?: Observed;
  readonly findings?: readonly Finding[];
  readonly warnings?: readonly Finding[];
}

/** What was seen of a target when it last succeeded, for telling what has changed since. */
export interface LastSuccess {
  readonly target: string;
  /** RFC 3339. */
  readonly at?: string;
  /** Number of the version by the name of the secret, as in the fact `secret.versions`. */
  readonly secretVersions?: Readonly<Record<string, string>>;
}

/** What a diagnosis may know besides what is seen now. */
export interface Circumstances {
  /** RFC 3339: when the observations were made; without it no time of a change can be told. */
  readonly at?: string;
  /** At most one entry a target; those that are missing are not known. */
  readonly lastSuccesses?: readonly LastSuccess[];
}

/**
 * How sure a cause is.
 * `high`: it was itself seen failing, or a pattern over several targets leaves nothing else.
 * `medium`: several targets point to it, but not everything that would prove it was seen.
 * `low`: a guess from a single sign.
 */
export type Confidence = 'high' | 'medium' | 'low';

/** One thing that is broken. */
export interface Cause {
  /**
   * The same as long as the same is broken; fit for a metric's label: `vpc-connector` (`vpc-network` without one), `network` (nothing at
   * all is reached), `internet` (nothing public is), `dns`, `certificate/<host[:port] or certificate>`, `load-balancer/<host or name>`, `secret/<name>`, `cloud-sql/<instance>`,
   * `memorystore/<instance>`, `endpoint/<host>:<port>`, `prober` (everything is unknown), `prober/<reason>`, and `target/<name>`: a
   * target that is a cause by itself.
   */
  readonly cause: string;
  /** One line for people. */
  readonly title: string;
  readonly owner: Owner;
  readonly reason: Reason;
  /** The worst of the targets that it concerns. */
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Short sentences with numbers, the strongest first. */
  readonly evidence: readonly string[];
  /** RFC 3339: when that was changed which broke it, where that is known. */
  readonly changedAt?: string;
  /** Names of the failing targets that are the cause themselves, or check it, ascending; may be empty. */
  readonly targets: readonly string[];
  /** Names of the targets that fail, or can't be told, because of it, ascending. Several causes may block one target. */
  readonly blocks: readonly string[];
}

/** The answer to: what is broken, and who acts? */
export interface Diagnosis {
  /** The worst first: by severity, then by how many targets each concerns, then by name. */
  readonly causes: readonly Cause[];
  /**
   * The name of a target to the `cause` that accounts for it; of several the first in `causes`. Every failed target has an entry,
   * those in the `targets` of a cause included, but for the one of a cause `target/<name>`: that one speaks for itself. An unknown
   * target has one only where a cause explains why it is unknown.
   */
  readonly blockedBy: ReadonlyMap<string, string>;
}
