/** Cloud Functions v2: functions, their sources and their deployment. */
import { createHash } from 'node:crypto';
import { createCollection, pageOf } from './collection';
import type { Collection, Named } from './collection';
import { checkFunction, checkFunctionName, defaultCpu, mebibytes } from './function-rules';
import { masked } from './mask';
import type { Operations } from './operations';
import { aborted, ApiError, invalid, objectOf, part, route, textOf } from './rest';
import type { Api, Call, Document, Route } from './rest';
import type { RunServices } from './run-services';
import type { StorageObject, Uploads } from './uploads';
import type { World } from './world';

/** A function as the API answers it. */
export interface CloudFunction extends Named {
  readonly state: 'DEPLOYING' | 'ACTIVE' | 'FAILED';
  readonly environment: 'GEN_2';
  readonly labels?: Readonly<Record<string, string>>;
  readonly buildConfig: Document & {
    readonly runtime: string;
    readonly entryPoint: string;
    readonly source: { readonly storageSource: StorageObject };
  };
  readonly serviceConfig: Document & {
    readonly uri?: string;
    readonly serviceAccountEmail: string;
    readonly environmentVariables?: Readonly<Record<string, string>>;
    readonly timeoutSeconds: number;
    readonly revision?: string;
  };
}

/** The API, the functions, and what a test may do to them. */
export interface Functions {
  readonly api: Api;
  readonly functions: Collection<CloudFunction>;
  /** The next deployment of the function ends with this error of its build. */
  readonly failNext: (id: string, message: string) => void;
}

export interface FunctionsOptions {
  readonly world: World;
  readonly uploads: Uploads;
  readonly operations: Operations;
  readonly services: RunServices;
  readonly accountExists: (email: string) => boolean;
}

