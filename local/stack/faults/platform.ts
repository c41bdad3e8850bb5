/** What can be broken in the control plane of the embedded stack. */
import {
  cloudRunService,
  cloudSqlInstance,
  memorystoreInstance,
  project,
  schedulerJobOf,
  vpcConnector,
  type StoredResource,
} from '../../emulators/platform/resources';
import type { Owner, Reason } from '../../../shared/reasons';
import type { Outcome } from '../../../shared/result';
import type { Fault, Symptom } from './fault';
import { certificateUntil, put, putResources, type platformSection } from '../platform';

const dayMs = 86_400_000;

function symptom(
  target: keyof typeof platformSection,
  reason: Reason,
  owner: Owner = 'infrastructure',
  outcome: Outcome = 'failure',
): Symptom[] {
  return [{ kind: 'platform', target, outcome, reason, owner }];
}

/** A resource put in the place of the good one. */
const replaced =
  (resource: () => StoredResource): Fault['strike'] =>
  async ({ platform, redis }) => {
    put(platform, resource());
    return async () => putResources(platform, redis.port, Date.now());
  };

const connectorApi =
  (code: number): Fault['strike'] =>
  async ({ platform }) => {
    const heal = platform.fault({ resource: '/vpcaccess/', code });
    return async () => heal();
  };

export const platformFaults: readonly Fault[] = [
  {
    name: 'vpc-connector-down',
    title: 'The VPC connector is in the state ERROR',
    breaks: 'platform',
    expects: symptom('vpc', 'resource_not_ready'),
    strike: replaced(() => vpcConnector('staging-connector', { state: 'ERROR' })),
  },
  {
    name: 'vpc-connector-deleted',
    title: 'The VPC connector is deleted',
    breaks: 'platform',
    expects: symptom('vpc', 'resource_missing'),
    async strike({ platform, redis }) {
      platform.put(vpcConnector('staging-connector').path, undefined);
      return async () => putResources(platform, redis.port, Date.now());
    },
  },
  {
    name: 'vpc-connector-access-denied',
    title: 'The functions may not look at the VPC connector',
    breaks: 'platform',
    expects: symptom('vpc', 'api_denied', 'monitor', 'unknown'),
    strike: connectorApi(403),
  },
  {
    name: 'vpc-connector-api-down',
    title: 'The API of VPC connectors is unavailable: nobody can tell how the connector is',
    breaks: 'platform',
    expects: symptom('vpc', 'api_unavailable', 'monitor', 'unknown'),
    strike: connectorApi(503),
  },
  {
    name: 'cloud-sql-stopped',
    title: 'The Cloud SQL instance is stopped, and still calls itself RUNNABLE',
    breaks: 'platform',
    expects: symptom('database', 'resource_not_ready'),
    strike: replaced(() => cloudSqlInstance('staging-db', { settings: { activationPolicy: 'NEVER' } })),
  },
  {
    name: 'cloud-sql-unencrypted',
    title: 'The Cloud SQL instance takes connections without TLS',
    breaks: 'platform',
    expects: symptom('database', 'resource_misconfigured'),
    strike: replaced(() => cloudSqlInstance('staging-db', { ipConfiguration: { sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED' } })),
  },
  {
    name: 'cloud-run-detached',
    title: 'The Cloud Run service was deployed without the VPC connector',
    breaks: 'platform',
    expects: symptom('backend', 'resource_misconfigured'),
    strike: replaced(() => cloudRunService('backend', { template: { vpcAccess: undefined } })),
  },
  {
    name: 'certificate-expiring',
    title: 'The certificate of the load balancer expires in three days',
    breaks: 'platform',
    expects: symptom('certificate', 'certificate_expiring'),
    strike: replaced(() => certificateUntil(Date.now() + 3 * dayMs)),
  },
  {
    name: 'memorystore-moved',
    title: 'The Memorystore instance has another address than its clients use',
    breaks: 'platform',
    expects: symptom('store', 'resource_misconfigured'),
    strike: replaced(() => memorystoreInstance('cache', { host: '127.0.0.9' })),
  },
  {
    name: 'scheduler-job-paused',
    title: 'The Scheduler job is paused',
    breaks: 'platform',
    expects: symptom('cleaning', 'resource_not_ready'),
    strike: replaced(() => schedulerJobOf('clean-up', new Date(Date.now()).toISOString(), { state: 'PAUSED' })),
  },
  {
    name: 'log-1011',
    title: 'The application has logged a WebSocket that was closed with 1011',
    breaks: 'logs',
    expects: symptom('no-1011', 'assertion_failed', 'application'),
    strike: async ({ platform }) => {
      const textPayload = 'websocket closed with 1011: internal error';
      const undo = platform.log(project, { timestamp: new Date(Date.now()).toISOString(), severity: 'ERROR', textPayload });
      return async () => undo();
    },
  },
];
