/** The plan as text for people. */
import { formatDuration } from '../../shared/config/duration';
import { columns, namesIn, paragraph, section, some } from './columns';
import type { AccountPlan, FunctionPlan, JobPlan, Plan } from './plan';

const mostJobs = 20;
const mostChannels = 4;
const widthOfNames = 56;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const grouped = (amount: number): string => amount.toLocaleString('en-US').replaceAll(',', ' ');
const money = (usd: number): string => usd.toFixed(2);

function headline({ environment, project, region, functions, jobs, configHash, version }: Plan): string {
  const targets = jobs.reduce((sum, job) => sum + job.targets.length, 0);
  const size = [counted(targets, 'target'), counted(functions.length, 'function'), counted(jobs.length, 'Scheduler job')].join(', ');
  return `Plan for ${environment} in project ${project}, region ${region}: ${size}\nconfiguration ${configHash}, vpc-synthetics ${version}`;
}

function networkOf({ vpc, cloudSqlInstances }: FunctionPlan): string {
  const way =
    vpc === undefined
      ? 'outside the VPC'
      : 'connector' in vpc
        ? `connector ${vpc.connector}, ${vpc.egress}`
        : `network ${vpc.network}${vpc.subnet === undefined ? '' : `, subnet ${vpc.subnet}`}, ${vpc.egress}`;
  return [way, ...cloudSqlInstances.map((instance) => `Cloud SQL ${instance}`)].join('; ');
}

function functionLines(functions: readonly FunctionPlan[]): readonly string[] {
  const rows = functions.map((plan) => [
    plan.name,
    `${plan.memoryMiB} MiB`,
    `${plan.cpu}`,
    `${plan.concurrency}`,
    `${plan.minInstances}–${plan.maxInstances}`,
    `${plan.timeoutSeconds} s`,
    networkOf(plan),
  ]);
  const [first] = functions;
  if (!first) return [];
  return [
    ...columns([['name', 'memory', 'CPU', 'at once', 'instances', 'timeout', 'network'], ...rows], new Set([1, 2, 3, 4, 5])),
    ...paragraph(`Each: ${first.runtime}, ingress ${first.ingress}; nobody without run.invoker gets in.`),
  ];
}

