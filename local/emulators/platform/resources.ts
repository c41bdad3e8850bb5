/** Resources as Google's REST APIs show them when all is well: where each is found, and what stands there. */

/** A resource and the stand-in's path of it. */
export interface StoredResource {
  readonly path: string;
  readonly body: object;
}

/** The project of all resources that are given no other. */
export const project = 'local-project';
const region = 'us-central1';
const inLocation = `projects/${project}/locations/${region}`;
const computeLink = 'https://www.googleapis.com/compute/v1/';
const madeAt = '2026-01-05T08:00:00.000000Z';

/** @returns a Serverless VPC Access connector that is ready. */
export function vpcConnector(name: string, fields: object = {}, parent = inLocation): StoredResource {
  const body = {
    name: `${parent}/connectors/${name}`,
    network: 'staging-vpc',
    ipCidrRange: '10.1.0.0/28',
    state: 'READY',
    minThroughput: 200,
    maxThroughput: 1000,
    connectedProjects: [project],
    machineType: 'e2-micro',
    minInstances: 2,
    maxInstances: 10,
    ...fields,
  };
  return { path: `/vpcaccess/v1/${body.name}`, body };
}

/** @returns a Cloud SQL instance that runs; `ipConfiguration` and `settings` replace parts of it. */
export function cloudSqlInstance(
  name: string,
  { ipConfiguration = {}, settings = {}, ...fields }: { ipConfiguration?: object; settings?: object; [field: string]: unknown } = {},
  owner = project,
): StoredResource {
  const body = {
    kind: 'sql#instance',
    name,
    project: owner,
    region,
    connectionName: `${owner}:${region}:${name}`,
    state: 'RUNNABLE',
    databaseVersion: 'POSTGRES_15',
    databaseInstalledVersion: 'POSTGRES_15_10',
    backendType: 'SECOND_GEN',
    instanceType: 'CLOUD_SQL_INSTANCE',
    settings: {
      kind: 'sql#settings',
      tier: 'db-custom-2-7680',
      activationPolicy: 'ALWAYS',
      dataDiskSizeGb: '50',
      ipConfiguration: {
        ipv4Enabled: false,
        privateNetwork: `projects/${owner}/global/networks/staging-vpc`,
        requireSsl: true,
        sslMode: 'ENCRYPTED_ONLY',
        ...ipConfiguration,
      },
      ...settings,
    },
    serverCaCert: {
      kind: 'sql#sslCert',
      commonName: 'C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA',
      expirationTime: '2035-01-03T08:00:00.000Z',
    },
    ...fields,
  };
  return { path: `/sqladmin/v1/projects/${owner}/instances/${name}`, body };
}

/** @returns a Cloud Run service that is ready; `template` replaces parts of its template. */
export function cloudRunService(
  name: string,
  { template = {}, ...fields }: { template?: object; [field: string]: unknown } = {},
): StoredResource {
  const whole = `${inLocation}/services/${name}`;
  const revision = `${whole}/revisions/${name}-00007-abc`;
  const body = {
    name: whole,
    uid: '5f0c7a52-6c1e-4c57-8d5b-0c7b2d6c3b11',
    generation: '7',
    observedGeneration: '7',
    createTime: madeAt,
    updateTime: madeAt,
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    template: {
      timeout: '600s',
      serviceAccount: `backend@${project}.iam.gserviceaccount.com`,
      scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
      vpcAccess: { connector: `${inLocation}/connectors/staging-connector`, egress: 'ALL_TRAFFIC' },
      containers: [
        {
          image: `us-docker.pkg.dev/${project}/app/${name}:1.2.3`,
          ports: [{ name: 'http1', containerPort: 8080 }],
          startupProbe: {
            initialDelaySeconds: 120,
            timeoutSeconds: 10,
            periodSeconds: 20,
            failureThreshold: 24,
            httpGet: { path: '/health' },
          },
        },
      ],
      maxInstanceRequestConcurrency: 80,
      ...template,
    },
    traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    trafficStatuses: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED', lastTransitionTime: madeAt },
    latestReadyRevision: revision,
    latestCreatedRevision: revision,
    uri: `https://${name}-abcdefghij-uc.a.run.app`,
    ...fields,
  };
  return { path: `/run/v2/${whole}`, body };
}

