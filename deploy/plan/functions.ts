/** Functions as they are deployed: their size, their way into the VPC, who may call them. */
import type { Config } from '../../shared/config/config';
import { configSlice } from '../../shared/config/config-slice';
import type { Loaded } from '../../shared/config/load';
import type { Kind } from '../../shared/probe';
import { accountOf, schedulerAccountOf } from './accounts';
import type { Names } from './names';
import { cloudSqlInstancesOf, warmUpOf, wayOf, type Group } from './needs';
import type { FunctionPlan, Shard, VpcAccess } from './plan';
import { runtimeEnvironment } from './runtime-environment';
import { timeoutSeconds } from './timing';

/** Of every function. */
export const runtime = 'nodejs24';
/** More than one request at once in an instance needs a whole CPU (Cloud Run functions, "Concurrency"), and so do true latencies. */
const cpu = 1;
/** So many targets are probed at once in an instance at most, before another instance starts: they share a CPU. */
const probesAnInstance = 100;
const mostRunsAtOnce = 10;
/** Beside the scheduled runs there is room for people's. */
const spareInstances = 2;
const fewestInstances = 3;

const mib = 1024 * 1024;
/** What Node.js and the bundle take, what each body may take (as it was sent, and once it is decoded), and what one CPU may have. */
/** Sizes of an instance, in MiB; the smallest first. */
export const memory = { baseMiB: 256, copies: 2, sizesMiB: [512, 1024, 2048], mostMiB: 4096 } as const;

/** @returns what one instance takes at most; bodies are the one thing that a configuration can make big. */
function memoryFor({ targets }: Group, probesAtOnce: number): number {
  const bodies = targets.map(({ spec }) => (typeof spec['maxBody'] === 'number' ? spec['maxBody'] : 0));
  const largest = bodies.reduce((most, body) => Math.max(most, body), 0);
  const needed = memory.baseMiB + (probesAtOnce * memory.copies * largest) / mib;
  return memory.sizesMiB.find((size) => size >= needed) ?? memory.mostMiB;
}

/** @returns how many walk a target's path at once, at most. */
function usersOf({ targets }: Group): number {
  return targets.reduce((most, { spec }) => (typeof spec['users'] === 'number' ? Math.max(most, spec['users']) : most), 1);
}

function vpcOf(group: Group, config: Config): VpcAccess | undefined {
  const { network } = config;
  const way = wayOf(group, config);
  if (way === 'connector') return { connector: network.connector ?? '', egress: network.egress };
  return way === 'direct' ? { network: network.network ?? '', subnet: network.subnet, egress: network.egress } : undefined;
}

/** What functions are made from. */
export interface FunctionContext {
  readonly loaded: Loaded;
  readonly kinds: readonly Kind[];
  readonly names: Names;
  /** Members that may call the functions besides the Scheduler. */
  readonly invokers: readonly string[];
}

/**
 * Ingress is `all`: an address that anybody can reach, and nobody without run.invoker gets an answer from. `internal-only` would let
 * the Scheduler in (Cloud Run, "Restrict network ingress"), but neither people who run a check by hand nor a pipeline that signs off
 * a fix, and those call from elsewhere. Allowed to call are the accounts of the Scheduler and of the sign-off alone; others are let in
 * by add-invoker-policy-binding.
 *
 * Behind Direct VPC egress one instance is kept: the first connections of a new one may hang for a minute.
 */
export function functionOf(group: Group, shards: readonly Shard[], { loaded, kinds, names, invokers }: FunctionContext): FunctionPlan {
  const { config } = loaded;
  const { kind } = group;
  const atOnce = Math.min(config.concurrency, Math.max(1, ...shards.map(({ targets }) => targets.length))) * usersOf(group);
  const concurrency = Math.min(mostRunsAtOnce, Math.max(1, Math.floor(probesAnInstance / atOnce)));
  const vpc = vpcOf(group, config);
  const isDirect = wayOf(group, config) === 'direct';
  const memoryMiB = memoryFor(group, atOnce * concurrency);
  return {
    kind: kind.name,
    name: names.function(kind.name),
    entryPoint: kind.name,
    runtime,
    source: `dist/functions/${kind.name}`,
    config: configSlice(loaded, kind, kinds, isDirect),
    account: accountOf(kind.name, names, config),
    memoryMiB,
    cpu,
    concurrency,
    minInstances: isDirect ? 1 : 0,
    maxInstances: Math.max(fewestInstances, Math.ceil(shards.length / concurrency) + spareInstances),
    timeoutSeconds: timeoutSeconds(Math.max(0, ...shards.map(({ budgetMs }) => budgetMs)), warmUpOf(group, config)),
    ingress: 'all',
    ...(vpc ? { vpc } : {}),
    cloudSqlInstances: cloudSqlInstancesOf(group),
    environment: { GOOGLE_CLOUD_PROJECT: config.project, ...runtimeEnvironment(memoryMiB) },
    labels: names.labels,
    invokers: [`serviceAccount:${schedulerAccountOf(names, config)}`, ...invokers],
  };
}
