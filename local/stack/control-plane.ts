/** The control plane of the embedded stack: its resources as they are when nothing is broken, and how they can be otherwise. */
import {
  backendServiceOf,
  cloudRunService,
  cloudSqlInstance,
  managedCertificate,
  memorystoreInstance,
  schedulerJobOf,
  serverlessGroup,
  type StoredResource,
  vpcConnector,
} from '../emulators/platform/resources';

const dayMs = 86_400_000;

/** What the load balancer's certificate is for. */
export const domains = ['staging.example.com', 'api-staging.example.com'];

/** What the resources stand for, and when it was made. */
export interface Surroundings {
  /** Where the Redis server listens that the Memorystore instance stands for. */
  readonly redis: { readonly port: number };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Each resource, with fields in place of those it has when nothing is broken. */
export const resources = {
  connector: (_: Surroundings, fields: Parameters<typeof vpcConnector>[1] = {}) => vpcConnector('staging-connector', fields),
  database: (_: Surroundings, fields: Parameters<typeof cloudSqlInstance>[1] = {}) => cloudSqlInstance('staging-db', fields),
  backend: (_: Surroundings, fields: Parameters<typeof cloudRunService>[1] = {}) => cloudRunService('backend', fields),
  auth: (_: Surroundings, fields: Parameters<typeof cloudRunService>[1] = {}) => cloudRunService('auth', fields),
  loadBalancer: (_: Surroundings, fields: object = {}) =>
    backendServiceOf('backend', [`https://www.googleapis.com${serverlessGroup('backend').path}`], { healthChecks: [], ...fields }),
  endpointGroup: (_: Surroundings, fields: object = {}) => serverlessGroup('backend', fields),
  certificate: ({ startedAt }: Surroundings, fields: object = {}) =>
    managedCertificate('staging-cert', domains, new Date(startedAt + 60 * dayMs).toISOString(), fields),
  store: ({ redis }: Surroundings, fields: object = {}) => memorystoreInstance('cache', { host: '127.0.0.1', port: redis.port, ...fields }),
  job: ({ startedAt }: Surroundings, fields: object = {}) => schedulerJobOf('clean-up', new Date(startedAt).toISOString(), fields),
} satisfies Readonly<Record<string, (surroundings: Surroundings, fields?: never) => StoredResource>>;

/** @returns every resource, all well. */
export function allResources(surroundings: Surroundings): StoredResource[] {
  return Object.values(resources).map((resource) => resource(surroundings));
}
