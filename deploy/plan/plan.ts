/** What a deployment creates, as data: everything that deploy.sh applies and that `synthetics plan` shows. */
import type { Config } from '../../shared/config/config';
import type { Kind } from '../../shared/probe';
import type { AlertPolicy, Dashboard, MetricDescriptor, ServiceLevels, SyntheticMonitor, UptimeCheck } from '../monitoring/documents';
import type { Names } from './names';

/** Targets of one function that one Scheduler job runs. */
export interface Shard {
  readonly kind: string;
  /** 0 to 9999, unique within the function. */
  readonly shard: number;
  /** Cron expression, UTC. */
  readonly schedule: string;
  readonly periodMs: number;
  /** Names, ascending. */
  readonly targets: readonly string[];
  /** The longest that a run may take when every target fails by its deadline, with all confirmations. */
  readonly budgetMs: number;
}

/** What documents are made from. */
export interface PlanContext {
  readonly config: Config;
  readonly kinds: readonly Kind[];
  readonly names: Names;
  readonly shards: readonly Shard[];
}

export interface SecretGrant {
  /** `projects/P/secrets/S`, or the regional `projects/P/locations/L/secrets/S`. */
  readonly secret: string;
  readonly role: string;
}

/** A service account, and the least it needs. */
export interface AccountPlan {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly description: string;
  /** Roles on the project. */
  readonly roles: readonly string[];
  readonly secrets: readonly SecretGrant[];
}

export type VpcAccess =
  | { readonly connector: string; readonly egress: 'private-ranges-only' | 'all' }
  | { readonly network: string; readonly subnet?: string; readonly egress: 'private-ranges-only' | 'all' };

/** A function as it is deployed. */
export interface FunctionPlan {
  readonly kind: string;
  readonly name: string;
  readonly entryPoint: string;
  readonly runtime: string;
  /** Folder of the bundle, from the project's root. */
  readonly source: string;
  /** The part of the configuration that the function needs, as JSON; becomes its `config.json`. */
  readonly config: string;
  /** Email of its service account. */
  readonly account: string;
  readonly memoryMiB: number;
  readonly cpu: number;
  /** Requests at once in one instance. */
  readonly concurrency: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly timeoutSeconds: number;
  readonly ingress: 'all' | 'internal-only' | 'internal-and-gclb';
  /** Absent: it stays out of the VPC. */
  readonly vpc?: VpcAccess;
  /** `project:region:instance`, to be attached to the Cloud Run service. */
  readonly cloudSqlInstances: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Members with run.invoker, e.g. `serviceAccount:…`. */
  readonly invokers: readonly string[];
}

/** A Cloud Scheduler job. */
export interface JobPlan extends Shard {
  readonly name: string;
  /** Name of the function that it calls. */
  readonly function: string;
  readonly timeZone: string;
  readonly description: string;
  /** JSON. */
  readonly body: string;
  readonly attemptDeadlineSeconds: number;
  /** Email of the account whose identity it uses. */
  readonly account: string;
}

/** One item of the monthly cost. */
export interface CostItem {
  readonly name: string;
  /** How it was reckoned, for people. */
  readonly quantity: string;
  /** USD a month, after the free allowance. */
  readonly usd: number;
  /** ISO date from which it is charged, where that lies ahead. */
  readonly from?: string;
}

/** A limit of a service against what the plan needs of it. */
export interface QuotaUse {
  readonly name: string;
  readonly needed: number;
  readonly limit: number;
  readonly ok: boolean;
}

export interface Plan {
  readonly version: string;
  readonly configHash: string;
  readonly environment: string;
  readonly project: string;
  readonly region: string;
  /** APIs to enable. */
  readonly apis: readonly string[];
  readonly accounts: readonly AccountPlan[];
  readonly functions: readonly FunctionPlan[];
  readonly jobs: readonly JobPlan[];
  readonly descriptors: readonly MetricDescriptor[];
  readonly policies: readonly AlertPolicy[];
  readonly dashboard: Dashboard;
  /** Absent without `alerts.slo`. */
  readonly serviceLevels?: ServiceLevels;
  readonly uptimeChecks: readonly UptimeCheck[];
  readonly syntheticMonitors: readonly SyntheticMonitor[];
  /** The items, their sum, and the date of the prices. */
  readonly cost: { readonly items: readonly CostItem[]; readonly usd: number; readonly pricesOf: string };
  readonly quotas: readonly QuotaUse[];
  /** What somebody should know who reads the plan, one sentence each. */
  readonly notes: readonly string[];
}
