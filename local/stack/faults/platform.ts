/** What can break in the control plane. */
import { project, type StoredResource } from '../../emulators/platform/resources';
import { resources, type Surroundings } from '../control-plane';
import { failing, type Fault, type Symptom } from './fault';

type Broken = Pick<Fault, 'breaks' | 'strike'>;

/** A resource with other fields; without any, it is gone. */
function changed<Fields extends object>(
  name: keyof typeof resources,
  resource: (surroundings: Surroundings, fields?: Fields) => StoredResource,
  fields?: Fields,
): Broken {
  return {
    breaks: `platform/${name}`,
    async strike(services) {
      const good = resource(services);
      services.platform.put(good.path, fields && resource(services, fields).body);
      return async () => services.platform.put(good.path, good.body);
    },
  };
}

/** An API that refuses what is asked of it. */
const refused = (api: string, code: number): Broken => ({
  breaks: `platform/${api}`,
  async strike({ platform }) {
    const lift = platform.fault({ resource: `/${api}/`, code });
    return async () => lift();
  },
});

/** An entry that is always of this moment: whoever logs such a thing does it again and again. */
const logged = (name: string, entry: object): Broken => ({
  breaks: `platform/log/${name}`,
  async strike({ platform }) {
    const now = {
      ...entry,
      severity: 'ERROR',
      get timestamp() {
        return new Date().toISOString();
      },
    };
    const undo = platform.log(project, now);
    return async () => undo();
  },
});

const misconfigured = (target: string): Symptom[] => failing('platform', target)('resource_misconfigured', 'infrastructure');
const notReady = (target: string): Symptom[] => failing('platform', target)('resource_not_ready', 'infrastructure');
const missing = (target: string): Symptom[] => failing('platform', target)('resource_missing', 'infrastructure');
const found = (target: string): Symptom[] => failing('platform', target)('assertion_failed', 'application');
const untold = (target: string, reason: 'api_denied' | 'api_unavailable'): Symptom[] => [
  { kind: 'platform', target, outcome: 'unknown', reason, owner: 'monitor' },
];

const { auth, backend, certificate, connector, database, job, loadBalancer, store } = resources;
const dayMs = 86_400_000;

/** A connector that is not there, or not ready, lets nothing through. */
const withoutWay = (broken: Broken): Broken => ({
  ...broken,
  async strike(services) {
    const heal = await broken.strike(services);
    await services.privateNetwork.cut();
    return async () => {
      await services.privateNetwork.mend();
      await heal();
    };
  },
});

/** What lies inside the VPC. */
const inside: readonly Symptom[] = [
  ['postgres', 'orders-db'] as const,
  ['redis', 'cache'] as const,
  ['tcp', 'clickhouse'] as const,
].flatMap(([kind, target]) => failing(kind, target)('connect_timeout', 'infrastructure'));

const withoutConnector = { template: { vpcAccess: undefined } };
const connectorPath = `projects/${project}/locations/us-central1/connectors/staging-connector`;