const bare = (name: string, project: string): string => name.replace(`projects/${project}/secrets/`, '');
const short = (role: string): string => role.replace(/^roles\//, '');

/** @returns which functions somebody may call, in words. */
function mayCall(member: string, functions: readonly FunctionPlan[]): string | undefined {
  const callable = functions.filter(({ invokers }) => invokers.includes(member)).map(({ kind }) => kind);
  return callable.length === 0 ? undefined : `run.invoker on ${callable.join(', ')}`;
}

function accountLines({ accounts, functions, project }: Plan): readonly string[] {
  return accounts.flatMap(({ email, roles, secrets }: AccountPlan) => {
    const grants = [...new Set(secrets.map(({ role }) => role))].map((role) => {
      const names = secrets.filter((grant) => grant.role === role).map(({ secret }) => bare(secret, project));
      return `${short(role)} on ${names.join(', ')}`;
    });
    const calls = mayCall(`serviceAccount:${email}`, functions);
    const granted = [...roles.map(short), ...grants, ...(calls === undefined ? [] : [calls])].join('; ') || 'nothing';
    return [`  ${email}`, ...paragraph(granted, '    ')];
  });
}

function jobLines(jobs: readonly JobPlan[]): readonly string[] {
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  const shownJobs = kinds.flatMap((kind) => jobs.filter((job) => job.kind === kind).slice(0, mostJobs));
  const rows = shownJobs.map((job) => [
    job.name,
    job.schedule,
    `${job.targets.length}`,
    formatDuration(job.budgetMs),
    `${job.attemptDeadlineSeconds} s`,
    namesIn(job.targets, widthOfNames),
  ]);
  const hidden = jobs.length - shownJobs.length;
  return [
    ...(rows.length > 0 ? columns([['name', 'schedule', 'targets', 'worst run', 'deadline', ''], ...rows], new Set([2, 3, 4])) : []),
    ...(hidden > 0 ? [`  and ${hidden} more; --json shows them all`] : []),
  ];
}

function policyLines({ policies }: Plan): readonly string[] {
  if (policies.length === 0) return [];
  const rows = policies.map(({ displayName, severity, conditions, notificationChannels }) => [
    displayName,
    severity.toLowerCase(),
    `${conditions.length}`,
    some(
      notificationChannels.map((channel) => channel.replace(/^projects\/(.*)\/notificationChannels\//, '$1/')),
      mostChannels,
    ) || 'nobody is told',
  ]);
  return columns([['name', 'severity', 'conditions', 'channels'], ...rows], new Set([2]));
}

function monitoringLines({ descriptors, dashboard, serviceLevels, uptimeChecks, syntheticMonitors }: Plan): readonly string[] {
  const objectives = serviceLevels?.services.flatMap((service) => service.objectives) ?? [];
  const tiles = dashboard.mosaicLayout.tiles.length;
  return [
    ...(descriptors.length > 0 ? [`  ${counted(descriptors.length, 'metric descriptor')}`] : []),
    ...(tiles > 0 ? [`  dashboard ${dashboard.displayName}, ${counted(tiles, 'tile')}`] : []),
    ...(objectives.length > 0
      ? paragraph(
          `${counted(objectives.length, 'objective')}: ${some(
            objectives.map(({ displayName }) => displayName),
            10,
          )}`,
          '',
          '  ',
        )
      : []),
    ...uptimeChecks.map(({ displayName }) => `  uptime check ${displayName}`),
    ...syntheticMonitors.map(
      ({ displayName, periodMinutes }) => `  native synthetic monitor ${displayName}, every ${counted(periodMinutes, 'minute')}`,
    ),
  ];
}

function costLines({ cost }: Plan): readonly string[] {
  const rows = cost.items.map(({ name, quantity, usd, from }) => [
    name,
    money(usd),
    from === undefined ? quantity : `${quantity}; charged from ${from}`,
  ]);
  const later = cost.items.filter(({ from }) => from !== undefined);
  const date = later[0]?.from;
  const laterUsd = later.reduce((sum, { usd }) => sum + usd, 0);
  return [
    ...columns(
      [...rows, ['sum', money(cost.usd - laterUsd), ''], ...(date === undefined ? [] : [[`sum from ${date}`, money(cost.usd), '']])],
      new Set([1]),
    ),
  ];
}

function quotaLines({ quotas }: Plan): readonly string[] {
  const rows = quotas.map(({ name, needed, limit, ok }) => [name, grouped(needed), grouped(limit), ok ? 'ok' : 'EXCEEDED']);
  return columns([['', 'needed', 'limit', ''], ...rows], new Set([1, 2]));
}

/** @returns whether every service takes what the plan needs of it. */
export function fits({ quotas }: Pick<Plan, 'quotas'>): boolean {
  return quotas.every(({ ok }) => ok);
}

/** @returns what does not fit, a sentence each. */
export function exceededLines({ quotas }: Pick<Plan, 'quotas'>): readonly string[] {
  return quotas.filter(({ ok }) => !ok).map(({ name, needed, limit }) => `${name}: ${grouped(needed)} needed, ${grouped(limit)} allowed`);
}

/** @returns the plan in sections, at most 140 columns wide unless names are longer. */
export function planText(plan: Plan): string {
  return [
    headline(plan),
    ...section('Functions', functionLines(plan.functions)),
    ...section('Service accounts', accountLines(plan)),
    ...section('Scheduler jobs (UTC)', jobLines(plan.jobs)),
    ...section('Alert policies', policyLines(plan)),
    ...section('Monitoring', monitoringLines(plan)),
    ...section(`Cost a month, USD, by prices of ${plan.cost.pricesOf}`, costLines(plan)),
    ...section('Quotas', quotaLines(plan)),
    ...section(
      'Notes',
      plan.notes.flatMap((note) => paragraph(note, '- ', '  ')),
    ),
    ...section(
      'This plan does not fit',
      exceededLines(plan).flatMap((line) => paragraph(line, '- ', '  ')),
    ),
  ].join('\n');
}
