/** Cloud Run: a service, its way into the VPC, and what it is allowed to take (REST v2, `projects.locations.services`). */
import * as z from 'zod';
import { formatDuration } from '../../shared/config/duration';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask, googleDuration } from './ask';
import type { cloudRun } from './fields';
import { atLeast, compare, compareResource, met, stateFinding, unmet, untold, where } from './findings';
import { inLocation, lastOf } from './names';

const startupProbe = z.object({
  initialDelaySeconds: z.number().optional(),
  periodSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
});
const traffic = z.object({ type: z.string().optional(), revision: z.string().optional(), percent: z.number().optional() });
const answer = z.object({
  terminalCondition: z
    .object({
      state: z.string().optional(),
      message: z.string().optional(),
      reason: z.string().optional(),
      revisionReason: z.string().optional(),
    })
    .optional(),
  latestReadyRevision: z.string().optional(),
  latestCreatedRevision: z.string().optional(),
  trafficStatuses: z.array(traffic).optional(),
  scaling: z
    .object({
      minInstanceCount: z.number().optional(),
      scalingMode: z.string().optional(),
      manualInstanceCount: z.number().optional(),
    })
    .optional(),
  template: z
    .object({
      timeout: googleDuration.optional(),
      scaling: z.object({ minInstanceCount: z.number().optional() }).optional(),
      vpcAccess: z
        .object({
          connector: z.string().optional(),
          egress: z.string().optional(),
          networkInterfaces: z.array(z.object({ network: z.string().optional(), subnetwork: z.string().optional() })).optional(),
        })
        .optional(),
      containers: z.array(z.object({ ports: z.array(z.unknown()).optional(), startupProbe: startupProbe.optional() })).optional(),
    })
    .optional(),
});
type Answer = z.output<typeof answer>;

export async function checkCloudRun(wanted: z.output<typeof cloudRun>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inLocation(wanted.service, 'services', context.run);
  const actual = await ask({ api: 'run', version: 'v2', what: 'Cloud Run service', name, answer }, context);
  if (actual.latestReadyRevision) context.observe({ 'cloudRun.latestReadyRevision': lastOf(actual.latestReadyRevision) });
  return [
    state(actual),
    ...where(wanted.connector, (connector) => connectorFinding(actual, connector)),
    ...where(wanted.egress, (egress) => egressFinding(actual, egress)),
    ...where(wanted.minInstances, (count) => atLeast('minInstances', minInstances(actual), count)),
    ...where(wanted.timeout, (timeout) => atLeast('timeout', actual.template?.timeout, timeout, formatDuration)),
    ...where(wanted.startupProbe, (allowed) => startup(actual, allowed)),
    ...where(wanted.trafficOnLatest, (expected) => onLatest(actual, expected)),
  ];
}

/** The condition Ready sums up the others. */
function state({ terminalCondition = {} }: Answer): Finding {
  const { state: said, reason, revisionReason, message } = terminalCondition;
  if (said === 'CONDITION_SUCCEEDED') return met('state', 'state is Ready');
  const detail = [reason ?? revisionReason, message].filter(Boolean).join(': ');
  return stateFinding(said, 'Ready', detail);
}

function connectorFinding({ template }: Answer, expected: string): Finding {
  const [direct] = template?.vpcAccess?.networkInterfaces ?? [];
  const note = direct ? `Direct VPC egress to ${lastOf(direct.network ?? direct.subnetwork ?? 'a network')} instead` : undefined;
  return compareResource('connector', template?.vpcAccess?.connector, expected, note);
}

/** Where a way into the VPC is there without a setting, only private ranges take it. */
function egressFinding({ template }: Answer, expected: string): Finding {
  const way = template?.vpcAccess;
  const isThere = way !== undefined && (Boolean(way.connector) || (way.networkInterfaces ?? []).length > 0);
  const said = way?.egress === undefined || way.egress === 'VPC_EGRESS_UNSPECIFIED' ? 'PRIVATE_RANGES_ONLY' : way.egress;
  const actual = isThere ? said.toLowerCase().replaceAll('_', '-') : undefined;
  return compare(
    'egress',
    actual,
    expected === 'all' ? 'all-traffic' : expected,
    isThere ? {} : { note: 'the service has no way into the VPC' },
  );
}

/** Instances may be kept for the service, or for each revision. */
function minInstances({ scaling = {}, template }: Answer): number {
  if (scaling.scalingMode === 'MANUAL') return scaling.manualInstanceCount ?? 0;
  return Math.max(scaling.minInstanceCount ?? 0, template?.scaling?.minInstanceCount ?? 0);
}

/** The probe that Cloud Run sets where the service has none, and the defaults of one that is set (Cloud Run, "Container health checks"). */
const usualProbe = { initialDelaySeconds: 0, periodSeconds: 240, failureThreshold: 1 };
const usual = { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3 };

function startup({ template }: Answer, expected: boolean | number): Finding {
  const containers = template?.containers ?? [];
  // Of several containers the one with a port takes the requests.
  const probe = (containers.find(({ ports }) => ports !== undefined) ?? containers[0])?.startupProbe;
  if (typeof expected === 'boolean') return compare('startupProbe', probe ? 'set' : undefined, expected ? 'set' : undefined);
  const { initialDelaySeconds, periodSeconds, failureThreshold } = probe ? { ...usual, ...probe } : usualProbe;
  return atLeast('startupProbe', (initialDelaySeconds + periodSeconds * failureThreshold) * 1000, expected, formatDuration);
}

function onLatest({ latestReadyRevision, latestCreatedRevision, trafficStatuses = [] }: Answer, expected: boolean): Finding {
  if (latestCreatedRevision === undefined || trafficStatuses.length === 0)
    return untold('trafficOnLatest', { reason: 'api_unavailable', message: 'the API does not tell where the traffic goes' });
  const latest = lastOf(latestCreatedRevision);
  const shares = new Map<string, number>();
  for (const { type, revision, percent = 0 } of trafficStatuses) {
    const to = revision ?? (type?.endsWith('_LATEST') ? latestReadyRevision : undefined) ?? 'unknown';
    shares.set(lastOf(to), (shares.get(lastOf(to)) ?? 0) + percent);
  }
  const spread = [...shares].filter(([, percent]) => percent > 0).map(([revision, percent]) => `${percent} % to ${revision}`);
  const told = `traffic goes ${spread.join(', ') || 'nowhere'}; the latest revision is ${latest}`;
  if ((shares.get(latest) === 100) === expected) return met('trafficOnLatest', told);
  return unmet('trafficOnLatest', `${told}, expected ${expected ? 'all' : 'not all'} of it there`);
}
