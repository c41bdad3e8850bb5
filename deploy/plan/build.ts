/** The whole plan of a deployment, from the configuration alone. */
import type { Loaded } from '../../shared/config/load';
import { isMapping } from '../../shared/config/partly';
import type { Kind } from '../../shared/probe';
import type { Service } from '../../shared/serve/service';
import { version } from '../../shared/version';
import { accountsOf } from './accounts';
import { costNotes, costOf } from './cost';
import { documentsOf, type Documents } from './documents';
import { functionOf } from './functions';
import { jobOf } from './jobs';
import { namesOf } from './names';
import { secretsOf, warmUpOf, type Group } from './needs';
import { notesOf } from './notes';
import type { Plan, PlanContext, Shard } from './plan';
import { quotasOf } from './quota-checks';
import { apisOf } from './roles';
import { serviceApis } from './service-needs';
import { callersOfKinds, serviceFunction, serviceShards } from './services';
import { shardsOf } from './shards';
import { callersOf } from './usage';

/** What every deployment calls, whatever it deploys. */
const apisOfDeployment = [
  'artifactregistry.googleapis.com',
  'cloudbuild.googleapis.com',
  'cloudfunctions.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'cloudscheduler.googleapis.com',
  'iam.googleapis.com',
  'logging.googleapis.com',
  'monitoring.googleapis.com',
  'run.googleapis.com',
  'storage.googleapis.com',
];

const everyMinute = '* * * * *';

/** @returns the schedule of a target of the kind that states none (as shared/config/draft.ts has it). */
function usualSchedule(kind: Kind, compiled: string): string {
  const { defaults } = JSON.parse(compiled) as Readonly<Record<string, unknown>>;
  const ofFile = isMapping(defaults) && typeof defaults['schedule'] === 'string' ? defaults['schedule'] : undefined;
  return (kind.defaults.schedule ?? ofFile ?? everyMinute).trim().split(/\s+/).join(' ');
}

/** @returns the APIs that have to be enabled, ascending. */
function apisFor(groups: readonly Group[], services: readonly Service[], { config }: Loaded): readonly string[] {
  const { network, project } = config;
  const all = [
    ...apisOfDeployment,
    ...(network.connector === undefined ? [] : ['vpcaccess.googleapis.com']),
    ...(network.network === undefined ? [] : ['compute.googleapis.com']),
    ...groups.flatMap((group) => apisOf(group, project)),
    ...serviceApis(services, config.status.operators),
  ];
  return [...new Set(all)].toSorted();
}

interface Sharded {
  readonly group: Group;
  readonly warmUpMs: number;
  readonly shards: readonly Shard[];
}

/** @returns the kinds that have targets, each with its shards. */
function sharded({ config, compiled }: Loaded, kinds: readonly Kind[]): readonly Sharded[] {
  return kinds
    .map((kind): Group => ({ kind, targets: config.targets.filter((target) => target.kind === kind.name) }))
    .filter(({ targets }) => targets.length > 0)
    .map((group) => {
      const warmUpMs = warmUpOf(group, config);
      const options = { concurrency: config.concurrency, usual: usualSchedule(group.kind, compiled), warmUpMs };
      return { group, warmUpMs, shards: shardsOf(group.kind.name, group.targets, options) };
    });
}

/** Every function that there may be. */
export interface Inventory {
  readonly kinds: readonly Kind[];
  readonly services: readonly Service[];
}

function contextFrom({ config }: Loaded, { kinds, services }: Inventory, all: readonly Sharded[]): PlanContext {
  const shards = [...all.flatMap((each) => each.shards), ...(all.length > 0 ? services.flatMap(serviceShards) : [])];
  return { config, kinds, names: namesOf(config.environment), shards };
}

/** @returns what the documents for Cloud Monitoring are made from. */
export function contextOf(loaded: Loaded, inventory: Inventory): PlanContext {
  return contextFrom(loaded, inventory, sharded(loaded, inventory.kinds));
}

/**
 * @param inventory a function is made of each kind that has targets and, where there is one, of each service.
 * @param documents makes what goes to Cloud Monitoring.
 * @returns everything that a deployment creates. Pure: the same configuration gives the same plan.
 */
export function buildPlan(loaded: Loaded, inventory: Inventory, documents: (context: PlanContext) => Documents = documentsOf): Plan {
  const { config } = loaded;
  const { kinds } = inventory;
  const all = sharded(loaded, kinds);
  const services = all.length > 0 ? inventory.services : [];
  const groups = all.map(({ group }) => group);
  const context = contextFrom(loaded, inventory, all);
  const { names, shards } = context;
  const invokers = callersOfKinds(services, names, config);
  const functions = [
    ...all.map((each) => functionOf(each.group, each.shards, { loaded, kinds, names, invokers })),
    ...services.map((service) => serviceFunction(service, services, loaded, names)),
  ];
  const warmUps = new Map(all.map(({ group, warmUpMs }) => [group.kind.name, warmUpMs]));
  const jobs = shards.map((shard) => jobOf(shard, names, config, warmUps.get(shard.kind) ?? 0));
  const made = documents(context);
  const callers = callersOf(groups, functions, shards, made.syntheticMonitors, config);
  return {
    version,
    configHash: config.hash,
    environment: config.environment,
    project: config.project,
    region: config.region,
    apis: apisFor(groups, services, loaded),
    accounts: accountsOf(groups, services, names, config),
    functions,
    jobs,
    ...made,
    cost: costOf({ callers, functions, jobs: jobs.length, secretVersions: versionsRead(groups, config.project), documents: made }),
    quotas: quotasOf({ groups, functions, jobs, documents: made, config }),
    notes: [...notesOf(groups, services, context), ...made.notes, ...costNotes(functions)],
  };
}

/** @returns how many versions of secrets the functions look at together. */
function versionsRead(groups: readonly Group[], project: string): number {
  const used = groups.flatMap(({ targets }) => targets).flatMap((target) => secretsOf(target, project));
  return new Set(used.map(({ resource, version: asked }) => `${resource}@${asked}`)).size;
}
