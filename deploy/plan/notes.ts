/** What somebody should know who reads the plan. */
import type { Config } from '../../shared/config/config';
import { formatDuration } from '../../shared/config/duration';
import type { Service } from '../../shared/serve/service';
import { accountOf } from './accounts';
import type { Names } from './names';
import { cloudSqlInstancesOf, hiddenAddresses, lacksVpc, secretsOf, warmUpOf, wayOf, type Group } from './needs';
import type { PlanContext, Shard } from './plan';
import { askersOfGroups } from './service-needs';
import { allowedMs } from './timing';

const most = 5;

/** @returns the first of a list, and how many more there are. */
function listed(items: readonly string[]): string {
  const rest = items.length - most;
  return items.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function withoutVpc(groups: readonly Group[], config: Config): readonly string[] {
  const lacking = groups.filter((group) => lacksVpc(group, config)).map(({ kind }) => kind.name);
  if (lacking.length === 0) return [];
  return [
    `The configuration names no network: targets of ${lacking.join(', ')} have to be reachable from outside the VPC; else state network.connector, or network.network and network.subnet.`,
  ];
}

function sockets(groups: readonly Group[]): readonly string[] {
  const hidden = groups.flatMap(hiddenAddresses);
  if (hidden.length === 0) return [];
  return [
    `Only a secret knows where ${listed(hidden)} ${hidden.length === 1 ? 'leads' : 'lead'}: should that be a socket below /cloudsql, its instance is not attached; state host, database, user and password instead of url.`,
  ];
}

function otherProjects(groups: readonly Group[], { project }: Config): readonly string[] {
  const used = groups.flatMap(({ targets }) => targets.flatMap((target) => secretsOf(target, project)));
  const secrets = [...new Set(used.map(({ resource }) => resource))].filter((name) => !name.startsWith(`projects/${project}/`));
  if (secrets.length === 0) return [];
  return [`Secrets of other projects: whoever deploys needs the right to set their IAM policies: ${listed(secrets)}.`];
}

/** A resource by its full name, or an instance by its connection name, `project:region:instance`. */
const withProject = /(?:^|\/)projects\/([^/]+)\/|^((?:[^:/]+:)?[^:/]+):[a-z0-9-]+:[a-z0-9-]+$/;

function namesOtherProject(value: unknown, project: string): boolean {
  if (typeof value === 'string') {
    const [, named, connected] = withProject.exec(value) ?? [];
    const owner = named ?? connected;
    return owner !== undefined && owner !== project;
  }
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => namesOtherProject(inner, project));
}

/** What lies in other projects is for their owners to open: the plan's roles are those on its own. */
function otherResources(groups: readonly Group[], { project }: Config): readonly string[] {
  const looking = groups
    .filter(({ kind }) => kind.asksRest === true)
    .flatMap(({ targets }) => targets.filter(({ spec }) => namesOtherProject(spec, project)).map(({ name }) => name));
  const instances = [...new Set(groups.flatMap(cloudSqlInstancesOf))].filter((instance) => namesOtherProject(instance, project));
  return [
    ...(looking.length === 0
      ? []
      : [`Targets of platform that look at other projects need their account's viewer roles there, too: ${listed(looking)}.`]),
    ...(instances.length === 0 ? [] : [`Instances of other projects need roles/cloudsql.client there, too: ${listed(instances)}.`]),
  ];
}

function tooLong(shards: readonly Shard[], groups: readonly Group[], config: Config): readonly string[] {
  return groups.flatMap((group) => {
    const warmUpMs = warmUpOf(group, config);
    return shards
      .filter(({ kind, periodMs, budgetMs }) => kind === group.kind.name && budgetMs > allowedMs(periodMs, warmUpMs))
      .map(
        ({ targets, periodMs, budgetMs }) =>
          `${listed(targets)} may take ${formatDuration(budgetMs)}, longer than a run has (${formatDuration(allowedMs(periodMs, warmUpMs))}): lower timeout or confirm.attempts.`,
      );
  });
}

function kept(groups: readonly Group[], config: Config): readonly string[] {
  const direct = groups.filter((group) => wayOf(group, config) === 'direct').map(({ kind }) => kind.name);
  if (direct.length === 0) return [];
  return [
    `Direct VPC egress: one instance each of ${direct.join(', ')} is kept, since the first connections of a new one may hang for a minute; gcloud must know --network (558 or newer).`,
  ];
}

/** IAM has no role that lets an account see who is in a group (Cloud Identity, "Setting up the Groups API"). */
function groupsOfOperators(services: readonly Service[], names: Names, config: Config): readonly string[] {
  return askersOfGroups(services, config.status.operators).map(
    ({ name }) =>
      `status.operators has groups: members may act on the page once an administrator gives ${accountOf(name, names, config)} the role Groups Reader of the organisation.`,
  );
}

/** @returns one sentence each, the gravest first. */
export function notesOf(groups: readonly Group[], services: readonly Service[], { config, names, shards }: PlanContext): readonly string[] {
  if (groups.length === 0) return ['The configuration has no targets: there is nothing to deploy.'];
  return [
    ...tooLong(shards, groups, config),
    ...withoutVpc(groups, config),
    ...sockets(groups),
    ...otherProjects(groups, config),
    ...otherResources(groups, config),
    ...kept(groups, config),
    ...groupsOfOperators(services, names, config),
  ];
}
