/** The plan against the limits of each service: what it needs in the worst minute, and whether that is allowed. */
import type { Config, Target } from '../../shared/config/config';
import { seriesPerRequest } from '../../shared/telemetry/writer';
import type { Documents } from './documents';
import { secretsOf, warmUpOf, type Group } from './needs';
import type { FunctionPlan, JobPlan, QuotaUse } from './plan';
import { limits, sizes } from './quotas';
import { seriesOf, seriesOfShard, totalOf } from './series';
import { mostShards } from './shard-numbers';
import { allowedMs } from './timing';
import { valuesRead } from './usage';

/** What is checked. */
export interface Checked {
  readonly groups: readonly Group[];
  readonly functions: readonly FunctionPlan[];
  readonly jobs: readonly JobPlan[];
  readonly documents: Documents;
  readonly config: Config;
}

const use = (name: string, needed: number, limit: number): QuotaUse => ({ name, needed, limit, ok: needed <= limit });
const most = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((high, item) => Math.max(high, of(item)), 0);
const total = <Item>(items: readonly Item[], of: (item: Item) => number): number => items.reduce((sum, item) => sum + of(item), 0);

/** Points are sent when there are enough for a request, and after a wait of so long at the latest (shared/telemetry/writer.ts). */
const longestWaitMs = 5000;

/** @returns the requests that write one run's points, in the minute that has most of them. */
function writesOf(series: number, budgetMs: number): number {
  return Math.ceil(series / seriesPerRequest) + Math.ceil(Math.min(budgetMs, 60_000) / longestWaitMs);
}

/** Metadata of a secret and of each version, and the policy where readers are asked for. */
function metadataReads(target: Target, project: string): number {
  const used = secretsOf(target, project).filter(({ metadata }) => metadata);
  const distinct = new Set(used.map(({ resource }) => resource)).size;
  const policies = new Set(used.filter(({ policy }) => policy).map(({ resource }) => resource)).size;
  return distinct + used.length + policies;
}

function schedulerUse({ jobs, functions }: Checked): readonly QuotaUse[] {
  const shardsAFunction = most(functions, ({ name }) => jobs.filter((job) => job.function === name).length);
  return [
    use('Cloud Scheduler: jobs a region', jobs.length, limits.schedulerJobs),
    use('Cloud Scheduler: writes a minute', Math.min(jobs.length, sizes.commandsAMinute), limits.schedulerWritesAMinute),
    use(
      'Cloud Scheduler: bytes of a body',
      most(jobs, ({ body }) => Buffer.byteLength(body)),
      limits.jobBodyBytes,
    ),
    use('shard numbers of a function', shardsAFunction, mostShards),
  ];
}

function functionUse({ functions, jobs }: Checked): readonly QuotaUse[] {
  return [
    use('Cloud Run functions: functions a region', functions.length, limits.functions),
    use('Cloud Run functions: writes a minute', Math.min(functions.length, sizes.commandsAMinute), limits.functionWritesAMinute),
    use(
      'Cloud Run functions: requests at once',
      most(functions, ({ concurrency }) => concurrency),
      limits.requestsAnInstance,
    ),
    use(
      'Cloud Run functions: seconds of a request',
      most(functions, ({ timeoutSeconds }) => timeoutSeconds),
      limits.functionTimeoutSeconds,
    ),
    use(
      'Cloud Scheduler: seconds of an attempt',
      most(jobs, ({ attemptDeadlineSeconds }) => attemptDeadlineSeconds),
      limits.attemptDeadlineSeconds,
    ),
    use('Cloud Run functions: bytes of an answer', most(jobs, ({ targets }) => targets.length) * sizes.resultBytes, limits.answerBytes),
  ];
}

/** The run that has the least time left: what it may take against what it has. */
function runUse({ groups, jobs, config }: Checked): readonly QuotaUse[] {
  const warmUps = new Map(groups.map((group) => [group.kind.name, warmUpOf(group, config)]));
  const [tightest] = jobs
    .map(({ kind, periodMs, budgetMs }) => ({ budgetMs, hasMs: allowedMs(periodMs, warmUps.get(kind) ?? 0) }))
    .toSorted((a, b) => b.budgetMs / b.hasMs - a.budgetMs / a.hasMs);
  return tightest ? [use('seconds of the tightest run, by its schedule', tightest.budgetMs / 1000, tightest.hasMs / 1000)] : [];
}

/** All jobs are taken to begin in the same minute, as they do on the full hour. */
function worstMinute({ groups, jobs, config: { project } }: Checked): readonly QuotaUse[] {
  const targets = new Map(groups.flatMap((group) => group.targets.map((target) => [target.name, { target, kind: group.kind }] as const)));
  const series = new Map([...targets].map(([name, { target, kind }]) => [name, totalOf(seriesOf(target, kind, project))]));
  const ofShard = totalOf(seriesOfShard());
  const own = (job: JobPlan): readonly Target[] => job.targets.flatMap((name) => targets.get(name)?.target ?? []);
  // Every target in trouble: one series more each.
  const seriesIn = (job: JobPlan): number => ofShard + total(job.targets, (name) => (series.get(name) ?? 0) + 1);
  return [
    use(
      'Cloud Monitoring: writes a minute',
      total(jobs, (job) => writesOf(seriesIn(job), job.budgetMs)),
      limits.timeSeriesWritesAMinute,
    ),
    use(
      'Cloud Monitoring: active series of a target',
      most([...series.values()], (count) => count + 1),
      limits.activeSeriesAResource,
    ),
    use(
      'Secret Manager: accesses a minute',
      total(jobs, (job) => valuesRead(own(job), project)),
      limits.secretAccessesAMinute,
    ),
    use(
      'Secret Manager: metadata reads a minute',
      total(jobs, (job) => total(own(job), (target) => metadataReads(target, project))),
      limits.secretReadsAMinute,
    ),
  ];
}

function documentUse({ documents: { descriptors, policies, serviceLevels } }: Checked): readonly QuotaUse[] {
  return [
    use('Cloud Monitoring: metric descriptors', descriptors.length, limits.descriptors),
    use('Cloud Monitoring: alert policies', policies.length, limits.alertPolicies),
    use(
      'Cloud Monitoring: conditions of a policy',
      most(policies, ({ conditions }) => conditions.length),
      limits.conditionsAPolicy,
    ),
    use(
      'Cloud Monitoring: channels of a policy',
      most(policies, ({ notificationChannels }) => notificationChannels.length),
      limits.channelsAPolicy,
    ),
    use(
      'Cloud Monitoring: objectives of a service',
      most(serviceLevels?.services ?? [], ({ objectives }) => objectives.length),
      limits.objectivesAService,
    ),
  ];
}

/** @returns every limit with what the plan needs of it. */
export function quotasOf(needs: Checked): readonly QuotaUse[] {
  return [...schedulerUse(needs), ...functionUse(needs), ...runUse(needs), ...worstMinute(needs), ...documentUse(needs)];
}
