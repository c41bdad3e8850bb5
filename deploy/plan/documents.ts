/** What of a plan goes to Cloud Monitoring. */
import { alertPolicies } from '../alerts/policies';
import { dashboard } from '../monitoring/dashboard';
import { metricDescriptors } from '../monitoring/descriptors';
import { serviceLevels } from '../monitoring/service-levels';
import { syntheticMonitorNotes, syntheticMonitors } from '../monitoring/synthetic-monitors';
import { publicChecks } from '../monitoring/uptime-checks';
import type { AlertPolicy } from '../monitoring/documents';
import type { Plan, PlanContext } from './plan';

/** The documents, and what should be known of them. */
export type Documents = Pick<
  Plan,
  'descriptors' | 'policies' | 'dashboard' | 'serviceLevels' | 'uptimeChecks' | 'syntheticMonitors' | 'notes'
>;

/** A policy that tells nobody is worse than none, if nobody knows it. */
function unheard(policies: readonly AlertPolicy[]): readonly string[] {
  const silent = policies.filter(({ notificationChannels }) => notificationChannels.length === 0).length;
  if (silent === 0) return [];
  return [`${silent} of ${policies.length} alert policies tell nobody: no entry of alerts.routes fits their severity and owner.`];
}

/** Whoever is paged should not have to search for what to do. */
function withoutRunbook({ config }: PlanContext, policies: readonly AlertPolicy[]): readonly string[] {
  if (policies.length === 0 || config.alerts.runbook !== undefined) return [];
  return [
    "alerts.runbook is not set, so pages name reasons without a link to what to do: state where docs/runbooks.md can be read, as 'https://…/runbooks.md#{reason}'.",
  ];
}

/** @returns every document of an environment. */
export function documentsOf(context: PlanContext): Documents {
  const { checks, notes } = publicChecks(context);
  const policies = alertPolicies(context);
  return {
    descriptors: metricDescriptors(),
    policies,
    dashboard: dashboard(context),
    serviceLevels: serviceLevels(context),
    uptimeChecks: checks,
    syntheticMonitors: syntheticMonitors(context),
    notes: [...unheard(policies), ...withoutRunbook(context, policies), ...notes, ...syntheticMonitorNotes(context)],
  };
}