/** The API, without functions. */
export function createFunctions({ world, uploads, operations, services, accountExists }: FunctionsOptions): Functions {
  const { project, number } = world;
  const functions = createCollection<CloudFunction>();
  const failing = new Map<string, string>();
  const parentOf = (call: Call): string => `projects/${project}/locations/${part(call, 'location')}`;
  const nameOf = (call: Call): string => `${parentOf(call)}/functions/${part(call, 'function')}`;

  const busy = (name: string): ApiError => aborted(`An operation on function ${name} is already in progress. Please try again later.`);

  const check = (fn: CloudFunction): void => {
    checkFunction(objectOf(fn));
    const source = fn.buildConfig.source?.storageSource;
    if (!source || !uploads.find(source)) throw invalid('Source archive was not found.');
    const account = fn.serviceConfig.serviceAccountEmail;
    if (!accountExists(account)) {
      throw new ApiError(403, `Permission 'iam.serviceaccounts.actAs' denied on service account ${account} (or it may not exist).`);
    }
  };

  const deploy = (wanted: CloudFunction, verb: string): object => {
    const parent = wanted.name.replace(/\/functions\/.*$/, '');
    const id = wanted.name.split('/').at(-1) ?? '';
    functions.put({ ...wanted, state: 'DEPLOYING' });
    const metadata = {
      '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata',
      target: wanted.name,
      verb,
      apiVersion: 'v2',
      createTime: world.timestamp(),
    };
    return operations.start(parent, metadata, () => {
      const message = failing.get(id);
      if (message !== undefined) {
        failing.delete(id);
        functions.put({
          ...wanted,
          state: 'FAILED',
          stateMessages: [{ severity: 'ERROR', type: 'CloudFunctions', message }],
        } as CloudFunction);
        return { error: { code: 3, message } };
      }
      const service = services.deploy(wanted);
      const region = parent.split('/').at(-1) ?? '';
      const active = functions.put({
        ...wanted,
        state: 'ACTIVE',
        updateTime: world.timestamp(),
        url: `https://${region}-${project}.cloudfunctions.net/${id}`,
        buildConfig: {
          ...wanted.buildConfig,
          build: `projects/${number}/locations/${region}/builds/${createHash('md5').update(service.revision).digest('hex')}`,
        },
        serviceConfig: { ...wanted.serviceConfig, ...service },
      } as CloudFunction);
      return { response: { '@type': 'type.googleapis.com/google.cloud.functions.v2.Function', ...active } };
    });
  };

  const routes: Route[] = [
    route('GET', '/v2/projects/{project}/locations/{location}/runtimes', () => ({
      runtimes: ['nodejs22', 'nodejs24'].flatMap((name) =>
        ['GEN_1', 'GEN_2'].map((environment) => ({ name, displayName: `Node.js ${name.slice(-2)}`, stage: 'GA', environment })),
      ),
    })),
    route('POST', '/v2/projects/{project}/locations/{location}/functions:generateUploadUrl', (call) =>
      uploads.prepare(`gcf-v2-uploads-${number}.${part(call, 'location')}.cloudfunctions.appspot.com`),
    ),
    route('GET', '/v2/projects/{project}/locations/{location}/functions', (call) =>
      pageOf(
        functions.all().filter(({ name }) => part(call, 'location') === '-' || name.startsWith(`${parentOf(call)}/`)),
        'functions',
        call,
      ),
    ),
    route('GET', '/v2/projects/{project}/locations/{location}/functions/{function}', (call) => functions.get(nameOf(call))),
    route('POST', '/v2/projects/{project}/locations/{location}/functions', (call) => {
      const id = call.query['functionId'] ?? '';
      checkFunctionName(id);
      const name = `${parentOf(call)}/functions/${id}`;
      if (functions.find(name))
        throw new ApiError(409, `Could not create Cloud Run service ${id}. A function with this name already exists.`);
      const wanted = completed({ ...call.body, name, createTime: world.timestamp() });
      check(wanted);
      return deploy(wanted, 'create');
    }),
    route('PATCH', '/v2/projects/{project}/locations/{location}/functions/{function}', (call) => {
      const present = functions.get(nameOf(call));
      if (present.state === 'DEPLOYING') throw busy(present.name);
      const wanted = completed({ ...masked(present, call.body, call.query['updateMask'] ?? ''), name: present.name });
      check(wanted);
      return deploy(wanted, 'update');
    }),
    route('DELETE', '/v2/projects/{project}/locations/{location}/functions/{function}', (call) => {
      const present = functions.get(nameOf(call));
      if (present.state === 'DEPLOYING') throw busy(present.name);
      return operations.start(parentOf(call), { target: present.name, verb: 'delete', apiVersion: 'v2' }, () => {
        functions.remove(present.name);
        services.remove(present.name);
        return { response: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };
      });
    }),
    route('GET', '/v2/projects/{project}/locations/{location}/operations/{operation}', (call) =>
      operations.poll(`${parentOf(call)}/operations/${part(call, 'operation')}`),
    ),
    ...['v1', 'v2'].map((version) =>
      route('GET', `/${version}/projects/{project}/locations`, () => ({
        locations: [{ name: `projects/${project}/locations/us-central1`, locationId: 'us-central1' }],
      })),
    ),
    // gcloud asks whether there is a function of the first generation.
    route('GET', '/v1/projects/{project}/locations/{location}/functions/{function}', (call) => {
      throw new ApiError(404, `Function ${nameOf(call)} does not exist`);
    }),
    route('GET', '/v1/projects/{project}/locations/{location}/functions', () => ({})),
  ];
  return { api: { name: 'cloudfunctions', routes }, functions, failNext: (id, message) => void failing.set(id, message) };
}

/** @returns the function with what the platform adds where nothing was said. */
function completed(sent: Document): CloudFunction {
  const service = objectOf(sent['serviceConfig']);
  const memory = textOf(service['availableMemory']) || '256M';
  return {
    ...sent,
    environment: 'GEN_2',
    serviceConfig: {
      maxInstanceCount: 100,
      maxInstanceRequestConcurrency: 1,
      timeoutSeconds: 60,
      ingressSettings: 'ALLOW_ALL',
      allTrafficOnLatestRevision: true,
      ...service,
      availableMemory: memory,
      availableCpu: textOf(service['availableCpu']) || String(defaultCpu(mebibytes(memory))),
      environmentVariables: { LOG_EXECUTION_ID: 'true', ...objectOf(service['environmentVariables']) },
    },
  } as unknown as CloudFunction;
}
