/** The configuration as the engine uses it: checked, with defaults filled in, frozen. Secrets are still references. */
import type { SecretReference } from '../probe';
import type { Owner } from '../reasons';
import type { Severity } from '../result';

/** One thing to check. */
export interface Target {
  readonly kind: string;
  readonly name: string;
  readonly severity: Severity;
  /** Cron expression with five fields, UTC. */
  readonly schedule: string;
  /** Milliseconds between two runs: the shortest distance between two of the schedule's times. */
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly confirm: { readonly attempts: number; readonly intervalMs: number };
  readonly runbook?: string;
  /** True for what can be reached from outside the VPC. */
  readonly public: boolean;
  /** Money that a run of the target spends elsewhere, e.g. on a model's answer; USD. */
  readonly costPerRun?: number;
  /** The kind's own fields, parsed by its schema; strings may hold templates. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Conditions by name, parsed by their schemas; strings may hold templates. */
  readonly expect: Readonly<Record<string, unknown>>;
  readonly warn: Readonly<Record<string, unknown>>;
  /** The `spec` of every other target that this one names. */
  readonly referenced?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Every secret whose value the target needs, those of its conditions and of the targets it names included, each once. */
  readonly secrets: readonly SecretReference[];
}

export interface Network {
  readonly connector?: string;
  readonly network?: string;
  readonly subnet?: string;
  readonly egress: 'private-ranges-only' | 'all';
  /** Set with Direct VPC egress only: how long a new instance waits at most for its network. */
  readonly warmUpMs?: number;
}

/** How a fix is signed off. */
export interface Verify {
  readonly rounds: number;
  readonly intervalMs: number;
  /** The share of all rounds of all targets that must pass. */
  readonly passRate: number;
  readonly categories: Readonly<Record<string, { readonly targets: readonly string[]; readonly critical: boolean }>>;
}

/** Who is told; the first route counts whose `severity` and `owner`, where it has them, are the failure's. */
export interface Route {
  readonly severity?: Severity;
  readonly owner?: Owner;
  /** Full names, `projects/P/notificationChannels/N`. */
  readonly channels: readonly string[];
}

export interface Alerts {
  /** Scheduled runs that must fail in a row. */
  readonly consecutive: number;
  /** The objective for the window's median latency. */
  readonly latencyMs?: number;
  /** The share of first attempts that shall succeed. */
  readonly slo?: number;
  /** A URL; `{reason}` in it is replaced. */
  readonly runbook?: string;
  readonly routes: readonly Route[];
}

export interface Config {
  readonly environment: string;
  readonly project: string;
  readonly region: string;
  readonly network: Network;
  /** Targets probed at once in one run. */
  readonly concurrency: number;
  readonly forbiddenHosts: readonly string[];
  readonly allowLinkLocal: readonly string[];
  /** What a target needs to work, by its name. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly verify: Verify;
  readonly alerts: Alerts;
  /** Members that may open the status page. */
  readonly status: { readonly operators: readonly string[] };
  /** Kinds that are also registered as native synthetic monitors. */
  readonly syntheticMonitors: readonly string[];
  /** In the order of the kinds, and by name within a kind, so that YAML and compiled JSON give the same. */
  readonly targets: readonly Target[];
  /** SHA-256 over the canonical JSON of the compiled configuration, the first 16 hexadecimal digits. */
  readonly hash: string;
}
