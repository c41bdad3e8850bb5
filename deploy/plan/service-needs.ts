/** What the functions that serve people need besides what every function has. */
import type { Service } from '../../shared/serve/service';
import { metricWriter, secretViewer } from './roles';

/** What one of them needs. */
export interface Needs {
  /**
   * Roles on the project. Points are read with monitoring.timeSeries.list (monitoring.viewer), addresses of functions with
   * run.services.get (run.viewer), the newest versions of secrets with secretmanager.versions.list (secretmanager.viewer), incidents with
   * monitoring.alerts.list (monitoring.viewer), logs with logging.logEntries.list (logging.viewer). Who may call the service itself is
   * read with run.services.getIamPolicy, the project's number with resourcemanager.projects.get (both run.viewer).
   */
  readonly roles: readonly string[];
  /** Requests at once in one instance. */
  readonly concurrency: number;
  readonly maxInstances: number;
  /** The longest that a run of it takes by itself. */
  readonly longestMs: number;
  /** Whether it calls the functions of all kinds. */
  readonly callsKinds?: boolean;
  /** Names of the services that it calls. */
  readonly callsServices?: readonly string[];
  /** Whether the operators of the configuration may call it. */
  readonly forOperators?: boolean;
  /** Whether it asks who is in the groups among the operators. */
  readonly asksGroups?: boolean;
}

const monitoringViewer = 'roles/monitoring.viewer';
const runViewer = 'roles/run.viewer';
const loggingViewer = 'roles/logging.viewer';

/** By name; whoever adds one says here what it needs. */
const needs: Readonly<Record<string, Needs>> = {
  diagnose: { roles: [metricWriter, monitoringViewer], concurrency: 1, maxInstances: 2, longestMs: 30_000 },
  // What it passes on of a verification takes longer than the verification itself.
  status: {
    roles: [monitoringViewer, loggingViewer, runViewer],
    concurrency: 80,
    maxInstances: 2,
    longestMs: 1_740_000,
    callsKinds: true,
    callsServices: ['verify'],
    forOperators: true,
    asksGroups: true,
  },
  // Rounds and the pauses between them may be many: it answers before the longest that a function may take.
  verify: { roles: [runViewer, secretViewer], concurrency: 4, maxInstances: 3, longestMs: 1_700_000, callsKinds: true, forOperators: true },
};

/** @returns what a service needs. */
export function needsOf({ name }: Service): Needs {
  const found = needs[name];
  if (!found) throw new Error(`deploy/plan/services.ts does not say what ${name} needs`);
  return found;
}

/** @returns the roles on the project of the service's account. */
export function serviceRoles(service: Service): readonly string[] {
  return needsOf(service).roles.toSorted();
}

/** @returns the APIs that the services call besides those that every deployment needs: who is in a group, only Cloud Identity knows. */
export function serviceApis(services: readonly Service[], operators: readonly string[]): readonly string[] {
  return askersOfGroups(services, operators).length > 0 ? ['cloudidentity.googleapis.com'] : [];
}

/** @returns the services that ask who is in a group; none where no operator is one. */
export function askersOfGroups(services: readonly Service[], operators: readonly string[]): readonly Service[] {
  return operators.some((member) => member.startsWith('group:')) ? services.filter((service) => needsOf(service).asksGroups) : [];
}
