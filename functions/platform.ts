/** The control plane: resources of Google Cloud are there, ready, and set up as they should be. */
import type * as z from 'zod';
import { tell } from '../shared/config/partly';
import { Fault } from '../shared/fault';
import { defineKind, type ProbeContext, type ProbeOf, type Problem } from '../shared/probe';
import type { Finding } from '../shared/result';
import { checkBackendService } from './platform/backend-service';
import { checkCertificate } from './platform/certificate';
import { checkCloudRun } from './platform/cloud-run';
import { checkCloudSql } from './platform/cloud-sql';
import { backendService, certificate, cloudRun, cloudSql, logs, memorystore, schedulerJob, vpcConnector } from './platform/fields';
import { checkLogs } from './platform/logs';
import { checkMemorystore } from './platform/memorystore';
import { checkSchedulerJob } from './platform/scheduler-job';
import { checkVpcConnector } from './platform/vpc-connector';

const fields = {
  vpcConnector: vpcConnector.optional(),
  cloudSql: cloudSql.optional(),
  cloudRun: cloudRun.optional(),
  backendService: backendService.optional(),
  certificate: certificate.optional(),
  memorystore: memorystore.optional(),
  schedulerJob: schedulerJob.optional(),
  logs: logs.optional(),
};
type Target = z.output<z.ZodObject<typeof fields>>;

const resources = Object.keys(fields) as readonly (keyof typeof fields)[];

function check(target: Target): readonly Problem[] {
  const [first, ...others] = resources.filter((resource) => resource in target);
  return [
    ...(first === undefined ? [{ path: [], message: `names no resource; allowed: one of ${resources.join(', ')}` }] : []),
    ...others.map((other) => ({ path: [other], message: `stands together with ${first}; allowed: one resource a target` })),
    ...tell(() => instances(target)),
  ];
}

function instances({ vpcConnector: { minInstances = 0, maxInstances = Infinity } = { name: '' } }: Target): readonly Problem[] {
  const path = ['vpcConnector', 'minInstances'];
  return minInstances > maxInstances ? [{ path, message: `${minInstances} is above maxInstances; allowed: at most ${maxInstances}` }] : [];
}

/** The data of the kind. */
export const kind = defineKind<typeof fields, unknown>({
  name: 'platform',
  asksRest: true,
  title: 'Control plane',
  fields,
  conditions: {},
  defaults: { attempts: 1 },
  tls: true,
  endpoints: () => [],
  // Of the resources only certificates expire.
  plain: (target) => !('certificate' in target),
  check,
  references: ({ memorystore: { matches } = { instance: '' } }) =>
    matches === undefined ? [] : [{ path: ['memorystore', 'matches'], kind: 'redis', name: matches }],
});

/** The code of the kind: one finding an expectation, the state of the resource first. */
export const probe: ProbeOf<typeof kind> = {
  async run(target, context) {
    for (const finding of await context.phase('api', () => look(target, context))) context.find(finding);
  },
};

async function look(target: Target, context: ProbeContext): Promise<readonly Finding[]> {
  if (target.vpcConnector) return checkVpcConnector(target.vpcConnector, context);
  if (target.cloudSql) return checkCloudSql(target.cloudSql, context);
  if (target.cloudRun) return checkCloudRun(target.cloudRun, context);
  if (target.backendService) return checkBackendService(target.backendService, context);
  if (target.certificate) return checkCertificate(target.certificate, context);
  if (target.memorystore) return checkMemorystore(target.memorystore, context);
  if (target.schedulerJob) return checkSchedulerJob(target.schedulerJob, context);
  if (target.logs) return checkLogs(target.logs, context);
  throw new Fault('config_invalid', 'the target names no resource');
}
