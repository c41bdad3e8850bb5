/** Makes incidents of what fires: one opens when a rule begins to fire for some labels, and closes when it does not any more. */
import { randomBytes } from 'node:crypto';
import type { RuleSource } from '../../deploy/alerts/rules';
import { metricPrefix } from '../../shared/telemetry/catalogue';
import { timestamp } from '../../shared/clock';
import type { StoredAlert } from '../emulators/platform/alerts';
import type { PrometheusAlert } from '../services/prometheus';

/** What is open, and what was closed within a day. */
export interface Incidents {
  /**
   * Takes what fires or is pending now.
   * @param nowMs since 1970
   * @returns what opened and what closed
   */
  update(
    alerts: readonly PrometheusAlert[],
    nowMs: number,
  ): { readonly opened: readonly StoredAlert[]; readonly closed: readonly StoredAlert[] };
  readonly list: () => readonly StoredAlert[];
}

const keptMs = 86_400_000;
/** Of `generic_task`; what else a result is told apart by belongs to the metric. */
const resourceLabels = ['project_id', 'location', 'namespace', 'job', 'task_id'];

/**
 * @param project whose incidents they are
 * @param rules what each rule stands for, by its name
 * @param policyNames of each policy, by its key: `projects/P/alertPolicies/A`
 */
export function createIncidents(
  project: string,
  rules: ReadonlyMap<string, RuleSource>,
  policyNames: ReadonlyMap<string, string>,
): Incidents {
  const open = new Map<string, StoredAlert>();
  let closed: readonly StoredAlert[] = [];
  return {
    update(alerts, nowMs) {
      const firing = new Map(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => [keyOf(labels), labels]));
      const opened = [...firing].flatMap(([key, labels]) => {
        const source = rules.get(labels['alertname'] ?? '');
        if (!source || open.has(key)) return [];
        const { policy } = source;
        const incident: StoredAlert = {
          name: `projects/${project}/alerts/0.${randomBytes(8).toString('hex')}`,
          state: 'OPEN',
          openTime: timestamp(nowMs),
          ...subjectOf(labels, source),
          policy: {
            name: policyNames.get(policy.userLabels.policy) ?? '',
            displayName: policy.displayName,
            userLabels: policy.userLabels,
            severity: policy.severity,
          },
        };
        open.set(key, incident);
        return [incident];
      });
      const ended = [...open].filter(([key]) => !firing.has(key));
      for (const [key] of ended) open.delete(key);
      const nowClosed = ended.map(([, incident]): StoredAlert => ({ ...incident, state: 'CLOSED', closeTime: timestamp(nowMs) }));
      closed = [...closed, ...nowClosed].filter(({ closeTime = '' }) => Date.parse(closeTime) > nowMs - keptMs);
      return { opened, closed: nowClosed };
    },
    list: () => [...open.values(), ...closed],
  };
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The labels of a result are of no kind in PromQL: they are parted as the series have them that are asked for. */
function subjectOf(labels: Readonly<Record<string, string>>, { policy, condition }: RuleSource): Pick<StoredAlert, 'resource' | 'metric'> {
  const { alertname: _, monitored_resource: type = 'generic_task', ...rest } = labels;
  const part = (ofResource: boolean): Record<string, string> =>
    Object.fromEntries(Object.entries(rest).filter(([key]) => resourceLabels.includes(key) === ofResource));
  const query = policy.conditions.find(({ displayName }) => displayName === condition)?.conditionPrometheusQueryLanguage?.query ?? '';
  const [, family = '', name = ''] = /custom_googleapis_com:synthetic_([a-z]+)_(\w+)/.exec(query) ?? [];
  return {
    resource: { type, labels: part(true) },
    metric: { type: family === '' ? '' : `${metricPrefix}${family}/${name}`, labels: part(false) },
  };
}