export const platformFaults: readonly Fault[] = [
  {
    name: 'vpc-connector-down',
    title: 'The VPC connector is in the state ERROR, not READY, and nothing gets through it',
    ...withoutWay(changed('connector', connector, { state: 'ERROR' })),
    expects: [...notReady('vpc-connector'), ...inside],
  },
  {
    name: 'vpc-connector-deleted',
    title: 'The VPC connector is deleted: nothing gets into the VPC',
    ...withoutWay(changed('connector', connector)),
    expects: [...missing('vpc-connector'), ...inside],
  },
  {
    name: 'vpc-connector-wrong-network',
    title: 'The VPC connector belongs to another network',
    ...changed('connector', connector, { network: 'default' }),
    expects: misconfigured('vpc-connector'),
  },
  {
    name: 'vpc-connector-too-small',
    title: 'The VPC connector has at most 3 instances instead of 10',
    ...changed('connector', connector, { maxInstances: 3 }),
    expects: misconfigured('vpc-connector'),
  },
  {
    name: 'vpc-connector-access-denied',
    title: 'The functions may not look at VPC connectors',
    ...refused('vpcaccess', 403),
    expects: untold('vpc-connector', 'api_denied'),
  },
  {
    name: 'vpc-connector-api-down',
    title: 'The API of VPC connectors is unavailable: nobody can tell how the connector is',
    ...refused('vpcaccess', 503),
    expects: untold('vpc-connector', 'api_unavailable'),
  },
  {
    name: 'cloud-sql-suspended',
    title: 'The Cloud SQL instance is SUSPENDED',
    ...changed('database', database, { state: 'SUSPENDED' }),
    expects: notReady('cloud-sql'),
  },
  {
    name: 'cloud-sql-stopped',
    title: 'The Cloud SQL instance is stopped, and still calls itself RUNNABLE',
    ...changed('database', database, { settings: { activationPolicy: 'NEVER' } }),
    expects: notReady('cloud-sql'),
  },
  {
    name: 'cloud-sql-unencrypted',
    title: 'The Cloud SQL instance takes connections without TLS',
    ...changed('database', database, { ipConfiguration: { sslMode: 'ALLOW_UNENCRYPTED_AND_ENCRYPTED', requireSsl: false } }),
    expects: misconfigured('cloud-sql'),
  },
  {
    name: 'cloud-sql-without-private-network',
    title: 'The Cloud SQL instance is in no private network',
    ...changed('database', database, { ipConfiguration: { privateNetwork: undefined, ipv4Enabled: true } }),
    expects: misconfigured('cloud-sql'),
  },
  {
    name: 'cloud-run-not-ready',
    title: 'The newest revision of the Cloud Run service backend does not start',
    ...changed('backend', backend, {
      terminalCondition: { type: 'Ready', state: 'CONDITION_FAILED', reason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    }),
    expects: notReady('backend-service'),
  },
  {
    name: 'cloud-run-detached',
    title: 'The Cloud Run service backend was deployed without the VPC connector',
    ...changed('backend', backend, withoutConnector),
    expects: misconfigured('backend-service'),
  },
  {
    name: 'cloud-run-egress-wrong',
    title: 'The Cloud Run service backend sends only private ranges through the VPC connector',
    ...changed('backend', backend, { template: { vpcAccess: { connector: connectorPath, egress: 'PRIVATE_RANGES_ONLY' } } }),
    expects: misconfigured('backend-service'),
  },
  {
    name: 'cloud-run-timeout-short',
    title: 'The Cloud Run service backend has 60 s for a request instead of 600',
    ...changed('backend', backend, { template: { timeout: '60s' } }),
    expects: misconfigured('backend-service'),
  },
  {
    name: 'auth-service-detached',
    title: 'The Cloud Run service auth was deployed without the VPC connector',
    ...changed('auth', auth, withoutConnector),
    expects: misconfigured('auth-service'),
  },
  {
    name: 'load-balancer-missing',
    title: 'The backend service of the load balancer is deleted',
    ...changed('loadBalancer', loadBalancer),
    expects: missing('load-balancer'),
  },
  {
    name: 'certificate-expiring',
    title: 'The certificate of the load balancer expires three days after the start',
    breaks: 'platform/certificate',
    async strike({ platform, startedAt, redis }) {
      const { path, body } = certificate({ redis, startedAt });
      platform.put(path, certificate({ redis, startedAt }, { expireTime: new Date(startedAt + 3 * dayMs).toISOString() }).body);
      return async () => platform.put(path, body);
    },
    expects: failing('platform', 'certificate')('certificate_expiring', 'infrastructure'),
  },
  {
    name: 'certificate-not-issued',
    title: 'The managed certificate of the load balancer waits for the DNS of one of its domains',
    ...changed('certificate', certificate, {
      managed: {
        status: 'PROVISIONING',
        domains: ['staging.example.com', 'api-staging.example.com'],
        domainStatus: { 'staging.example.com': 'ACTIVE', 'api-staging.example.com': 'FAILED_NOT_VISIBLE' },
      },
    }),
    expects: notReady('certificate'),
  },
  {
    name: 'memorystore-moved',
    title: 'The Memorystore instance has another address than its clients use',
    ...changed('store', store, { host: '127.0.0.9' }),
    expects: misconfigured('memorystore'),
  },
  {
    name: 'scheduler-job-paused',
    title: 'The Scheduler job is paused',
    ...changed('job', job, { state: 'PAUSED' }),
    expects: notReady('clean-up-job'),
  },
  {
    name: 'log-error-3',
    title: 'The application logs "error -3" again and again: it can not resolve the name of Redis',
    ...logged('error-3', { textPayload: 'Error -3 connecting to 10.166.204.83:6379. Temporary failure in name resolution.' }),
    expects: found('no-error-3'),
  },
  {
    name: 'log-1011',
    title: 'The application logs again and again a WebSocket that was closed with 1011',
    ...logged('1011', { textPayload: 'websocket closed with 1011: internal error' }),
    expects: found('no-1011'),
  },
  {
    name: 'log-infrastructure-error',
    title: 'The application logs an error of the infrastructure again and again',
    ...logged('infrastructure', { textPayload: 'no connection left in the pool', labels: { owner: 'infrastructure' } }),
    expects: found('no-infrastructure-errors'),
  },
];