/** @returns the self link of a group of endpoints: zonal, or regional where it is serverless. */
export function endpointGroupLink(name: string, place = `zones/${region}-a`): string {
  return `${computeLink}projects/${project}/${place}/networkEndpointGroups/${name}`;
}

/** @returns a serverless group of endpoints. */
export function serverlessGroup(name: string, fields: object = {}): StoredResource {
  const link = endpointGroupLink(name, `regions/${region}`);
  const body = {
    kind: 'compute#networkEndpointGroup',
    name,
    selfLink: link,
    networkEndpointType: 'SERVERLESS',
    cloudRun: { service: name },
    ...fields,
  };
  return { path: link.replace('https://www.googleapis.com', ''), body };
}

/** @returns a backend service with the groups behind it. */
export function backendServiceOf(name: string, groups: readonly string[], fields: object = {}, place = 'global'): StoredResource {
  const whole = `projects/${project}/${place}/backendServices/${name}`;
  const body = {
    kind: 'compute#backendService',
    id: '4127318940725182461',
    creationTimestamp: '2026-01-05T00:00:00.000-08:00',
    name,
    selfLink: `${computeLink}${whole}`,
    backends: groups.map((group) => ({ group, balancingMode: 'RATE', maxRatePerEndpoint: 100, capacityScaler: 1 })),
    healthChecks: [`${computeLink}projects/${project}/global/healthChecks/${name}`],
    timeoutSec: 600,
    protocol: 'HTTPS',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    ...fields,
  };
  return { path: `/compute/v1/${whole}`, body };
}

/** @returns a certificate managed by Google, active for the domains. */
export function managedCertificate(name: string, domains: readonly string[], expireTime: string, fields: object = {}): StoredResource {
  const domainStatus = Object.fromEntries(domains.map((domain) => [domain, 'ACTIVE']));
  const whole = `projects/${project}/global/sslCertificates/${name}`;
  const body = {
    kind: 'compute#sslCertificate',
    name,
    selfLink: `${computeLink}${whole}`,
    type: 'MANAGED',
    managed: { domains, status: 'ACTIVE', domainStatus },
    subjectAlternativeNames: domains,
    expireTime,
    ...fields,
  };
  return { path: `/compute/v1/${whole}`, body };
}

/** @returns a Memorystore instance that is ready. */
export function memorystoreInstance(name: string, fields: object = {}): StoredResource {
  const body = {
    name: `${inLocation}/instances/${name}`,
    createTime: madeAt,
    locationId: `${region}-a`,
    redisVersion: 'REDIS_7_0',
    host: '10.166.204.83',
    port: 6379,
    currentLocationId: `${region}-a`,
    state: 'READY',
    tier: 'STANDARD_HA',
    memorySizeGb: 5,
    authorizedNetwork: `projects/${project}/global/networks/staging-vpc`,
    connectMode: 'PRIVATE_SERVICE_ACCESS',
    authEnabled: true,
    transitEncryptionMode: 'DISABLED',
    ...fields,
  };
  return { path: `/redis/v1/${body.name}`, body };
}

/** @returns a Scheduler job whose last attempt, at `lastAttemptTime`, succeeded. */
export function schedulerJobOf(name: string, lastAttemptTime: string, fields: object = {}): StoredResource {
  const body = {
    name: `${inLocation}/jobs/${name}`,
    httpTarget: { uri: 'https://backend.example.com/tasks/clean', httpMethod: 'POST' },
    userUpdateTime: madeAt,
    state: 'ENABLED',
    status: {},
    scheduleTime: lastAttemptTime,
    lastAttemptTime,
    schedule: '*/5 * * * *',
    timeZone: 'Etc/UTC',
    attemptDeadline: '180s',
    ...fields,
  };
  return { path: `/cloudscheduler/v1/${body.name}`, body };
}
