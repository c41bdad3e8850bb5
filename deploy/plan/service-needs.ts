/** What the functions that serve people need besides what every function has. */
import type { Service } from '../../shared/serve/service';
import { metricWriter, secretViewer } from './roles';

/** What one of them needs. */
export interface Needs {
  /**
   * Roles on the project. Points are read with monitoring.timeSeries.list (monitoring.viewer), addresses of functions with
   * run.services.get (run.viewer), the newest versions of secrets with secretmanager.versions.list (secretmanager.viewer), incidents with
   * monitoring.alerts.list (monitoring.viewer), logs with logging.logEntries.list (logging.viewer).
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
const loggingViewer = 'roles/logging.viewer';

/** By name; whoever adds one says here what it needs. */
const needs: Readonly<Record<string, Needs>> = {
  diagnose: { roles: [metricWriter, monitoringViewer], concurrency: 1, maxInstances: 2, longestMs: 30_000 },
  status: { roles: [monitoringViewer, loggingViewer], concurrency: 80, maxInstances: 2, longestMs: 10_000, forOperators: true },
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
