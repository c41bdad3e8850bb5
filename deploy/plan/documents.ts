/** What of a plan goes to Cloud Monitoring. */
import { alertPolicies } from '../alerts/policies';
import { dashboard } from '../monitoring/dashboard';
import { metricDescriptors } from '../monitoring/descriptors';
import { serviceLevels } from '../monitoring/service-levels';
import { syntheticMonitorNotes, syntheticMonitors } from '../monitoring/synthetic-monitors';
import { publicChecks } from '../monitoring/uptime-checks';
import type { Plan, PlanContext } from './plan';

/** The documents, and what should be known of them. */
export type Documents = Pick<
  Plan,
  'descriptors' | 'policies' | 'dashboard' | 'serviceLevels' | 'uptimeChecks' | 'syntheticMonitors' | 'notes'
>;

/** @returns every document of an environment. */
export function documentsOf(context: PlanContext): Documents {
  const { checks, notes } = publicChecks(context);
  return {
    descriptors: metricDescriptors(),
    policies: alertPolicies(context),
    dashboard: dashboard(context),
    serviceLevels: serviceLevels(context),
    uptimeChecks: checks,
    syntheticMonitors: syntheticMonitors(context),
    notes: [...notes, ...syntheticMonitorNotes(context)],
  };
}
