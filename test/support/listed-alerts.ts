/** Alerts of the policies that a deployment makes, as the API lists them, and what `diagnose` writes for them to keep still. */
import { buildPlan } from '../../deploy/plan/build';
import { kinds } from '../../functions/kinds';
import { services } from '../../functions/services';
import { blockedPoints } from '../../shared/telemetry/diagnosis-points';
import { loadedOf } from './planning';
import type { StatusPage } from './status-page';
import { someTargets } from './telling';

/** @returns the name of a channel. */
export const channel = (number: number): string => `projects/test-project/notificationChannels/${number}`;

/** Targets with routes to three channels. */
export const sections = {
  ...someTargets,
  alerts: {
    routes: [
      { severity: 'critical', owner: 'infrastructure', channels: [channel(1)] },
      { owner: 'operator', channels: [channel(2)] },
      { severity: 'critical', channels: [channel(3)] },
    ],
  },
};

/** The policies as a deployment makes them. */
export const { policies } = buildPlan(loadedOf(sections), { kinds, services });

/** What `diagnose` writes, now. */
export async function diagnosed({ telling }: StatusPage, cause: string, ...targets: string[]): Promise<void> {
  const { config, client, now } = telling;
  await client.send(blockedPoints(config.targets, new Map(targets.map((target) => [target, [cause]])), config, now()));
}

/** An alert of one of our policies, as the API lists it; the first label that tells it apart is `by`. */
export function alertOf(
  { ago }: Pick<StatusPage, 'ago'>,
  key: string,
  labels: Readonly<Record<string, string>>,
  openMs: number,
  closedMs?: number,
): object {
  const policy = policies.find(({ userLabels }) => userLabels['policy']?.startsWith(key));
  if (!policy) throw new Error(`no policy ${key}`);
  const { displayName, severity, userLabels } = policy;
  return {
    name: `projects/test-project/alerts/${key}`,
    state: closedMs === undefined ? 'OPEN' : 'CLOSED',
    openTime: ago(openMs),
    ...(closedMs === undefined ? {} : { closeTime: ago(closedMs) }),
    resource: { type: 'generic_task', labels: { project_id: 'test-project', location: 'us-central1' } },
    metric: { type: 'custom.googleapis.com/synthetic/probe/success', labels },
    policy: { name: 'projects/test-project/alertPolicies/1', displayName, severity, userLabels },
  };
}
