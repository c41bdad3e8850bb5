/** Cloud Run: v1 as `gcloud run` speaks it, and v2. */
import type { RunService, RunServices } from './run-services';
import { ApiError, objectOf, part, route, textOf } from './rest';
import type { Api, Call, Document } from './rest';
import type { World } from './world';

const cloudSql = 'run.googleapis.com/cloudsql-instances';
const connector = 'run.googleapis.com/vpc-access-connector';

/** The API over these services. */
export function createRun(world: World, runServices: RunServices): Api {
  const { project, policies } = world;
  const { services, revisionOf } = runServices;
  const named = (call: Call): string => `projects/${project}/locations/${part(call, 'location')}/services/${part(call, 'service')}`;
  // The namespaced form leaves the region to the host.
  const byNamespace = (call: Call): RunService => {
    const id = part(call, 'service');
    const found = services.all().find((service) => service.id === id);
    if (!found) throw new ApiError(404, `Resource '${id}' of kind 'SERVICE' in namespace '${project}' does not exist.`);
    return found;
  };
  const replace = (service: RunService, body: Document): object => {
    const template = objectOf(objectOf(objectOf(body['spec'])['template'])['metadata']);
    const version = textOf(objectOf(body['metadata'])['resourceVersion']);
    if (version && version !== versionOf(service)) {
      throw new ApiError(
        409,
        `Conflict for resource '${service.id}': version '${version}' was specified but current version is '${versionOf(service)}'.`,
        'ABORTED',
      );
    }
    const annotations = Object.fromEntries(Object.entries(objectOf(template['annotations'])).map(([key, value]) => [key, textOf(value)]));
    for (const instance of (annotations[cloudSql] ?? '').split(',').filter(Boolean)) {
      if (!/^[^:]+(:[^:]+)?:[a-z0-9-]+:[a-z][a-z0-9-]*$/.test(instance)) {
        throw new ApiError(400, `spec.template.metadata.annotations[${cloudSql}]: Invalid value: ${instance}`);
      }
    }
    return v1Of(services.put({ ...service, generation: service.generation + 1, annotations }), revisionOf, world);
  };
  const v1 = (service: RunService): object => v1Of(service, revisionOf, world);
  return {
    name: 'run',
    routes: [
      route('GET', '/apis/serving.knative.dev/v1/namespaces/{namespace}/services/{service}', (call) => v1(byNamespace(call))),
      route('GET', '/apis/serving.knative.dev/v1/namespaces/{namespace}/services', () => ({
        apiVersion: 'serving.knative.dev/v1',
        kind: 'ServiceList',
        items: services.all().map(v1),
      })),
      route('GET', '/apis/serving.knative.dev/v1/namespaces/{namespace}/revisions/{revision}', (call) => {
        const service = services.all().find((one) => revisionOf(one) === part(call, 'revision'));
        if (!service)
          throw new ApiError(404, `Resource '${part(call, 'revision')}' of kind 'REVISION' in namespace '${project}' does not exist.`);
        return revisionDocument(service, revisionOf, world);
      }),
      route('PUT', '/apis/serving.knative.dev/v1/namespaces/{namespace}/services/{service}', (call) =>
        replace(byNamespace(call), call.body),
      ),
      route('GET', '/v1/projects/{project}/locations/{location}/services/{service}', (call) => v1(services.get(named(call)))),
      route('GET', '/v2/projects/{project}/locations/{location}/services/{service}', (call) => v2Of(services.get(named(call)), revisionOf)),
      ...['v1', 'v2'].flatMap((version) => [
        route('GET', `/${version}/projects/{project}/locations/{location}/services/{service}:getIamPolicy`, (call) =>
          policies.get(services.get(named(call)).name),
        ),
        route('POST', `/${version}/projects/{project}/locations/{location}/services/{service}:setIamPolicy`, (call) =>
          policies.set(services.get(named(call)).name, call.body),
        ),
      ]),
    ],
  };
}

