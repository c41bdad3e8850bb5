/** The dashboard of an environment: one picture that says what is broken, since when, and whose it is. */
import type { PlanContext } from '../plan/plan';
import { aheadSection } from './dashboard/ahead';
import { mosaic } from './dashboard/mosaic';
import { nowSection } from './dashboard/now';
import { proberSection } from './dashboard/prober';
import { targetsSection } from './dashboard/targets';
import type { Dashboard } from './documents';

/** A filter of the toolbar: without a variable it applies to every widget whose data has the label (google.monitoring.dashboard.v1.DashboardFilter). */
const filterOn = (labelKey: string): object => ({ filterType: 'METRIC_LABEL', labelKey, valueType: 'STRING' });

/**
 * @returns the dashboard: now, targets, what lies ahead, the prober. Its size depends on the kinds in use, not on the number of
 * targets: of many the worst are shown, and the filters choose one kind or target.
 */
export function dashboard(context: PlanContext): Dashboard {
  const { config, names } = context;
  return {
    displayName: `Synthetics ${config.environment}`,
    labels: names.labels,
    dashboardFilters: [filterOn('kind'), filterOn('target')] as Dashboard['dashboardFilters'],
    mosaicLayout: mosaic([...nowSection(context), ...targetsSection(context), ...aheadSection(context), ...proberSection(context)]),
  };
}
