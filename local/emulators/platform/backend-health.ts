/** Compute Engine's `backendServices.getHealth` and `regionBackendServices.getHealth` (v1). */
import { RestError } from './rest-error';
import type { Route } from './route';

/** The health of one endpoint behind a backend service. */
export interface EndpointHealth {
  readonly healthState: 'HEALTHY' | 'UNHEALTHY';
  readonly ipAddress?: string;
  readonly port?: number;
  /** Self link of the instance, where the endpoint is one. */
  readonly instance?: string;
}

interface StoredService {
  readonly backends?: readonly { readonly group?: string }[];
}

/** The route that tells the health of one group; only one that belongs to the service is known. */
export function backendHealthRoute(resources: ReadonlyMap<string, object>, health: ReadonlyMap<string, readonly EndpointHealth[]>): Route {
  return {
    method: 'POST',
    path: /^(?<service>\/compute\/v1\/projects\/[^/]+\/(?:global|regions\/[^/]+)\/backendServices\/[^/]+)\/getHealth$/,
    handle({ parameters, body }) {
      const path = parameters['service'] ?? '';
      const service: StoredService | undefined = resources.get(path);
      if (!service) throw new RestError(404, `The resource '${path.replace('/compute/v1/', '')}' was not found`);
      const { group = '' } = (body ?? {}) as { group?: string };
      const known = service.backends?.some((backend) => backend.group === group) === true;
      if (!known) throw new RestError(400, `Invalid value for field 'resource.group': '${group}'. The group is not a backend.`);
      const healthStatus = health.get(group);
      return { kind: 'compute#backendServiceGroupHealth', ...(healthStatus ? { healthStatus } : {}) };
    },
  };
}
