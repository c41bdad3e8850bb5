/** The configuration as the engine uses it: checked, with defaults filled in, frozen. Secrets are still references. */
import type { SecretReference } from '../probe';
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
  /** The kind's own fields, parsed by its schema; strings may hold templates. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Conditions by name, parsed by their schemas. */
  readonly expect: Readonly<Record<string, unknown>>;
  readonly warn: Readonly<Record<string, unknown>>;
  /** Every secret whose value the target needs, each once. */
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

export interface Config {
  readonly environment: string;
  readonly project: string;
  readonly region: string;
  readonly network: Network;
  /** Targets probed at once in one run. */
  readonly concurrency: number;
  readonly forbiddenHosts: readonly string[];
  readonly allowLinkLocal: readonly string[];
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly targets: readonly Target[];
  /** SHA-256 over the canonical JSON of the compiled configuration, the first 16 hexadecimal digits. */
  readonly hash: string;
}
