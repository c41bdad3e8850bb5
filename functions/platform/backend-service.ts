/** Cloud Load Balancing: a backend service, its timeout and the health behind it (Compute Engine v1, `backendServices`). */
import * as z from 'zod';
import { formatDuration } from '../../shared/config/duration';
import { Fault } from '../../shared/fault';
import type { ProbeContext } from '../../shared/probe';
import type { Finding } from '../../shared/result';
import { ask, told } from './ask';
import type { backendService } from './fields';
import { atLeast, met, unmet, untold, where } from './findings';
import { inCompute, lastOf, withoutHost } from './names';

const what = 'backend service';
const answer = z.object({
  timeoutSec: z.number().optional(),
  backends: z.array(z.object({ group: z.string().optional() })).optional(),
});
const endpointGroup = z.object({ networkEndpointType: z.string().optional() });
const groupHealth = z.object({
  healthStatus: z
    .array(
      z.object({
        healthState: z.string().optional(),
        instance: z.string().optional(),
        ipAddress: z.string().optional(),
        port: z.number().optional(),
      }),
    )
    .optional(),
});
type Status = NonNullable<z.output<typeof groupHealth>['healthStatus']>[number];

export async function checkBackendService(wanted: z.output<typeof backendService>, context: ProbeContext): Promise<readonly Finding[]> {
  const name = inCompute(wanted.name, 'backendServices', context.run);
  const { timeoutSec, backends = [] } = await ask({ api: 'compute', version: 'v1', what, name, answer }, context);
  const state = met('state', `exists, with ${backends.length} backends`);
  if (wanted.minTimeout === undefined && wanted.healthyBackends === undefined) return [state];
  const groups = [...new Set(backends.flatMap(({ group }) => group ?? []))];
  const doubt = await refuseServerless(groups, name, context);
  const timeoutMs = timeoutSec === undefined ? undefined : timeoutSec * 1000;
  return [
    state,
    ...where(wanted.minTimeout, (minTimeout) =>
      doubt ? untold('minTimeout', doubt) : { ...atLeast('timeout', timeoutMs, minTimeout, formatDuration), subject: 'minTimeout' },
    ),
    ...(wanted.healthyBackends === undefined
      ? []
      : [doubt ? untold('healthyBackends', doubt) : await health(name, groups, wanted.healthyBackends, context)]),
  ];
}

/**
 * The timeout of a backend service does not count for serverless backends, and nobody checks their health.
 * @returns the fault of a backend that could not be looked at.
 * @throws Fault `config_invalid` where one is serverless: what is expected can't be told, now or ever.
 */
async function refuseServerless(groups: readonly string[], name: string, context: ProbeContext): Promise<Fault | undefined> {
  // Serverless endpoint groups are always regional.
  const regional = groups.map(withoutHost).filter((group) => /\/regions\/[^/]+\/networkEndpointGroups\//.test(group));
  const found = await Promise.all(
    regional.map(async (group) => {
      const question = { api: 'compute', version: 'v1', what: 'network endpoint group', name: group, answer: endpointGroup } as const;
      return { group, type: await told(ask(question, context)) };
    }),
  );
  const serverless = found.find(({ type }) => !(type instanceof Fault) && type.networkEndpointType === 'SERVERLESS');
  if (serverless) {
    const message = `${what} ${name} has the serverless backend ${lastOf(serverless.group)}, for which the API has neither a timeout nor health; expect timeout and startupProbe of its cloudRun service instead of minTimeout and healthyBackends`;
    throw new Fault('config_invalid', message);
  }
  const fault = found.map(({ type }) => type).find((type) => type instanceof Fault);
  // What can't be looked at is no failure, although it is missing.
  return fault && new Fault(fault.reason === 'resource_missing' ? 'api_unavailable' : fault.reason, fault.message, { code: fault.code });
}

async function health(name: string, groups: readonly string[], expected: number, context: ProbeContext): Promise<Finding> {
  const answers = await Promise.all(
    groups.map((group) => {
      const post = { method: '/getHealth', body: { group } };
      return told(ask({ api: 'compute', version: 'v1', what, name, answer: groupHealth, post }, context));
    }),
  );
  const all = answers.flatMap((each) => (each instanceof Fault ? [] : (each.healthStatus ?? [])));
  const ill = all.filter(({ healthState }) => healthState !== 'HEALTHY');
  const healthy = all.length - ill.length;
  const summary = `${healthy} of ${all.length} backends are healthy`;
  if (healthy >= expected) return met('healthyBackends', summary);
  const fault = answers.find((each) => each instanceof Fault);
  if (fault) return untold('healthyBackends', { reason: reasonOf(fault), message: `${summary}, but not all told: ${fault.message}` });
  const named = ill.length === 0 ? '' : `; not healthy: ${ill.slice(0, 5).map(nameOf).join(', ')}${ill.length > 5 ? '…' : ''}`;
  return unmet('healthyBackends', `${summary}, expected at least ${expected}${named}`, 'resource_not_ready');
}

const reasonOf = ({ reason }: Fault): Fault['reason'] => (reason === 'resource_missing' ? 'api_unavailable' : reason);

function nameOf({ instance, ipAddress, port }: Status): string {
  const at = ipAddress === undefined ? '' : `${ipAddress}${port === undefined ? '' : `:${port}`}`;
  return [instance === undefined ? '' : lastOf(instance), at].filter(Boolean).join(' at ') || 'a backend without a name';
}
