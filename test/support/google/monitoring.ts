/** Cloud Monitoring: everything that a deployment puts there, and what functions write. */
import type { MonitoringEmulator } from '../../../local/emulators/monitoring';
import { createAlertPolicies } from './alert-policies';
import type { StoredPolicy } from './alert-policies';
import type { Collection } from './collection';
import { createDashboards } from './dashboards';
import type { StoredDashboard } from './dashboards';
import { metricRoutes } from './metrics';
import type { Api } from './rest';
import { createServiceLevels, withNumber } from './service-levels';
import type { StoredServiceLevel } from './service-levels';
import { channelRoutes, createSnoozes } from './snoozes';
import type { StoredSnooze } from './snoozes';
import { createUptimeChecks } from './uptime-checks';
import type { StoredUptimeCheck } from './uptime-checks';
import type { World } from './world';

/** What is stored there. */
export interface MonitoringState {
  readonly dashboards: Collection<StoredDashboard>;
  readonly alertPolicies: Collection<StoredPolicy>;
  /** Services with objectives. */
  readonly levels: { readonly services: Collection<StoredServiceLevel>; readonly objectives: Collection<StoredServiceLevel> };
  readonly uptimeChecks: Collection<StoredUptimeCheck>;
  readonly snoozes: Collection<StoredSnooze>;
}

/** What the API is made from. */
export interface MonitoringOptions {
  readonly world: World;
  /** Keeps descriptors and points. */
  readonly emulator: MonitoringEmulator;
  /** Full names of notification channels that exist. */
  readonly channels: readonly string[];
  readonly functionExists: (name: string) => boolean;
}

/** The API, without anything in it. */
export function createMonitoring({
  world,
  emulator,
  channels,
  functionExists,
}: MonitoringOptions): MonitoringState & { readonly api: Api } {
  const { dashboards, routes: ofDashboards } = createDashboards(world);
  const { services, objectives, routes: ofLevels } = createServiceLevels(world);
  const { policies, routes: ofPolicies } = createAlertPolicies(world, {
    channelExists: (name) => channels.includes(name),
    objectiveExists: (name) => objectives.find(withNumber(name, world)) !== undefined,
    metricTypes: () => emulator.descriptors().map(({ type }) => type),
  });
  const { checks, routes: ofChecks } = createUptimeChecks(world, functionExists, (id) =>
    policies.all().some(({ conditions }) => JSON.stringify(conditions).includes(id)),
  );
  const { snoozes, routes: ofSnoozes } = createSnoozes(world, (name) => policies.find(name) !== undefined);
  const routes = [
    ...ofDashboards,
    ...ofPolicies,
    ...ofLevels,
    ...ofChecks,
    ...ofSnoozes,
    ...channelRoutes(channels),
    ...metricRoutes(world, emulator),
  ];
  return {
    dashboards,
    alertPolicies: policies,
    levels: { services, objectives },
    uptimeChecks: checks,
    snoozes,
    api: { name: 'monitoring', routes },
  };
}
