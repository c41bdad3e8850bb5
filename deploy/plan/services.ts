/** Functions that serve people, as they are deployed. None of them comes into the VPC: they have to tell of it when it is broken. */
import type { Config } from '../../shared/config/config';
import type { Loaded } from '../../shared/config/load';
import { periodOf } from '../../shared/config/schedule';
import type { Service } from '../../shared/serve/service';
import { accountOf, schedulerAccountOf } from './accounts';
import type { Names } from './names';
import { runtime } from './functions';
import type { FunctionPlan, Shard } from './plan';
import { metricWriter, secretViewer } from './roles';
import { timeoutSeconds } from './timing';

/** What one of them needs. */
interface Needs {
  /**
   * Roles on the project. Points are read with monitoring.timeSeries.list (monitoring.viewer), addresses of functions with
   * run.services.get (run.viewer), the newest versions of secrets with secretmanager.versions.list (secretmanager.viewer).
   */
  readonly roles: readonly string[];
  /** Requests at once in one instance. */
  readonly concurrency: number;
  readonly maxInstances: number;
  /** The longest that a run of it takes by itself. */
  readonly longestMs: number;
  /** Whether it calls the functions of all kinds. */
  readonly callsKinds?: boolean;
  /** Whether the operators of the configuration may call it. */
  readonly forOperators?: boolean;
}

const monitoringViewer = 'roles/monitoring.viewer';
const runViewer = 'roles/run.viewer';

/** By name; whoever adds one says here what it needs. */
const needs: Readonly<Record<string, Needs>> = {
  diagnose: { roles: [metricWriter, monitoringViewer], concurrency: 1, maxInstances: 2, longestMs: 30_000 },
  status: { roles: [monitoringViewer], concurrency: 80, maxInstances: 2, longestMs: 10_000, forOperators: true },
  // Rounds and the pauses between them may be many: it answers before the longest that a function may take.
  verify: { roles: [runViewer, secretViewer], concurrency: 4, maxInstances: 3, longestMs: 1_700_000, callsKinds: true, forOperators: true },
};

const memoryMiB = 512;

function needsOf({ name }: Service): Needs {
  const found = needs[name];
  if (!found) throw new Error(`deploy/plan/services.ts does not say what ${name} needs`);
  return found;
}

/** @returns the roles on the project of the service's account. */
export function serviceRoles(service: Service): readonly string[] {
  return needsOf(service).roles;
}

/** @returns the accounts that call the functions of the kinds, besides the Scheduler's. */
export function callersOfKinds(services: readonly Service[], names: Names, config: Config): readonly string[] {
  return services.filter((service) => needsOf(service).callsKinds).map(({ name }) => `serviceAccount:${accountOf(name, names, config)}`);
}

/** @returns its one shard, which has no targets; none where it is not scheduled. */
export function serviceShards(service: Service): readonly Shard[] {
  const { name, schedule } = service;
  if (schedule === undefined) return [];
  return [{ kind: name, shard: 0, schedule, periodMs: periodOf(schedule), targets: [], budgetMs: needsOf(service).longestMs }];
}

/** @returns the function; it knows the whole configuration. */
export function serviceFunction(service: Service, { config, compiled }: Loaded, names: Names): FunctionPlan {
  const { name, schedule } = service;
  const { concurrency, maxInstances, longestMs, forOperators } = needsOf(service);
  return {
    kind: name,
    name: names.function(name),
    entryPoint: name,
    runtime,
    source: `dist/functions/${name}`,
    config: compiled,
    account: accountOf(name, names, config),
    memoryMiB,
    cpu: 1,
    concurrency,
    minInstances: 0,
    maxInstances,
    timeoutSeconds: timeoutSeconds(longestMs, 0),
    ingress: 'all',
    cloudSqlInstances: [],
    environment: { GOOGLE_CLOUD_PROJECT: config.project, UV_THREADPOOL_SIZE: '64' },
    labels: names.labels,
    invokers: [
      ...(schedule === undefined ? [] : [`serviceAccount:${schedulerAccountOf(names, config)}`]),
      ...(forOperators ? config.status.operators : []),
    ],
  };
}
