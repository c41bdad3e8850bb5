/** Functions that serve people, as they are deployed. None of them comes into the VPC: they have to tell of it when it is broken. */
import type { Config } from '../../shared/config/config';
import type { Loaded } from '../../shared/config/load';
import { periodOf } from '../../shared/config/schedule';
import type { Service } from '../../shared/serve/service';
import { accountOf, schedulerAccountOf } from './accounts';
import type { Names } from './names';
import { runtime } from './functions';
import type { FunctionPlan, Shard } from './plan';
import { runtimeEnvironment } from './runtime-environment';
import { needsOf } from './service-needs';
import { timeoutSeconds } from './timing';

/** @returns the accounts that these services run as, as members. */
function membersOf(services: readonly Service[], names: Names, config: Config): readonly string[] {
  return services.map(({ name }) => `serviceAccount:${accountOf(name, names, config)}`);
}

/** @returns the accounts that call the functions of the kinds, besides the Scheduler's. */
export function callersOfKinds(services: readonly Service[], names: Names, config: Config): readonly string[] {
  return membersOf(
    services.filter((service) => needsOf(service).callsKinds),
    names,
    config,
  );
}

/** @returns its one shard, which has no targets; none where it is not scheduled. */
export function serviceShards(service: Service): readonly Shard[] {
  const { name, schedule } = service;
  if (schedule === undefined) return [];
  return [{ kind: name, shard: 0, schedule, periodMs: periodOf(schedule), targets: [], budgetMs: needsOf(service).longestMs }];
}

const memoryMiB = 512;

/**
 * @param services every one that is deployed
 * @returns the function; it knows the whole configuration.
 */
export function serviceFunction(service: Service, services: readonly Service[], { config, compiled }: Loaded, names: Names): FunctionPlan {
  const { name, schedule } = service;
  const callers = services.filter((each) => needsOf(each).callsServices?.includes(name));
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
    environment: { GOOGLE_CLOUD_PROJECT: config.project, ...runtimeEnvironment(memoryMiB) },
    labels: names.labels,
    invokers: [
      ...(schedule === undefined ? [] : [`serviceAccount:${schedulerAccountOf(names, config)}`]),
      ...membersOf(callers, names, config),
      ...(forOperators ? config.status.operators : []),
    ],
  };
}
