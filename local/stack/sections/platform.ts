/** The control plane, as it should be. */
import { domains } from '../control-plane';
import type { Section } from './section';

const network = 'staging-vpc';
const connector = 'staging-connector';
const service = { connector, egress: 'all-traffic', timeout: '600s', startupProbe: '600s', trafficOnLatest: true };
const lately = { within: '15m', atMost: 0 };

export const platform: Section = () => ({
  'vpc-connector': { vpcConnector: { name: connector, network, ipCidrRange: '10.1.0.0/28', minInstances: 2, maxInstances: 10 } },
  'cloud-sql': { cloudSql: { instance: 'staging-db', privateNetwork: network, requireSsl: true, version: 'POSTGRES_15' } },
  'backend-service': { cloudRun: { service: 'backend', ...service } },
  'auth-service': { cloudRun: { service: 'auth', ...service } },
  'load-balancer': { backendService: { name: 'backend' } },
  certificate: { certificate: { name: 'staging-cert', minValidity: '21d', domains } },
  memorystore: { memorystore: { instance: 'cache', matches: 'cache' } },
  'clean-up-job': { schedulerJob: { name: 'clean-up', maxAge: '30d' } },
  'no-error-3': { logs: { filter: 'textPayload:"error -3"', ...lately } },
  'no-1011': { logs: { filter: 'textPayload:"1011"', ...lately } },
  'no-infrastructure-errors': { logs: { filter: 'severity>=ERROR AND labels.owner="infrastructure"', ...lately } },
});
