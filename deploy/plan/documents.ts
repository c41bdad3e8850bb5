/** What of a plan goes to Cloud Monitoring. */
import type { Plan } from './plan';

/** The documents, as their makers give them. */
export type Documents = Pick<Plan, 'descriptors' | 'policies' | 'dashboard' | 'serviceLevels' | 'uptimeChecks' | 'syntheticMonitors'>;

/** @returns none, for a plan of all else. */
export function noDocuments(): Documents {
  return {
    descriptors: [],
    policies: [],
    dashboard: { displayName: '', labels: {}, mosaicLayout: { columns: 12, tiles: [] } },
    uptimeChecks: [],
    syntheticMonitors: [],
  };
}
