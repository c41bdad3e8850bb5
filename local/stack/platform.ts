/** The control plane of the embedded stack: its resources as they are when nothing is broken, and the targets that look at them. */
import type { PlatformStandIn } from '../emulators/platform';
import {
  cloudRunService,
  cloudSqlInstance,
  managedCertificate,
  memorystoreInstance,
  schedulerJobOf,
  vpcConnector,
  type StoredResource,
} from '../emulators/platform/resources';

const dayMs = 86_400_000;
const domains = ['staging.example.com', 'api-staging.example.com'];

/** @returns a certificate that expires at the time, in milliseconds since 1970. */
export function certificateUntil(at: number): StoredResource {
  return managedCertificate('staging-cert', domains, new Date(at).toISOString());
}

/** The targets of the kind. */
export const platformSection = {
  vpc: {
    vpcConnector: { name: 'staging-connector', network: 'staging-vpc', ipCidrRange: '10.1.0.0/28', minInstances: 2, maxInstances: 10 },
  },
  database: { cloudSql: { instance: 'staging-db', privateNetwork: 'staging-vpc', requireSsl: true, version: 'POSTGRES_15' } },
  backend: {
    cloudRun: { service: 'backend', connector: 'staging-connector', egress: 'all-traffic', timeout: '600s', trafficOnLatest: true },
  },
  certificate: { certificate: { name: 'staging-cert', minValidity: '21d', domains } },
  store: { memorystore: { instance: 'cache', matches: 'cache' } },
  cleaning: { schedulerJob: { name: 'clean-up', maxAge: '1d' } },
  'no-1011': { logs: { filter: 'textPayload:"1011"', within: '15m', atMost: 0 } },
} as const;

/** Puts a resource as it is when nothing is broken, or another in its place. */
export function put(platform: PlatformStandIn, { path, body }: StoredResource): void {
  platform.put(path, body);
}

/**
 * Puts every resource.
 * @param redisPort where the Redis server listens that the Memorystore instance stands for.
 * @param now milliseconds since 1970.
 */
export function putResources(platform: PlatformStandIn, redisPort: number, now: number): void {
  const resources = [
    vpcConnector('staging-connector'),
    cloudSqlInstance('staging-db'),
    cloudRunService('backend'),
    certificateUntil(now + 60 * dayMs),
    memorystoreInstance('cache', { host: '127.0.0.1', port: redisPort }),
    schedulerJobOf('clean-up', new Date(now).toISOString()),
  ];
  for (const resource of resources) put(platform, resource);
}
