/** A stand-in on loopback for Google's REST APIs: paths as the real ones, behind `/<api>/`. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults } from './faults';
import type { Fault } from './faults';
import { backendHealthRoute } from './platform/backend-health';
import type { EndpointHealth } from './platform/backend-health';
import { iamPolicyRoute } from './platform/iam-policy';
import type { IamPolicy } from './platform/iam-policy';
import { createLogStore } from './platform/log-store';
import { logEntriesRoute } from './platform/logging';
import type { StoredLogEntry } from './platform/logging';
import { monitoringRoutes } from './platform/monitoring';
import type { StoredPolicy, StoredSnooze } from './platform/monitoring';
import { RestError, errorBody } from './platform/rest-error';
import type { Route } from './platform/route';

/** How to start the stand-in. */
export interface PlatformStandInOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

/** One request that arrived. */
export interface PlatformRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON body, if there is one. */
  readonly body?: unknown;
}

/** A running stand-in. */
export interface PlatformStandIn {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Sets a project's IAM policy; a project without one is answered with 403, as the real API does for projects it won't speak of. */
  iamPolicy(project: string, policy: IamPolicy | undefined): void;
  /** Puts a resource where `GET path` finds it, e.g. `/vpcaccess/v1/projects/p/locations/l/connectors/c`; `undefined` takes it away. */
  put(path: string, resource: object | undefined): void;
  /** Says how the endpoints of a group are, by its self link; `undefined` says nothing. */
  health(group: string, endpoints: readonly EndpointHealth[] | undefined): void;
  /** Adds entries to a project's log, which keeps the newest 20 000; what comes back takes them away. */
  log(project: string, ...entries: readonly StoredLogEntry[]): () => void;
  /** Adds an alert policy, as it would be listed. */
  alertPolicy(policy: StoredPolicy): void;
  /** Every snooze that was made. */
  snoozes(): readonly StoredSnooze[];
  /** Adds a route; it comes before those that are there. */
  route(route: Route): void;
  /** Every request so far. */
  requests(): readonly PlatformRequest[];
  /** Forgets policies, resources, health, log entries, snoozes and requests; routes and faults stay. */
  clear(): void;
  /** Switches a fault on (`code` is an HTTP status, `methods` are HTTP's, `resource` is a part of the path); what comes back switches it off. */
  fault(fault: Fault): () => void;
  /** Switches all faults off. */
  heal(): void;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/** Starts the stand-in on loopback. */
export async function startPlatformStandIn(options: PlatformStandInOptions = {}): Promise<PlatformStandIn> {
  const faults = createFaults();
  const policies = new Map<string, IamPolicy>();
  const resources = new Map<string, object>();
  const requests: PlatformRequest[] = [];
  const health = new Map<string, readonly EndpointHealth[]>();
  const logs = createLogStore();
  const alerts: StoredPolicy[] = [];
  const snoozes: StoredSnooze[] = [];
  const routes: Route[] = [
    iamPolicyRoute(policies),
    backendHealthRoute(resources, health),
    logEntriesRoute(logs.of),
    ...monitoringRoutes(alerts, snoozes),
  ];

  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing);
  });

  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      const request = await readRequest(incoming);
      requests.push(request);
      const call = { method: request.method, resource: request.path };
      const before = await faults.meet(call, 'before');
      if (before.kind === 'silence') return;
      if (before.kind === 'refuse') throw new RestError(before.code, before.message);
      const answer = await carryOut(request, routes, resources);
      const after = await faults.meet(call, 'after');
      if (after.kind === 'silence') return;
      if (after.kind === 'refuse') throw new RestError(after.code, after.message);
      send(outgoing, 200, answer);
    } catch (error) {
      const known = error instanceof RestError ? error : new RestError(500, `The stand-in failed: ${String(error)}`);
      send(outgoing, known.code, errorBody(known, incoming.url ?? ''));
    }
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The stand-in does not listen on a port.');

  return {
    address: `127.0.0.1:${bound.port}`,
    iamPolicy(project, policy) {
      if (policy) policies.set(project, policy);
      else policies.delete(project);
    },
    put(path, resource) {
      if (resource) resources.set(path, resource);
      else resources.delete(path);
    },
    health(group, endpoints) {
      if (endpoints) health.set(group, endpoints);
      else health.delete(group);
    },
    log: (project, ...more) => logs.add(project, more),
    alertPolicy: (policy) => void alerts.push(policy),
    snoozes: () => [...snoozes],
    route: (route) => void routes.unshift(route),
    requests: () => [...requests],
    clear() {
      policies.clear();
      resources.clear();
      health.clear();
      logs.clear();
      alerts.length = 0;
      snoozes.length = 0;
      requests.length = 0;
    },
    fault: faults.add,
    heal: faults.clear,
    async close() {
      faults.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

async function carryOut(request: PlatformRequest, routes: readonly Route[], resources: ReadonlyMap<string, object>): Promise<object> {
  for (const { method, path, handle } of routes) {
    const groups = method === request.method ? path.exec(request.path)?.groups : undefined;
    if (groups) return handle({ parameters: groups, query: request.query, body: request.body });
  }
  const resource = request.method === 'GET' ? resources.get(request.path) : undefined;
  if (!resource) throw missing(request);
  return resource;
}

/** Each API says it in its own words. */
function missing({ method, path }: PlatformRequest): RestError {
  const [, api = '', , ...rest] = path.split('/');
  const name = rest.join('/');
  if (method !== 'GET') return new RestError(404, 'Requested entity was not found.');
  if (api === 'compute') return new RestError(404, `The resource '${name}' was not found`);
  if (api === 'sqladmin') return new RestError(404, 'The Cloud SQL instance does not exist.');
  return new RestError(404, `Resource '${name}' was not found`);
}

async function readRequest(incoming: IncomingMessage): Promise<PlatformRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://stand-in');
  const request = { method: incoming.method ?? 'GET', path: decodeURIComponent(pathname), query: Object.fromEntries(searchParams) };
  if (text === '') return request;
  try {
    return { ...request, body: JSON.parse(text) as unknown };
  } catch {
    throw new RestError(400, 'Invalid JSON payload received.');
  }
}

function send(outgoing: ServerResponse, code: number, body: object): void {
  outgoing.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