function versionOf({ uid, generation }: RunService): string {
  return `AAY${uid.slice(0, 4)}${generation}`;
}

/** What a revision and the template of its service have in common. */
function specOf({ id, location, function: fn }: RunService): object {
  const { buildConfig, serviceConfig } = fn;
  return {
    containerConcurrency: serviceConfig['maxInstanceRequestConcurrency'],
    timeoutSeconds: serviceConfig.timeoutSeconds,
    serviceAccountName: serviceConfig.serviceAccountEmail,
    containers: [
      {
        image: `${location}-docker.pkg.dev/project/gcf-artifacts/${id}:${buildConfig.runtime}`,
        ports: [{ name: 'http1', containerPort: 8080 }],
        resources: { limits: { cpu: serviceConfig['availableCpu'], memory: serviceConfig['availableMemory'] } },
      },
    ],
  };
}

function templateAnnotations({ annotations, function: fn }: RunService): Readonly<Record<string, string>> {
  const vpc = textOf(fn.serviceConfig['vpcConnector']);
  return { ...(vpc && { [connector]: vpc }), ...annotations };
}

function ready(types: readonly string[], { timestamp }: World): readonly object[] {
  return types.map((type) => ({ type, status: 'True', lastTransitionTime: timestamp() }));
}

function revisionDocument(service: RunService, revisionOf: RunServices['revisionOf'], world: World): object {
  const name = revisionOf(service);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name,
      namespace: world.number,
      generation: 1,
      labels: { 'serving.knative.dev/service': service.id },
      annotations: templateAnnotations(service),
    },
    spec: specOf(service),
    status: { observedGeneration: 1, conditions: ready(['Ready'], world) },
  };
}

function v1Of(service: RunService, revisionOf: RunServices['revisionOf'], world: World): object {
  const revision = revisionOf(service);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: service.id,
      namespace: world.number,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${world.number}/services/${service.id}`,
      uid: service.uid,
      resourceVersion: versionOf(service),
      generation: service.generation,
      creationTimestamp: service.createTime,
      labels: { 'goog-managed-by': 'cloudfunctions', 'cloud.googleapis.com/location': service.location, ...service.function.labels },
      annotations: { 'run.googleapis.com/ingress': 'all', 'cloudfunctions.googleapis.com/function-id': service.id },
    },
    spec: {
      template: { metadata: { name: revision, annotations: templateAnnotations(service) }, spec: specOf(service) },
      traffic: [{ percent: 100, latestRevision: true }],
    },
    status: {
      observedGeneration: service.generation,
      conditions: ready(['Ready', 'ConfigurationsReady', 'RoutesReady'], world),
      latestReadyRevisionName: revision,
      latestCreatedRevisionName: revision,
      traffic: [{ revisionName: revision, percent: 100, latestRevision: true }],
      url: service.uri,
      address: { url: service.uri },
    },
  };
}

function v2Of(service: RunService, revisionOf: RunServices['revisionOf']): object {
  const { serviceConfig } = service.function;
  const instances = (service.annotations[cloudSql] ?? '').split(',').filter(Boolean);
  const vpc = textOf(serviceConfig['vpcConnector']);
  return {
    name: service.name,
    uid: service.uid,
    generation: String(service.generation),
    uri: service.uri,
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: {
      serviceAccount: serviceConfig.serviceAccountEmail,
      timeout: `${serviceConfig.timeoutSeconds}s`,
      ...(vpc && { vpcAccess: { connector: vpc, egress: serviceConfig['vpcConnectorEgressSettings'] } }),
      ...(instances.length > 0 && { volumes: [{ name: 'cloudsql', cloudSqlInstance: { instances } }] }),
      containers: [{ image: `${service.location}-docker.pkg.dev/project/gcf-artifacts/${service.id}` }],
    },
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    latestReadyRevision: `${service.name}/revisions/${revisionOf(service)}`,
  };
}
