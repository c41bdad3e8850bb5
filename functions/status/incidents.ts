/** `GET /api/incidents`: what pages, whom, and what does not because its cause does. */
import type { Config } from '../../shared/config/config';
import { ownerLabel, policyLabel } from '../../shared/config/own-labels';
import { channelsOf } from '../../shared/config/route';
import type { Fault } from '../../shared/fault';
import { domains, type Owner } from '../../shared/reasons';
import { severities, type Severity } from '../../shared/result';
import type { Incident, IncidentsAnswer } from '../../shared/status/events';
import type { Alert, Alerts } from './alerts';
import { blockersAt, type Blocked } from './blocked';
import type { Kept } from './keep';
import type { Overview } from './overview';
import { readingOf } from './told';

type Labels = Readonly<Record<string, string | undefined>>;

const owners: readonly Owner[] = [...new Set(Object.values(domains))];

/** @returns what it is about, for people; null where its labels do not say it. */
function subjectOf(policy: string, { cause, secret, host, connector_name: connector, job, task_id: task }: Labels): string | null {
  if (cause !== undefined) return `cause ${cause}`;
  if (secret !== undefined) return `secret ${secret}`;
  if (host !== undefined) return `host ${host}`;
  if (connector !== undefined) return `VPC connector ${connector}`;
  if (job === undefined) return null;
  if (policy.startsWith('prober-silent')) return `function ${[job, task].filter(Boolean).join(' ')}`;
  return [job, task].filter(Boolean).join(' ');
}

/** The policy says it of itself; a policy of another deployment may say it by its key alone. */
function incidentOf({ state, openTime, closeTime, resource, metric, policy }: Alert, { alerts, targets }: Config): Incident {
  const { userLabels, displayName, severity: told } = policy;
  const key = userLabels[policyLabel] ?? '';
  const parts = key.split('-');
  const severity: Severity =
    severities.find((each) => each === told?.toLowerCase()) ?? severities.find((each) => parts.includes(each)) ?? 'error';
  const owner = owners.find((each) => each === userLabels[ownerLabel]) ?? owners.find((each) => parts.includes(each));
  const labels: Labels = { ...resource.labels, ...metric.labels };
  const target = labels['target'] ?? labels['task_id'];
  const title = displayName.slice(displayName.indexOf(': ') + 1).trim();
  return {
    policy: key,
    title,
    severity,
    owner: owner ?? null,
    state: state === 'OPEN' ? 'open' : 'closed',
    openedAt: openTime,
    closedAt: state === 'OPEN' ? null : (closeTime ?? null),
    target: targets.some(({ name }) => name === target) ? (target ?? null) : null,
    cause: labels['cause'] ?? null,
    subject: subjectOf(key, labels) ?? title,
    channels: channelsOf(alerts.routes, severity, owner),
  };
}

/** What the answer is made of. */
export interface IncidentSources {
  /** The alerts; null where none could be read, ever or for too long. */
  readonly alerts: Kept<Alerts> | null;
  readonly overview: Overview;
  /** What `diagnose` wrote; nothing where that could not be read. */
  readonly blocked: readonly Blocked[];
  /** Why some of it could not be read. */
  readonly problem: Fault | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** @returns the answer; a target that pages by itself all the same, e.g. since before a cause was named, is not told as blocked. */
export function incidentsAnswer({ alerts: kept, overview, blocked, problem, now }: IncidentSources): IncidentsAnswer {
  const { config, diagnosis, latest } = overview;
  const incidents = kept?.value.alerts.map((alert) => incidentOf(alert, config)) ?? [];
  const paging = new Set(incidents.flatMap(({ state, target }) => (state === 'open' ? [target] : [])));
  return {
    // What was never read is missing, not old.
    ...readingOf({ at: kept?.at ?? now, problem: kept?.problem ?? problem, old: kept !== null && kept.problem !== null }),
    incidents,
    truncated: kept?.value.truncated ?? false,
    blocked: [...blockersAt(blocked, diagnosis.causes, now)]
      .filter(([target]) => latest.get(target)?.outcome === 'failure' && !paging.has(target))
      .map(([target, cause]) => ({ target, cause })),
  };
}
