/**
 * The least that a function's account needs on the project.
 *
 * | what is called | permission | role |
 * |---|---|---|
 * | CreateTimeSeries | monitoring.timeSeries.create | monitoring.metricWriter |
 * | secrets and versions: get, list; policy of a secret | secretmanager.secrets.get, .getIamPolicy, versions.get, .list | secretmanager.viewer |
 * | policy of the project, where `readableBy` asks for readers | resourcemanager.projects.getIamPolicy | browser |
 * | connectors.get | vpcaccess.connectors.get | vpcaccess.viewer |
 * | Cloud SQL instances.get | cloudsql.instances.get | cloudsql.viewer |
 * | Cloud Run services.get | run.services.get | run.viewer |
 * | sslCertificates.get, backendServices.get | compute.sslCertificates.get, compute.backendServices.get | compute.networkViewer |
 * | the same with the kinds of the backends, where their health or timeout is asked for | compute.regionNetworkEndpointGroups.get, which networkViewer lacks | compute.viewer |
 * | Memorystore instances.get | redis.instances.get | redis.viewer |
 * | jobs.get | cloudscheduler.jobs.get | cloudscheduler.viewer |
 * | entries.list | logging.logEntries.list | logging.viewer |
 * | a socket of Cloud SQL | cloudsql.instances.connect, .get | cloudsql.client |
 * | a login with `{iam: true}` | cloudsql.instances.login | cloudsql.instanceUser |
 *
 * Logs and error reports leave by the standard output, which takes no role. Source: IAM, "Roles and permissions"
 * (https://cloud.google.com/iam/docs/roles-permissions, read 2026-11), of each service named.
 */
import type { Target } from '../../shared/config/config';
import { isMapping } from '../../shared/config/partly';
import { cloudSqlInstancesOf, secretsOf, type Group } from './needs';

const ofCompute = { role: 'roles/compute.networkViewer', api: 'compute.googleapis.com' } as const;

/** What each check of the control plane asks: the role that lets it, and the API that has to be enabled for it. */
const platformNeeds: Readonly<Record<string, { readonly role: string; readonly api: string }>> = {
  vpcConnector: { role: 'roles/vpcaccess.viewer', api: 'vpcaccess.googleapis.com' },
  cloudSql: { role: 'roles/cloudsql.viewer', api: 'sqladmin.googleapis.com' },
  cloudRun: { role: 'roles/run.viewer', api: 'run.googleapis.com' },
  certificate: ofCompute,
  memorystore: { role: 'roles/redis.viewer', api: 'redis.googleapis.com' },
  schedulerJob: { role: 'roles/cloudscheduler.viewer', api: 'cloudscheduler.googleapis.com' },
  logs: { role: 'roles/logging.viewer', api: 'logging.googleapis.com' },
};

/** What the kinds of backends are asked for takes more than networkViewer. */
const backends = { role: 'roles/compute.viewer', api: 'compute.googleapis.com' } as const;

function needsOf({ kind, targets }: Group): readonly { readonly role: string; readonly api: string }[] {
  if (kind.asksRest !== true) return [];
  return targets.flatMap(({ spec: { backendService, ...rest } }) => {
    const checks = Object.entries(platformNeeds).filter(([check]) => check in rest);
    const asksBackends = isMapping(backendService) && ('minTimeout' in backendService || 'healthyBackends' in backendService);
    return [...checks.map(([, need]) => need), ...(asksBackends ? [backends] : backendService ? [ofCompute] : [])];
  });
}

/** Writes points. */
export const metricWriter = 'roles/monitoring.metricWriter';
const policyReader = 'roles/browser';
const socketUser = 'roles/cloudsql.client';
const databaseUser = 'roles/cloudsql.instanceUser';
/** Reads the values of secrets. */
export const secretReader = 'roles/secretmanager.secretAccessor';
/** Reads what is known of secrets, their values left out. */
export const secretViewer = 'roles/secretmanager.viewer';

/** Every role that some plan gives: what an account holds besides was given by hand. */
export const planRoles: ReadonlySet<string> = new Set([
  metricWriter,
  'roles/monitoring.viewer',
  policyReader,
  socketUser,
  databaseUser,
  secretReader,
  secretViewer,
  backends.role,
  ...Object.values(platformNeeds).map(({ role }) => role),
]);

const logsInByIam = ({ spec }: Target): boolean => isMapping(spec['password']) && spec['password']['iam'] === true;

/** @returns the roles on the project that the function with these targets needs, ascending. */
export function rolesOf(group: Group, project: string): readonly string[] {
  const { kind, targets } = group;
  const used = targets.flatMap((target) => secretsOf(target, project));
  const roles = [
    metricWriter,
    ...(kind.asksSecretManager === true ? [secretViewer] : []),
    ...(used.some(({ policy }) => policy) ? [policyReader] : []),
    ...needsOf(group).map(({ role }) => role),
    ...(cloudSqlInstancesOf(group).length > 0 ? [socketUser] : []),
    ...(targets.some(logsInByIam) ? [databaseUser] : []),
  ];
  return [...new Set(roles)].toSorted();
}

/** @returns the APIs that the function with these targets calls while it runs. */
export function apisOf(group: Group, project: string): readonly string[] {
  const used = group.targets.flatMap((target) => secretsOf(target, project));
  return [
    'monitoring.googleapis.com',
    ...(used.length > 0 ? ['secretmanager.googleapis.com'] : []),
    ...needsOf(group).map(({ api }) => api),
    ...(group.targets.some(logsInByIam) ? ['sqladmin.googleapis.com'] : []),
    // gcloud does not attach an instance unless both are enabled.
    ...(cloudSqlInstancesOf(group).length > 0 ? ['sqladmin.googleapis.com', 'sql-component.googleapis.com'] : []),
  ];
}
