/** Everything that goes to Cloud Monitoring, from one context. */
import type { Documents } from '../plan/documents';
import { alertPolicies } from '../alerts/policies';
import type { PlanContext } from '../plan/plan';
import { dashboard } from './dashboard';
import { metricDescriptors } from './descriptors';
import { serviceLevels } from './service-levels';
import { syntheticMonitors } from './synthetic-monitors';
import { uptimeChecks } from './uptime-checks';

/** @returns the documents of the environment. */
export function allDocuments(context: PlanContext): Documents {
  const levels = serviceLevels(context);
  return {
    descriptors: metricDescriptors(),
    policies: alertPolicies(context),
    dashboard: dashboard(context),
    ...(levels && { serviceLevels: levels }),
    uptimeChecks: uptimeChecks(context),
    syntheticMonitors: syntheticMonitors(context),
  };
}
